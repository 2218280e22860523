import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCanonical } from '../../../../src-main/io/canonical/write.ts'
import { detectData } from '../../../../src-main/io/detect-data.ts'
import { sampleSet } from '../../../support/sample-set.ts'
import { sharedPath } from '../../../support/shared-data.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()

test('knows its own file', async () => {
  await writeCanonical(join(folder, 'a.h5'), sampleSet(), '')
  expect(await detectData(join(folder, 'a.h5'))).toEqual({ kind: 'canonical' })
  expect(await detectData(folder)).toBeNull()
})

test.each([
  ['tiny-imagenet-200', { kind: 'images', set: 'tiny-imagenet' }],
  ['cifar-10/cifar-10-batches-bin', { kind: 'images', set: 'cifar-10' }],
  ['cifar-10/cifar-10-images', { kind: 'images', set: 'image-folder' }],
  ['mnist', { kind: 'images', set: 'mnist' }],
  ['tiny-imagenet-c_sample', { kind: 'corrupted-images' }],
  ['v4_cowley2023', { kind: 'neural', importer: 'images-and-responses' }],
  ['v4_derived_monkey_session', { kind: 'neural', importer: 'session-pickle' }],
  ['v4_derived_filetree', { kind: 'neural', importer: 'filetree' }],
  ['macaque_v1_tang', { kind: 'neural', importer: 'images-and-responses' }],
  ['hdf5-samples/nwb/1.0.3_nwbfile.nwb', { kind: 'neural', importer: 'nwb' }],
])('finds out what the folder %s holds', async (name, expected) => {
  const path = sharedPath('data', name)
  if (path) expect(await detectData(path)).toEqual(expected)
})
