import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openHdf5File } from '../../../../../../src-main/io/formats/hdf5/hdf5-library.ts'
import { findImporter } from '../../../../../../src-main/io/importers/registry.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const root = temporaryFolder()

/** One cell in two trials; attributes are single values, or lists of one as MatNWB writes them. */
async function writeTraces(name: string, isListed: boolean): Promise<string> {
  const path = join(root, name)
  const file = await openHdf5File(path, 'w')
  const shape = isListed ? [1] : []
  const put = (at: string, data: Float64Array | Int32Array | Uint8Array, axes = [data.length]) =>
    file.create_dataset({ name: at, data, shape: axes })
  for (const group of ['stimulus', 'stimulus/templates', 'stimulus/templates/s', 'stimulus/presentation'])
    file.create_group(group)
  put('stimulus/templates/s/data', Uint8Array.of(5, 6), [2, 1, 1])
  const shown = file.create_group('stimulus/presentation/i')
  put('stimulus/presentation/i/data', Int32Array.of(1, 0))
  const start = put('stimulus/presentation/i/starting_time', Float64Array.of(1))
  for (const group of ['processing', 'processing/ophys']) file.create_group(group)
  const series = file.create_group('processing/ophys/dff')
  const data = put('processing/ophys/dff/data', Float64Array.of(1, 2, 3, 4, 5, 6), [6, 1])
  const sampled = put('processing/ophys/dff/starting_time', Float64Array.of(0.6))
  file.create_attribute('nwb_version', isListed ? ['2.7.0'] : '2.7.0', shape, 'S5')
  shown.create_attribute('neurodata_type', isListed ? ['IndexSeries'] : 'IndexSeries', shape, 'S11')
  series.create_attribute(
    'neurodata_type',
    isListed ? ['RoiResponseSeries'] : 'RoiResponseSeries',
    shape,
    'S17',
  )
  const number = (of: typeof data, key: string, value: number): void =>
    of.create_attribute(key, isListed ? Float64Array.of(value) : value, shape, '<d')
  number(start, 'rate', 1)
  number(sampled, 'rate', 2)
  number(data, 'conversion', 10)
  number(data, 'offset', 0.5)
  file.close()
  return path
}

test.each([
  ['single values', 'single.nwb', false],
  ['lists of one', 'listed.nwb', true],
])('attributes that are %s: version, types, rates, conversion and offset', async (_, name, isListed) => {
  const set = await findImporter('nwb').read(await writeTraces(name, isListed), { area: 'v1' }, root)
  // Samples lie at 0.6, 1.1, 1.6, 2.1, 2.6 and 3.1 s, onsets at 1 and 2 s.
  expect(set.sessions.map(({ trials, responses }) => [[...trials.imageId], [...responses]])).toEqual([
    [
      [1, 0],
      [20.5, 40.5],
    ],
  ])
})
