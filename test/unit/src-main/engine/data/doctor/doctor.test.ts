import { expect, test } from 'vitest'
import type { LabelledImages, NeuralSession } from '../../../../../../src-main/engine/types.ts'
import {
  alignmentFindings,
  alignmentScores,
} from '../../../../../../src-main/engine/data/doctor/alignment.ts'
import { histogramOf } from '../../../../../../src-main/engine/data/doctor/histogram.ts'
import { classCounts, imageFindings } from '../../../../../../src-main/engine/data/doctor/image-findings.ts'
import { pixelStatistics } from '../../../../../../src-main/engine/data/doctor/image-statistics.ts'
import { overlapFindings } from '../../../../../../src-main/engine/data/doctor/overlap.ts'
import { pixelHash } from '../../../../../../src-main/engine/data/doctor/pixel-hash.ts'
import { responseFindings } from '../../../../../../src-main/engine/data/doctor/response-findings.ts'
import { responseStatistics } from '../../../../../../src-main/engine/data/doctor/response-statistics.ts'
import { UNIT_FLOATS } from '../../../../../../src-main/engine/data/pixels.ts'
import { memoryImages } from '../../../../../../src-main/io/images/sources/memory-images.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'

const size = { height: 1, width: 2, channels: 3 }
const images = (rows: number[][]): LabelledImages['images'] =>
  memoryImages(Uint8Array.from(rows.flat()), size)

function labelled(rows: number[][], labels: number[], classNames = ['a', 'b']): LabelledImages {
  return { images: images(rows), labels: Int32Array.from(labels), classNames }
}

function session(change: Partial<NeuralSession>): NeuralSession {
  return {
    key: 's',
    area: 'v4',
    images: images([[0, 0, 0, 1, 1, 1]]),
    units: ['u', 'v'],
    responses: Float32Array.of(1, 2, 3, 5, 2, 2, 0, 4),
    imageIndex: Int32Array.of(0, 0, 1, 2),
    tier: Uint8Array.of(3, 3, 0, 0),
    ...change,
  }
}

const codes = (found: readonly { code: string }[]): string[] => found.map(({ code }) => code)

test('pixel statistics: means per channel, grey, blank and out-of-range images', async () => {
  const stats = await pixelStatistics(
    images([
      [10, 20, 30, 30, 20, 10],
      [7, 7, 7, 7, 7, 7],
      [1, 1, 1, 2, 2, 2],
    ]),
  )
  expect(stats).toMatchObject({
    count: 3,
    height: 1,
    width: 2,
    channels: 3,
    blank: [1],
    grey: 2,
    outOfRange: 0,
  })
  expect(stats.mean).toEqual([57 / 6, 57 / 6, 57 / 6])
  expect(stats.std[1]).toBeCloseTo(Math.sqrt((400 + 400 + 49 + 49 + 1 + 4) / 6 - (57 / 6) ** 2), 9)
  const floats = memoryImages(Float32Array.of(0.5, 1.5, NaN, 1, 0, 1), size, UNIT_FLOATS)
  expect((await pixelStatistics(floats)).outOfRange).toBe(2)
})

test('equal pixels have equal hashes and a changed bit another one', () => {
  const a = Uint8Array.from({ length: 300 }, (_, i) => i % 251)
  const b = a.slice()
  expect(pixelHash(a)).toBe(pixelHash(b))
  b[299] = 1
  expect(pixelHash(a)).not.toBe(pixelHash(b))
  const rng = createRng(1)
  const seen = new Set(
    Array.from({ length: 20_000 }, () =>
      pixelHash(Uint8Array.of(rng.int(256), rng.int(256), rng.int(256), rng.int(256), rng.int(256))),
    ),
  )
  expect(seen.size).toBeGreaterThan(19_990) // equal random images are expected to be fewer than one
})

test('a sound set of images has no findings', async () => {
  const set = labelled(
    [
      [1, 2, 3, 4, 5, 6],
      [6, 5, 4, 3, 2, 1],
    ],
    [0, 1],
  )
  expect(imageFindings(set, await pixelStatistics(set.images))).toEqual([])
  expect([...classCounts(set)]).toEqual([1, 1])
})

test('labels: out of range, empty classes, imbalance, wrong number', async () => {
  const rows = [1, 2, 3, 4, 5].map((n) => [n, 0, 0, 0, 0, n])
  const found = async (labels: number[], names?: string[]): Promise<string[]> => {
    const set = labelled(rows, labels, names)
    return codes(imageFindings(set, await pixelStatistics(set.images)))
  }
  expect(await found([0, 0, 1, 1, 9])).toEqual(['label-range'])
  expect(await found([0, 0, 1, 1, 1], ['a', 'b', 'c'])).toEqual(['empty-classes'])
  expect(await found([0, 1, 1, 1, 1])).toEqual(['class-imbalance'])
  expect(await found([0, 1])).toEqual(['label-count'])
})

test('copies are told from copies with another label', async () => {
  const rows = [
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 4, 5, 6],
    [9, 9, 9, 1, 1, 1],
    [9, 9, 9, 1, 1, 1],
  ]
  const set = labelled(rows, [0, 0, 0, 1])
  const found = imageFindings(set, await pixelStatistics(set.images))
  expect(codes(found)).toEqual(['duplicate-images', 'contradicting-labels'])
  expect(found[1]?.message).toBe('1 images are copies of one with another label (positions 3).')
})

test('images of the test part that are also in training are an error', () => {
  const [finding] = overlapFindings([
    { name: 'train', hashes: ['a', 'b'] },
    { name: 'test', hashes: ['c', 'b'] },
  ])
  expect(finding).toMatchObject({ code: 'train-test-overlap', severity: 'error' })
  expect(finding?.message).toBe('1 of 2 test images are also training images (positions 1).')
  expect(
    overlapFindings([
      { name: 'train', hashes: ['a'] },
      { name: 'test', hashes: ['c'] },
    ]),
  ).toEqual([])
})

test('response statistics: moments, Fano factor, repeats and missing values', () => {
  const stats = responseStatistics(session({ responses: Float32Array.of(1, 2, 3, 5, 2, NaN, 2, 4) }))
  expect(stats).toMatchObject({
    trials: 4,
    images: 3,
    tiers: [2, 0, 0, 2, 0],
    repeats: { min: 1, mean: 4 / 3, max: 2 },
    missing: 1,
  })
  expect(stats.units[0]).toMatchObject({ id: 'u', mean: 2, missing: 0, min: 1, max: 3 })
  expect(stats.units[0]?.fano).toBeCloseTo(2 / 3 / 2, 9)
  expect(stats.units[1]).toMatchObject({ mean: 11 / 3, missing: 1 })
  expect([...stats.histogram.counts]).toEqual([1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1])
})

test('histograms of equal and of missing values', () => {
  expect(histogramOf([2, 2, NaN], 4)).toEqual({
    low: 2,
    high: 2,
    counts: Int32Array.of(2, 0, 0, 0),
    missing: 1,
  })
  expect(histogramOf([], 2)).toEqual({ low: 0, high: 0, counts: new Int32Array(2), missing: 0 })
})

test('dead, doubled, wild and empty units are named', () => {
  const columns = [
    [4, 4, 4, 4],
    [1, 2, 3, 0],
    [1, 2, 3, 0],
    [0, 0, 0, 5000],
    [NaN, NaN, NaN, NaN],
  ]
  const responses = Float32Array.from(
    [0, 1, 2, 3].flatMap((trial) => columns.map((column) => column[trial] ?? NaN)),
  )
  const given = session({ units: ['dead', 'a', 'b', 'wild', 'none'], responses })
  const found = responseFindings(given, responseStatistics(given), null)
  const message = (code: string): string | undefined =>
    found.find((finding) => finding.code === code)?.message
  expect(message('dead-units')).toBe('1 unit never changes: dead.')
  expect(message('duplicate-units')).toBe('1 unit has the responses of another one: b of a.')
  expect(message('high-fano')).toContain('wild')
  expect(message('empty-units')).toBe('1 unit has no response at all: none.')
  expect(message('missing-responses')).toBe('4 of 20 responses are missing (NaN), in 1 of 5 units.')
})

test('tests without repeats, without trials, or with training images', () => {
  const found = (change: Partial<NeuralSession>): string[] => {
    const given = session(change)
    return codes(responseFindings(given, responseStatistics(given), null))
  }
  expect(found({})).toEqual([])
  expect(found({ tier: new Uint8Array(4) })).toEqual(['no-test-trials'])
  expect(found({ imageIndex: Int32Array.of(0, 1, 2, 3) })).toEqual(['no-repeats'])
  expect(found({ imageIndex: Int32Array.of(0, 0, 0, 3) })).toEqual(['test-images-in-training'])
})

test('repeats that agree no better than chance are an error', () => {
  const given = session({})
  const reliability = { meanOracle: 0.001, meanExplainableVariance: 0 }
  const found = responseFindings(given, responseStatistics(given), reliability)
  expect(found).toMatchObject([{ code: 'responses-unrelated-to-images', severity: 'error' }])
})

test.each([
  [0, null],
  [1, 'Responses fit the images 1 place later'],
  [-2, 'Responses fit the images 2 places earlier'],
])('responses displaced by %i places are noticed', async (shift, expected) => {
  const rng = createRng(5)
  const count = 300
  const level = Array.from({ length: count }, () => rng.int(256))
  const source = memoryImages(Uint8Array.from(level.flatMap((value) => new Array<number>(64).fill(value))), {
    height: 8,
    width: 8,
    channels: 1,
  })
  const responses = Float32Array.from(
    { length: count },
    (_, i) => (level[Math.min(count - 1, Math.max(0, i + shift))] ?? 0) + 40 * rng.normal(),
  )
  const given = session({
    images: source,
    units: ['u'],
    responses,
    imageIndex: Int32Array.from(level, (_, i) => i),
    tier: new Uint8Array(count),
  })
  const [finding] = alignmentFindings(await alignmentScores(given))
  if (expected === null) expect(finding).toBeUndefined()
  else expect(finding?.message).toContain(expected)
})
