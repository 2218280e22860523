import { describe, expect, it } from 'vitest'
import { sessionTrials } from '../../../../../../src-main/data/assemble/neural/session-trials.ts'
import { chooseTestImages } from '../../../../../../src-main/engine/data/splits.ts'
import type { NeuralSession } from '../../../../../../src-main/engine/types.ts'

const REPEATS = 3

/** `count` images from `first` of a file of 40, each shown three times; `tier` of every trial. */
function sessionOf(key: string, first: number, count: number, tier = 0): NeuralSession {
  const imageIndex = Int32Array.from({ length: count * REPEATS }, (_, t) => first + Math.floor(t / REPEATS))
  return {
    key,
    imageIndex,
    tier: new Uint8Array(imageIndex.length).fill(tier),
    images: { length: 40 },
  } as unknown as NeuralSession // the split looks at nothing else
}

const options = {
  dataset: 'set',
  train_frac: 0.8,
  legacy_split: false,
  test_frac: 0.2,
  test_split: 'each_session' as 'each_session' | 'common',
  test_seed: 0,
  image_frac: 1,
  image_selection_seed: null,
  randomize_image_selection: true,
}
const imagesOf = (session: NeuralSession, trials: Int32Array): number[] =>
  [...new Set(trials.map((t) => session.imageIndex[t] as number))].sort((a, b) => a - b)

describe('sessions without test trials', () => {
  it('keep whole images for testing: all their repeats, none of them elsewhere', () => {
    const session = sessionOf('a', 0, 20)
    const { train, validation, test } = sessionTrials(session, options, 1000)
    expect(test.length).toBe(4 * REPEATS)
    const others = [...imagesOf(session, train), ...imagesOf(session, validation)]
    expect(imagesOf(session, test).filter((image) => others.includes(image))).toEqual([])
    expect(train.length + validation.length + test.length).toBe(20 * REPEATS)
  })

  it('keep every image with the same pixels on one side', () => {
    const session = sessionOf('a', 0, 40)
    const common = { ...options, test_split: 'common' as const }
    const alone = imagesOf(session, sessionTrials(session, common, 1000).test)
    // Images 20 to 39 are copies of 0 to 19.
    const twins = Int32Array.from({ length: 40 }, (_, i) => i % 20)
    const parts = sessionTrials(session, common, 1000, twins)
    const tested = imagesOf(session, parts.test)
    expect(tested).toEqual([...new Set(alone.flatMap((i) => [i % 20, (i % 20) + 20]))].sort((a, b) => a - b))
    const sides = [parts.train, parts.validation].map((trials) =>
      imagesOf(session, trials).map((i) => i % 20),
    )
    for (const side of sides) expect(side.filter((i) => tested.includes(i))).toEqual([])
  })

  it('test on the first part of the NumPy permutation of their own images', () => {
    const session = sessionOf('b', 15, 20)
    // sorted(np.random.RandomState(0).permutation(20)[:4]) is 1, 8, 18, 19
    const expected = [1, 8, 18, 19].map((i) => 15 + i)
    expect(imagesOf(session, sessionTrials(session, options, 1000).test)).toEqual(expected)
  })

  it('share their test images where the draw is common to the file', () => {
    const common = { ...options, test_split: 'common' as const }
    const [a, b] = [sessionOf('a', 0, 30), sessionOf('b', 10, 30)]
    const [ofA, ofB] = [sessionTrials(a, common, 1000), sessionTrials(b, common, 1000)]
    const trained = new Set([...imagesOf(a, ofA.train), ...imagesOf(b, ofB.train)])
    const tested = [...imagesOf(a, ofA.test), ...imagesOf(b, ofB.test)]
    expect(tested.length).toBeGreaterThan(0)
    expect(tested.filter((image) => trained.has(image))).toEqual([])
  })

  it('are not tested by default, and the test trials of a file are never replaced', () => {
    const pool = sessionOf('a', 0, 20)
    expect(sessionTrials(pool, { ...options, test_frac: 0 }, 1000).test.length).toBe(0)
    const mixed = sessionOf('c', 0, 20)
    mixed.tier.fill(3, 0, 2 * REPEATS)
    expect([...sessionTrials(mixed, options, 1000).test]).toEqual([0, 1, 2, 3, 4, 5])
  })
})

it('a fifth is a fifth where the product is not exact', () => {
  expect(chooseTestImages(1200, 0.2, 0)).toHaveLength(240)
  expect(chooseTestImages(10, 0.3, 0)).toHaveLength(3)
})
