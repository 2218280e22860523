import { describe, expect, it } from 'vitest'
import {
  chooseTrials,
  shuffleWithinTiers,
  splitImages,
  splitNeuralImages,
} from '../../../../../src-main/engine/data/splits.ts'

describe('splitImages', () => {
  it('is the published split: NumPy shuffle with seed 1000, the first part validates', () => {
    const { train, validation } = splitImages(10, { validSize: 0.3, shuffle: true, seed: 1000 })
    expect(Array.from(validation)).toEqual([2, 6, 5])
    expect(Array.from(train)).toEqual([1, 4, 9, 0, 8, 7, 3])
    const large = splitImages(100_000, { validSize: 0.1, shuffle: true, seed: 1000 })
    expect(Array.from(large.validation.slice(0, 5))).toEqual([81768, 72785, 16208, 39960, 61947])
  })

  it('takes the first images where it does not shuffle', () => {
    expect(Array.from(splitImages(5, { validSize: 0.5, shuffle: false, seed: 0 }).validation)).toEqual([0, 1])
  })
})

describe('splitNeuralImages', () => {
  it('splits the published way over ids 1..n, leaving image 0 out', () => {
    // permutation of 1..10 with seed 1000 is 3 7 6 2 5 10 1 9 8 4
    const part = splitNeuralImages(10, { trainFrac: 0.8, seed: 1000, legacy: true })
    expect(Array.from(part)).toEqual([2, 1, 1, 1, 0, 1, 1, 1, 0, 1])
  })

  it('splits every image that exists otherwise', () => {
    const part = splitNeuralImages(50, { trainFrac: 0.8, seed: 1000, legacy: false })
    expect(part.filter((p) => p === 1)).toHaveLength(40)
    expect(part.filter((p) => p === 0)).toHaveLength(10)
  })
})

describe('chooseTrials', () => {
  it('draws another part for each session and the same part each time', () => {
    const choice = { fraction: 0.25, seed: 7, session: 'a', randomize: true }
    const first = chooseTrials(100, choice)
    expect(first).toHaveLength(25)
    expect(new Set(first).size).toBe(25)
    expect(chooseTrials(100, choice)).toEqual(first)
    expect(chooseTrials(100, { ...choice, session: 'b' })).not.toEqual(first)
  })

  it('keeps the trials of a smaller fraction within a larger one where it does not draw anew', () => {
    const choice = { seed: 7, session: 'a', randomize: false }
    const large = new Set(chooseTrials(100, { ...choice, fraction: 0.5 }))
    expect(Array.from(chooseTrials(100, { ...choice, fraction: 0.2 })).every((t) => large.has(t))).toBe(true)
  })
})

describe('shuffleWithinTiers', () => {
  it('exchanges trials within their tier only', () => {
    const tier = Uint8Array.from({ length: 300 }, (_, i) => (i % 3) + 1)
    const source = shuffleWithinTiers(tier, 1000, 'a')
    expect(new Set(source).size).toBe(300)
    source.forEach((from, to) => expect(tier[from]).toBe(tier[to]))
    expect(source.filter((from, to) => from === to).length).toBeLessThan(20)
  })
})
