import { expect, test } from 'vitest'
import type { CanonicalSession, CanonicalSet } from '../../../../../src-main/io/canonical/set.ts'
import { validateCanonical } from '../../../../../src-main/io/canonical/validate.ts'
import { findImporter, detectImporter } from '../../../../../src-main/io/importers/registry.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const workFolder = temporaryFolder()

async function read(name: string, options: object = {}): Promise<CanonicalSet | null> {
  const path = sharedPath('data', name)
  const kind = path && detectImporter(path)
  if (!kind) return null
  const set = await findImporter(kind).read(path, options, workFolder)
  expect(validateCanonical(set, name)).toEqual([])
  return set
}

const only = (set: CanonicalSet): CanonicalSession => set.sessions[0] as CanonicalSession

/** Response vectors of each image as sorted text, so that the order of repeats does not matter. */
function vectorsByImage({ trials, units, responses }: CanonicalSession): Map<number, string[]> {
  const out = new Map<number, string[]>()
  trials.imageId.forEach((id, trial) => {
    const vector = responses.subarray(trial * units.id.length, (trial + 1) * units.id.length).join()
    out.set(id, [...(out.get(id) ?? []), vector])
  })
  out.forEach((list) => list.sort())
  return out
}

async function pixelsById({ images }: CanonicalSet): Promise<Map<number, Uint8Array>> {
  const { source, id } = images
  const each = source.height * source.width * source.channels
  const all = new Uint8Array(source.length * each)
  await source.read(
    Array.from(id, (_, i) => i),
    all,
  )
  return new Map(Array.from(id, (value, i) => [value, all.subarray(i * each, (i + 1) * each)]))
}

/** 112 x 112 colour to 56 x 56 grey as the derived sets were made: mean of R, G, B, then of 2 x 2 pixels, rounded. */
function derivedGrey(rgb: Uint8Array): number[] {
  const grey: number[] = []
  for (let y = 0; y < 56; y++)
    for (let x = 0; x < 56; x++) {
      let sum = 0
      for (const dy of [0, 1])
        for (const dx of [0, 1])
          for (const c of [0, 1, 2]) sum += rgb[((2 * y + dy) * 112 + 2 * x + dx) * 3 + c] ?? 0
      grey.push(sum / 12)
    }
  return grey
}

test('session 210325 in its original form: 50 units, 640 images, 4,840 trials', async ({ skip }) => {
  const set = await read('v4_cowley2023', { session: '210325' })
  if (!set) return skip('the real data are not beside this checkout')
  const { trials, units, responseKind } = only(set)
  expect([units.id.length, set.images.source.length, trials.imageId.length, responseKind]).toEqual([
    50,
    640,
    4840,
    'counts',
  ])
  const repeats = [...vectorsByImage(only(set)).values()].map((list) => list.length)
  expect([Math.min(...repeats), Math.max(...repeats)]).toEqual([6, 10])
  expect(4840 / 640).toBeCloseTo(7.6, 1)
})

test('the derived monkey session has the tensors of the original', async ({ skip }) => {
  const [original, derived] = [
    await read('v4_cowley2023', { session: '210325' }),
    await read('v4_derived_monkey_session', { area: 'v4' }),
  ]
  if (!original || !derived) return skip('the real data are not beside this checkout')
  expect(derived.provenance['choices']).toContainEqual({ what: 'Ids count from', value: '1', by: 'fit' })
  expect(vectorsByImage(only(derived))).toEqual(vectorsByImage(only(original)))
  const [colour, grey] = [await pixelsById(original), await pixelsById(derived)]
  let largest = 0
  for (const [id, pixels] of grey)
    derivedGrey(colour.get(id) as Uint8Array).forEach(
      (value, i) => (largest = Math.max(largest, Math.abs(value - (pixels[i] ?? 0)))),
    )
  expect(largest).toBeLessThanOrEqual(0.5)
  const { tier, imageId } = only(derived).trials
  const testImages = new Set(imageId.filter((_, trial) => tier[trial] === 3))
  expect([
    tier.filter((value) => value === 0).length,
    tier.filter((value) => value === 3).length,
    testImages.size,
  ]).toEqual([3874, 966, 128])
})

test('the derived file tree has the tensors of the original', async ({ skip }) => {
  const [original, derived] = [
    await read('v4_cowley2023', { session: '210325' }),
    await read('v4_derived_filetree'),
  ]
  if (!original || !derived) return skip('the real data are not beside this checkout')
  const { key, area, trials } = only(derived)
  expect([key, area, trials.imageId.length]).toEqual(['210325-0-0-v4', 'V4', 464])
  expect([1, 2, 3].map((tier) => trials.tier.filter((value) => value === tier).length)).toEqual([
    200, 40, 224,
  ])
  const [known, grey, colour] = [
    vectorsByImage(only(original)),
    await pixelsById(derived),
    await pixelsById(original),
  ]
  for (const [id, vectors] of vectorsByImage(only(derived))) {
    const all = known.get(id - 1) ?? []
    for (const vector of vectors) expect(all).toContain(vector) // ids count from 1
    const expected = derivedGrey(colour.get(id - 1) as Uint8Array)
    expect(
      Math.max(...expected.map((value, i) => Math.abs(value - (grey.get(id)?.[i] ?? 0)))),
    ).toBeLessThanOrEqual(0.5)
  }
})

test('all five V4 sessions come as one set with their own images', async ({ skip }) => {
  const set = await read('v4_cowley2023')
  if (!set) return skip('the real data are not beside this checkout')
  const rows = set.sessions.map(({ key, units, trials }) => [
    key,
    units.id.length,
    new Set(trials.imageId).size,
  ])
  expect(rows).toEqual([
    ['190923', 33, 1200],
    ['190925', 36, 1200],
    ['201025', 89, 1200],
    ['210305', 70, 400],
    ['210325', 50, 640],
  ])
  expect(set.images.source.length).toBe(4640)
})

test('the V1 set joins one file a neuron with the numbered patterns', async ({ skip }) => {
  const set = await read('macaque_v1_tang', { area: 'v1', fit: { kind: 'exact', height: 40, width: 40 } })
  if (!set) return skip('the real data are not beside this checkout')
  expect(only(set).units.id).toEqual(['neu75', 'neu255', 'neu381'])
  expect(set.images.origin?.slice(0, 2)).toEqual(['pattern/1.png', 'pattern/2.png'])
  expect([set.images.source.length, only(set).responseKind]).toEqual([9500, 'dff'])
})

test('the mouse V1 repeats come through a mapping of axes', async ({ skip }) => {
  const path = sharedPath('data/mouse_v1_antolik2016/region1')
  if (!path) return skip('the real data are not beside this checkout')
  const mapping = {
    images: { array: 'validation_inputs', axes: 'ip', valueMax: 255e-6 },
    sessions: [{ key: 'region1', parts: [{ array: 'raw_validation_set', axes: 'riu', tier: 'test' }] }],
  }
  const set = await findImporter('arrays').read(path, { mapping } as object, workFolder)
  const { trials, units } = only(set)
  expect([
    set.images.source.height,
    set.images.source.length,
    units.id.length,
    trials.imageId.length,
  ]).toEqual([31, 50, 103, 500])
  expect(Math.max(...(trials.repeat ?? []))).toBe(9)
})
