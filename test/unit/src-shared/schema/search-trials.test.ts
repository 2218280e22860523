import { describe, expect, it } from 'vitest'
import type { Search } from '../../../../src-shared/schema/search.ts'
import { searchSchema } from '../../../../src-shared/schema/search.ts'
import { trialsOf } from '../../../../src-shared/schema/search-trials.ts'
import { fc } from '../../../support/property.ts'

const search = (given: object): Search => searchSchema.parse({ method: 'random', trials: 400, ...given })
const values = (given: object, path = 'lr'): unknown[] => trialsOf(search(given)).map((patch) => patch[path])
const LR = { kind: 'float', path: 'lr', min: 1e-5, max: 1e-1, log: true } as const
const DEPTH = { kind: 'int', path: 'depth', min: 1, max: 4 } as const

const numbersIn = (drawn: readonly unknown[]): number[] => drawn.map((value) => Number(value))
const shareBelow = (drawn: readonly unknown[], bound: number): number =>
  numbersIn(drawn).filter((value) => value < bound).length / drawn.length

describe('a random search', () => {
  it('draws within its bounds, whatever they are', () => {
    const bounds = fc.tuple(
      fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
      fc.double({ min: 1, max: 1e3, noNaN: true }),
    )
    fc.assert(
      fc.property(bounds, fc.boolean(), fc.nat(), ([min, factor], log, seed) => {
        const max = min * factor
        const drawn = numbersIn(
          values({ trials: 20, seed, space: [{ kind: 'float', path: 'lr', min, max, log }] }),
        )
        // Four digits are kept, so that the last one may round beyond a bound.
        for (const value of drawn) {
          expect(value).toBeGreaterThanOrEqual(min * (1 - 1e-3))
          expect(value).toBeLessThanOrEqual(max * (1 + 1e-3))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('draws on a log scale as many numbers in each decade', () => {
    const drawn = values({ space: [LR] })
    for (const [bound, share] of [
      [1e-4, 0.25],
      [1e-3, 0.5],
      [1e-2, 0.75],
    ] as const)
      // prettier-ignore
      expect(Math.abs(shareBelow(drawn, bound) - share)).toBeLessThan(0.07)
    const linear = values({ space: [{ ...LR, log: false }] })
    expect(shareBelow(linear, 1e-2)).toBeLessThan(0.2)
  })

  it('draws whole numbers, both bounds among them and each as often', () => {
    const drawn = numbersIn(values({ space: [DEPTH] }, 'depth'))
    for (const depth of [1, 2, 3, 4])
      expect(Math.abs(drawn.filter((value) => value === depth).length / drawn.length - 0.25)).toBeLessThan(
        0.07,
      )
    const log = numbersIn(values({ space: [{ ...DEPTH, max: 1000, log: true }] }, 'depth'))
    expect(log.every((value) => Number.isInteger(value) && value >= 1 && value <= 1000)).toBe(true)
    expect(shareBelow(log, 32)).toBeGreaterThan(0.4)
  })

  it('draws whole numbers on a log scale by the logarithm of the step to the next one', () => {
    const drawn = numbersIn(values({ space: [{ ...DEPTH, min: 4, max: 7, log: true }] }, 'depth'))
    for (const value of [4, 5, 6, 7]) {
      const share = drawn.filter((one) => one === value).length / drawn.length
      // Of 400 draws; three standard deviations are 0.07.
      expect(Math.abs(share - Math.log2((value + 1) / value)), String(value)).toBeLessThan(0.07)
    }
  })

  it('takes bounds that are equal, and refuses one wrong range among right ones', () => {
    const one = { ...DEPTH, min: 3, max: 3 }
    expect(new Set(values({ space: [one] }, 'depth'))).toEqual(new Set([3]))
    const wrong = { method: 'random', trials: 1, space: [one, { ...LR, min: 1, max: 0.1 }] }
    expect(searchSchema.safeParse(wrong).success).toBe(false)
  })

  it('draws each of the choices, whatever they are', () => {
    const choices = ['Adam', false, null, [1, 2]]
    const drawn = values({ space: [{ kind: 'choice', path: 'lr', values: choices }] })
    expect(new Set(drawn.map((value) => JSON.stringify(value)))).toEqual(
      new Set(choices.map((value) => JSON.stringify(value))),
    )
  })

  it('is the same for the same seed; more trials and more options leave the first ones as they were', () => {
    const few = trialsOf(search({ trials: 5, space: [LR] }))
    expect(trialsOf(search({ trials: 5, space: [LR] }))).toEqual(few)
    expect(trialsOf(search({ trials: 50, space: [LR] })).slice(0, 5)).toEqual(few)
    const both = trialsOf(search({ trials: 5, space: [DEPTH, LR] }))
    expect(both.map(({ lr }) => ({ lr }))).toEqual(few)
    expect(trialsOf(search({ trials: 5, seed: 7, space: [LR] }))).not.toEqual(few)
  })

  it.each([
    [{ space: [] }],
    [{ space: [{ ...LR, min: 1, max: 0.5 }] }],
    [{ space: [{ ...LR, min: 0 }] }],
    [{ space: [{ ...DEPTH, min: 1.5 }] }],
    [{ space: [LR], trials: 0 }],
    [{ space: [LR], method: 'grid' }],
    [{ space: [{ ...LR, step: 1 }] }],
  ])('is refused where it says nothing that can be drawn: %j', (given) => {
    expect(searchSchema.safeParse({ method: 'random', trials: 3, ...given }).success).toBe(false)
  })
})
