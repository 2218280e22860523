import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataLibrary } from '../../../../../src-main/data/library/library.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const place = { home: join(temporaryFolder(), 'home'), folder: '/' }

/** Facts that adding and checking print, both times the same. */
async function factsOf(name: string, mapping?: unknown): Promise<Record<string, string> | null> {
  const path = sharedPath('data', name)
  if (path === null) return null
  const added = await dataLibrary.add(place, { path, mapping })
  const checked = await dataLibrary.check(place, added.id)
  expect(checked.facts).toEqual(added.facts)
  expect(checked.findings.filter((f) => f.severity === 'error')).toEqual([])
  return { summary: checked.summary, ...Object.fromEntries(checked.facts.map((f) => [f.label, f.value])) }
}

const images = [
  [
    'tiny-imagenet-200',
    {
      Classes: '30',
      'Images, training': '9000',
      'Images, validation': '1500',
      'Images without label': '100',
      'Mean, training': '117.3, 111.5, 98.8',
      'Size, training': '64 x 64 x 3',
      'Grey images that are stored with one channel': 'training 132 of 140, validation 17 of 20',
      'Images per class, training': '300',
    },
  ],
  [
    'cifar-10',
    {
      Layout: 'CIFAR-10 (binary or Python batches)',
      'Images, training': '5000',
      'Images, test': '1000',
      'Mean, training': '125.2, 122.6, 113.3', // 0.491, 0.481, 0.444 of 255
      'Sd, training': '62.8, 62.3, 66.9',
    },
  ],
  [
    'cifar-10/cifar-10-images',
    { Layout: 'Folder of images by class', 'Images, training': '2000', 'Images, test': '1000' },
  ],
  [
    'mnist',
    { 'Images, test': '10000', 'Size, test': '28 x 28 x 1', 'Images per class, test': '892 to 1135' },
  ],
  [
    'tiny-imagenet-c_sample',
    {
      Layout: 'Corrupted images by kind and severity (-C set)',
      Classes: '10',
      Severities: '1, 2, 3, 4, 5',
      'Images per corruption and severity': '20',
      'Images, test': '1900',
    },
  ],
] as const

describe('published image sets', () => {
  it.for(images)('%s has the counts that are known of it', async ([name, known], { skip }) => {
    const facts = await factsOf(name)
    if (facts === null) return skip('the real data are not beside this checkout')
    expect(facts).toMatchObject(known)
  })

  it('names the nineteen corruptions of a corrupted set', async ({ skip }) => {
    const facts = await factsOf('tiny-imagenet-c_sample')
    if (facts === null) return skip('the real data are not beside this checkout')
    expect(facts['Corruptions']).toMatch(/^19: brightness, .*, zoom_blur$/)
  })
})

const recordings = [
  [
    'v4_cowley2023',
    {
      summary: 'V4: 5 sessions, 278 units, 8,840 trials, 4,640 images',
      Images: '4,640 of 112 x 112 x 3',
      'Units, 190923': '33',
      'Units, 190925': '36',
      'Units, 201025': '89',
      'Units, 210305': '70',
      'Units, 210325': '50',
      'Images shown, 190925': '1200',
      'Images shown, 210305': '400',
      'Trials per image, 210325': '6 to 10, mean 7.56',
      'Oracle correlation, 210325': '0.471',
      'Explainable variance, 210325': '0.314',
    },
  ],
  [
    'v4_derived_monkey_session',
    {
      Images: '640 of 56 x 56 x 1',
      'Trials, 210325': '4840 (3874 pool, 966 test)',
      'Oracle correlation, 210325': '0.471',
    },
  ],
  [
    'v4_derived_filetree',
    {
      Images: '270 of 56 x 56 x 1',
      'Trials, 210325-0-0-v4': '464 (200 training, 40 validation, 224 test)',
      'Units, 210325-0-0-v4': '50',
    },
  ],
  [
    'mouse_v1_antolik2016',
    {
      summary: 'V1: 2 sessions, 158 units, 900 trials, 50 images',
      Images: '50 of 31 x 31 x 1',
      'Trials per image, region1': '10',
      'Oracle correlation, region1': '0.388',
      'Explainable variance, region1': '0.241',
      'Trials per image, region2': '8',
      'Oracle correlation, region2': '0.296',
      'Explainable variance, region2': '0.182',
    },
  ],
] as const

describe('published recordings', () => {
  it.for(recordings)(
    '%s has the counts and reliability that are known of it',
    async ([name, known], { skip }) => {
      const facts = await factsOf(name)
      if (facts === null) return skip('the real data are not beside this checkout')
      expect(facts).toMatchObject(known)
    },
  )

  it('macaque_v1_tang is V1, also with the cut images of its array', async ({ skip }) => {
    const facts = await factsOf('macaque_v1_tang', { images: 'stimuli_center40_uint8.npy' })
    if (facts === null) return skip('the real data are not beside this checkout')
    expect(facts).toMatchObject({
      summary: 'V1: 1 session, 3 units, 9,500 trials, 9,500 images',
      Images: '9,500 of 40 x 40 x 1',
    })
  })

  it('a folder of unrelated files says which can be taken in one by one', async ({ skip }) => {
    const path = sharedPath('data', 'hdf5-samples')
    if (path === null) return skip('the real data are not beside this checkout')
    const problem = await problemOf(() => dataLibrary.add(place, { path }))
    expect(problem).toMatchObject({
      code: 'file-invalid',
      path,
      message: 'is a folder of 28 files that are no set together.',
    })
    expect(problem.hint).toContain('mat-v7.3/testfile1.mat')
  })

  it('an array file lists its arrays and asks for a mapping', async ({ skip }) => {
    const path = sharedPath('data', 'hdf5-samples', 'pyfive', 'dataset_multidim.hdf5')
    if (path === null) return skip('the real data are not beside this checkout')
    const found = await dataLibrary.inspect(place, path)
    expect(found).toMatchObject({ format: 'arrays', needsMapping: true, problems: [] })
    const problem = await problemOf(() => dataLibrary.add(place, { path }))
    expect(problem).toMatchObject({ code: 'config-invalid', path })
    expect(problem.hint).toContain('--mapping')
  })
})
