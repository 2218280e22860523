import { describe, expect, it } from 'vitest'
import { frontOf } from '../../../../../src-main/runs/search/front.ts'
import { nextSetting } from '../../../../../src-main/runs/search/next-setting.ts'
import { importanceOf, sliceOf, surrogateOf } from '../../../../../src-main/runs/search/surrogate.ts'
import type { Patch } from '../../../../../src-shared/schema/patch.ts'
import type { Search } from '../../../../../src-shared/schema/search.ts'
import { searchSchema } from '../../../../../src-shared/schema/search.ts'
import { trialsOf } from '../../../../../src-shared/schema/search-trials.ts'
import { BRANIN, HARTMANN_6, median, searched } from '../../../../support/known-functions.ts'

const search = (given: object): Search =>
  searchSchema.parse({ method: 'bayesian', trials: 30, seed: 5, ...given })
const UP = [{ metric: 'a', direction: 'max' }] as const
const unit = (path: string) => ({ kind: 'float', path, min: 0, max: 1 })
const seenBy = (s: Search, value: (patch: Patch) => number[] | null) =>
  trialsOf({ ...s, initial: 12 }).map((patch) => ({ patch, values: value(patch) }))

describe('a Bayesian search', () => {
  // 20 seeds take minutes: scripts/search-budgets.ts runs them; docs/decisions/0071 has the figures.
  it('finds the minimum of Branin in 30 trials, as random search does not', () => {
    const ends = [1000, 1001, 1002].map((seed) =>
      searched(BRANIN, { method: 'bayesian', trials: 30, seed }).at(-1)!,
    )
    expect(median(ends) - BRANIN.least).toBeLessThan(0.05)
    const drawn = [1000, 1001, 1002].map((seed) =>
      searched(BRANIN, { method: 'random', trials: 30, seed }).at(-1)!,
    )
    expect(median(drawn) - BRANIN.least).toBeGreaterThan(0.5)
  })

  it('comes close to the minimum of Hartmann-6 in 45 trials', () => {
    const found = searched(HARTMANN_6, { method: 'bayesian', trials: 45, seed: 1001 }).at(-1)!
    expect(found).toBeLessThan(-3)
  })

  it('asks for the same setting of the same past, and for another one while that is tried', () => {
    const s = search({ space: [unit('x'), { kind: 'choice', path: 'c', values: ['a', 'b'] }] })
    const seen = seenBy(s, ({ x, c }) => [Number(x) * (c === 'a' ? 1 : 0.2)])
    const first = nextSetting(s, UP, seen, [], 12)!
    expect(nextSetting(s, UP, seen, [], 12)).toEqual(first)
    expect(nextSetting(s, UP, seen, [first], 13)).not.toEqual(first)
    expect(first['c']).toBe('a')
    expect(Number(first['x'])).toBeGreaterThan(0.8)
  })

  it('keeps constraints and conditions, tries nothing twice, and ends when all is tried', () => {
    const s = search({
      space: [
        { kind: 'choice', path: 'o', values: ['sgd', 'adam'] },
        { kind: 'int', path: 'm', min: 1, max: 3, when: { o: 'sgd' } },
        { kind: 'int', path: 'n', min: 1, max: 3 },
      ],
      constraints: [{ sum: { m: 1, n: -1 }, most: 0 }],
      initial: 4,
    })
    const tried: { patch: Patch; values: number[] }[] = []
    for (;;) {
      const patch = nextSetting(s, UP, tried, [], tried.length)
      if (patch === null) break
      expect('m' in patch).toBe(patch['o'] === 'sgd')
      if ('m' in patch) expect(Number(patch['m'])).toBeLessThanOrEqual(Number(patch['n']))
      tried.push({ patch, values: [Number(patch['n'])] })
    }
    // 6 of sgd with m <= n, 3 of adam.
    expect(new Set(tried.map(({ patch }) => JSON.stringify(patch))).size).toBe(9)
    expect(tried).toHaveLength(9)
  })

  it('keeps away from where trials fail', () => {
    const s = search({ space: [unit('x')] })
    const seen = seenBy(s, ({ x }) => (Number(x) > 0.6 ? null : [Number(x)]))
    expect(Number(nextSetting(s, UP, seen, [], 12)?.['x'])).toBeLessThan(0.75)
  })

  it('spreads evenly while too few values are known', () => {
    const s = search({ space: [unit('x')] })
    const first = trialsOf(s)
    const failed = first.slice(0, 2).map((patch) => ({ patch, values: null }))
    expect(nextSetting(s, UP, failed, [], 2)).toEqual(first[2])
  })

  it('follows the front of two objectives', () => {
    const both = [
      { metric: 'a', direction: 'max' },
      { metric: 'b', direction: 'min' },
    ] as const
    // a = x, b = x² at y = 0.5: every x is on the front, every other y is not.
    const s = search({ space: [unit('x'), unit('y')], objectives: [...both] })
    const value = ({ x, y }: Patch): number[] => {
      const off = (Number(y) - 0.5) ** 2
      return [Number(x) - off, Number(x) ** 2 + off]
    }
    const seen: { patch: Patch; values: number[] }[] = trialsOf({ ...s, initial: 8 }).map((patch) => ({
      patch,
      values: value(patch),
    }))
    while (seen.length < 24) {
      const patch = nextSetting(s, both, seen, [], seen.length)!
      seen.push({ patch, values: value(patch) })
    }
    const chosen = seen.slice(12)
    const near = chosen.filter(({ patch }) => Math.abs(Number(patch['y']) - 0.5) < 0.1)
    expect(near.length).toBeGreaterThan(chosen.length / 2)
    const front = frontOf(
      seen.map(({ values }) => values),
      both,
    )
    expect(front.length).toBeGreaterThan(5)
  })
})

describe('the front', () => {
  it('is what nothing beats in every objective; of one objective the best', () => {
    const values = [
      [1, 1],
      [2, 2],
      [3, 1],
      [2, 3],
      [0, 9],
    ] as const
    const both = [
      { metric: 'a', direction: 'max' },
      { metric: 'b', direction: 'max' },
    ] as const
    expect(frontOf(values, both)).toEqual([2, 3, 4])
    expect(frontOf([[3], [1], [1]], [{ metric: 'a', direction: 'min' }])).toEqual([1, 2])
  })
})

describe('what a search says about its options', () => {
  const s = search({ space: [unit('x'), unit('y'), unit('z')], trials: 60 })
  // An additive function: 9 parts of the variance are of x, 1 of y, none of z.
  const seen = trialsOf({ ...s, initial: 60 }).map((patch) => ({
    patch,
    values: [50 + 3 * Number(patch['x']) + Number(patch['y'])],
  }))
  const surrogate = surrogateOf(s, UP[0], 0, seen)!

  it('gives each its share of the variance, with an interval around it', () => {
    const [x, y, z] = importanceOf(s, surrogate)
    expect(x!.share).toBeCloseTo(0.9, 1)
    expect(y!.share).toBeCloseTo(0.1, 1)
    expect(z!.share).toBeLessThan(0.01)
    for (const { share, low, high } of [x!, y!, z!]) {
      expect(low).toBeLessThanOrEqual(share)
      expect(high).toBeGreaterThanOrEqual(share)
    }
  })

  it('expects along an option what the function is there, in its units', () => {
    const slice = sliceOf(s, surrogate, 0, { x: 0.5, y: 0.5, z: 0.5 })!
    for (const [i, x] of slice.at.entries()) {
      expect(slice.mean[i]).toBeCloseTo(50.5 + 3 * Number(x), 1)
      expect(slice.low[i]).toBeLessThanOrEqual(slice.mean[i]!)
      expect(slice.high[i]).toBeGreaterThanOrEqual(slice.mean[i]!)
    }
  })
})
