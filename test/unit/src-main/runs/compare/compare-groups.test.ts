import { fc } from '../../../../support/property.ts'
import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../../../../src-shared/contract/run.ts'
import { compareGroups } from '../../../../../src-main/runs/compare/compare-groups.ts'

const KEY = 'FinalTest/v1/eval'
const SCORE = 'Robustness/score'

interface Given {
  readonly group: string
  readonly seed: number
  readonly value: number | null
  readonly scores?: Record<string, number>
}

const runOf = ({ group, seed, scores = {} }: Given, i: number): RunSummary =>
  ({ id: `${group}${i}`, name: group, groupId: group, seed, scores }) as unknown as RunSummary

function compare(given: readonly Given[], base: string | null, bootstrap = false) {
  const runs = given.map(runOf)
  const scores = given.map(({ value }) => ({ [KEY]: value }))
  const pinned = runs.find((r) => r.groupId === base) ?? null
  const groups = compareGroups({ runs, scores, segments: [], keys: [KEY], base: pinned, bootstrap })
  return (group: string) => groups.find((g) => g.groupId === group)?.metrics[0]
}

/** t quantiles of printed tables at 97.5 %, by degrees of freedom. */
const T = [NaN, 12.706204736, 4.302652729, 3.182446305, 2.776445105, 2.570581835, 2.446911851]
const average = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length
const sdOf = (v: readonly number[]): number =>
  Math.sqrt(v.reduce((a, x) => a + (x - average(v)) ** 2, 0) / (v.length - 1))

describe('settings over seeds', () => {
  const value = fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100) },
    { weight: 1, arbitrary: fc.constantFrom(null, NaN) },
  )
  const samples = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), value), {
    selector: ([seed]) => seed,
    minLength: 1,
    maxLength: 6,
  })

  it('has the n, mean and errors of an independent computation, with missing values left out', () => {
    fc.assert(
      fc.property(samples, (given) => {
        const own = compare(
          given.map(([seed, v]) => ({ group: 'a', seed, value: v })),
          null,
        )('a')
        const known = given.flatMap(([, v]) => (v === null || Number.isNaN(v) ? [] : [v]))
        expect(own?.n).toBe(known.length)
        if (known.length === 0) return void expect(own?.mean).toBeNull()
        expect(own?.mean).toBeCloseTo(average(known), 9)
        expect(own?.range).toEqual([Math.min(...known), Math.max(...known)])
        if (known.length === 1)
          return void expect([own?.sd, own?.sem, own?.interval]).toEqual([null, null, null])
        expect(own?.sd).toBeCloseTo(sdOf(known), 9)
        expect(own?.sem).toBeCloseTo(sdOf(known) / Math.sqrt(known.length), 9)
        if (sdOf(known) > 1e-9) {
          const half = (T[known.length - 1] ?? NaN) * (sdOf(known) / Math.sqrt(known.length))
          expect(own?.interval?.[0]).toBeCloseTo(average(known) - half, 5)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('pairs seeds that both have, and takes the rest as independent samples where fewer than two match', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const given = [
          ...b.map(([seed, v]) => ({ group: 'b', seed, value: v })),
          ...a.map(([seed, v]) => ({ group: 'a', seed, value: v })),
        ]
        const delta = compare(given, 'b')('a')?.delta ?? null
        const good = (list: typeof a) =>
          new Map(list.flatMap(([seed, v]) => (v === null || Number.isNaN(v) ? [] : [[seed, v] as const])))
        const [own, base] = [good(a), good(b)]
        if (own.size === 0 || base.size === 0) return void expect(delta).toBeNull()
        const pairs = [...own].flatMap(([seed, v]) =>
          base.has(seed) ? [v - (base.get(seed) as number)] : [],
        )
        if (pairs.length >= 2) {
          expect(delta).toMatchObject({ paired: true, seeds: pairs.length })
          expect(delta?.mean).toBeCloseTo(average(pairs), 8)
          if (sdOf(pairs) < 1e-9) return
          const half = ((T[pairs.length - 1] ?? NaN) * sdOf(pairs)) / Math.sqrt(pairs.length)
          expect(delta?.low).toBeCloseTo(average(pairs) - half, 5)
          expect(delta?.high).toBeCloseTo(average(pairs) + half, 5)
        } else {
          if (own.size > 1 || base.size > 1) expect(delta?.paired).toBe(false)
          expect(delta?.mean).toBeCloseTo(average([...own.values()]) - average([...base.values()]), 8)
          if (own.size < 2 || base.size < 2) expect([delta?.low, delta?.high]).toEqual([null, null])
        }
      }),
      { numRuns: 300 },
    )
  })

  it('averages repeats of a seed instead of counting them as seeds', () => {
    const own = compare(
      [
        { group: 'a', seed: 1, value: 1 },
        { group: 'a', seed: 1, value: 3 },
        { group: 'a', seed: 2, value: 5 },
      ],
      null,
    )('a')
    expect(own).toMatchObject({ n: 2, mean: 3.5 })
  })

  it('makes bootstrap intervals only when asked, within the range of the values', () => {
    const given = [1, 2, 4].map((value, i) => ({ group: 'a', seed: i, value }))
    expect(compare(given, null)('a')?.bootstrap).toBeNull()
    const ends = compare(given, null, true)('a')?.bootstrap
    expect(ends?.[0]).toBeGreaterThanOrEqual(1)
    expect(ends?.[1]).toBeLessThanOrEqual(4)
  })

  it('scores robustness against the baseline of the same seed, or else against the average baseline', () => {
    const fog = (accuracy: number) => ({ 'fly_c_test fog 1/img_classification/eval': accuracy })
    const given = [
      { group: 'b', seed: 1, value: 0, scores: fog(40) },
      { group: 'b', seed: 2, value: 0, scores: fog(60) },
      { group: 'a', seed: 1, value: 0, scores: fog(50) },
      { group: 'a', seed: 2, value: 0, scores: fog(60) },
      { group: 'a', seed: 3, value: 0, scores: fog(75) },
    ]
    const runs = given.map(runOf)
    const groups = compareGroups({
      runs,
      scores: given.map(() => ({ [SCORE]: 0 })),
      segments: [],
      keys: [SCORE],
      base: runs[0] ?? null,
      bootstrap: false,
    })
    // 50 / 40, 60 / 60, and 75 over the mean of 40 and 60.
    expect(groups[1]?.metrics[0]?.mean).toBeCloseTo((125 + 100 + 150) / 3, 8)
    expect(groups[0]?.metrics[0]).toMatchObject({ mean: 100, sd: 0 })
    expect(groups[1]?.metrics[0]?.delta).toMatchObject({ paired: true, seeds: 2 })
    expect(groups[1]?.metrics[0]?.delta?.mean).toBeCloseTo(12.5, 8)
  })
})
