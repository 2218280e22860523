import { describe, expect, it } from 'vitest'
import {
  correlationForLoss,
  correlationPerUnit,
} from '../../../../../../src-main/engine/eval/measures/correlation.ts'
import {
  fev,
  feve,
  feveAbove,
  oracleCross,
} from '../../../../../../src-main/engine/eval/measures/reliability.ts'
import {
  groupByImage,
  limitRepeats,
  repeatsOfImages,
  repeatsOfUnit,
} from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { RESPONSE_LOSSES } from '../../../../../../src-main/engine/eval/measures/response-losses.ts'
import { matrixOfRows } from '../../../../../../src-main/engine/eval/measures/response-matrix.ts'
import {
  maskScores,
  poolScores,
  scoreUnits,
} from '../../../../../../src-main/engine/eval/measures/unit-scores.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'

describe('responses that are missing, silent or shown once', () => {
  it('are correlated over the rows that both series have', () => {
    const responses = matrixOfRows([[1], [2], [NaN], [4], [5]])
    const predictions = matrixOfRows([[2], [4], [9], [NaN], [10]])
    const { values, defined } = correlationPerUnit(responses, predictions)
    expect(values[0]).toBeCloseTo(1, 6)
    expect([...defined]).toEqual([1])
  })

  it('have no correlation with constant predictions, which is said', () => {
    const { values, defined } = correlationPerUnit(
      matrixOfRows([[1], [2], [3]]),
      matrixOfRows([[5], [5], [5]]),
    )
    expect([[...values], [...defined]]).toEqual([[0], [0]])
  })

  it('correlate with 0 in a loss where a series is constant', () => {
    expect(correlationForLoss([5, 5, 5], [2, 2, 2])).toBe(0)
    expect(correlationForLoss([5, 5, 5], [1, 2, 3])).toBe(0)
  })

  it('are refused beside predictions of another shape', () => {
    const [two, wide, long] = [
      [[1], [2]],
      [
        [1, 1],
        [2, 2],
      ],
      [[1], [2], [3]],
    ].map(matrixOfRows)
    expect(() => correlationPerUnit(two!, wide!)).toThrow('shapes differ: [2, 1] and [2, 2]')
    expect(() => correlationPerUnit(two!, long!)).toThrow('shapes differ: [2, 1] and [3, 1]')
  })

  it('have one list of repeats for each image and no unit where nothing was shown', () => {
    const ragged = repeatsOfImages([[[1], [NaN]], [], [[4], [5]]])
    expect(repeatsOfUnit(ragged, 0).map((trials) => [...trials])).toEqual([[1], [], [4, 5]])
    expect(repeatsOfImages([]).trials).toMatchObject({ rows: 0, units: 0 })
    expect(matrixOfRows([])).toMatchObject({ rows: 0, units: 0 })
  })

  it('leave images shown once out of the explained variance', () => {
    const shown = [
      [[1], [3]],
      [[5], [7]],
    ]
    const predictions = [[2], [6]]
    const without = feve(repeatsOfImages(shown), matrixOfRows(predictions)).values[0]!
    const withOne = feve(repeatsOfImages([...shown, [[100]]]), matrixOfRows([...predictions, [0]])).values[0]
    expect(Number.isFinite(without)).toBe(true)
    expect(withOne).toBe(without)
  })

  it('count as explainable above the threshold, not at it', () => {
    const responses = repeatsOfImages([
      [[1], [3]],
      [[5], [7]],
    ])
    const predictions = matrixOfRows([[2], [6]])
    const share = fev(responses).values[0]!
    expect([...feveAbove(responses, predictions, share).defined]).toEqual([0])
    expect([...feveAbove(responses, predictions, share - 1e-9).defined]).toEqual([1])
  })

  it('give the cross oracle from odd and even repeats, and 0 with a flag for a silent unit', () => {
    const loud = repeatsOfImages([
      [[1], [5], [3]],
      [[2], [1], [6]],
      [[6], [9], [6]],
    ])
    expect(oracleCross(loud).values[0]).toBeCloseTo(0.5, 6) // means 2, 4, 6 and 5, 1, 9
    const silent = oracleCross(
      repeatsOfImages([
        [[0], [0]],
        [[0], [0]],
      ]),
    )
    expect([[...silent.values], [...silent.defined]]).toEqual([[0], [0]])
  })

  it('have finite losses where nothing is predicted', () => {
    expect(RESPONSE_LOSSES['poisson']!(2, 0)).toBeCloseTo(-2 * Math.log(1e-12), 9)
    expect(RESPONSE_LOSSES['exponential']!(1, 0)).toBeGreaterThan(1e12)
  })
})

describe('several units', () => {
  it('keep their columns when trials are grouped by image', () => {
    const { responses, imageIds, order } = groupByImage(
      matrixOfRows([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
      [7, 3, 7],
    )
    expect([...responses.trials.values]).toEqual([3, 4, 1, 2, 5, 6])
    expect([[...imageIds], [...order], [...responses.offsets]]).toEqual([
      [3, 7],
      [1, 0, 2],
      [0, 1, 3],
    ])
  })

  it('are grouped with all their repeats, however many images there are', () => {
    const trials = matrixOfRows([9, 3, 3, 7, 9].map((id, i) => [id * 10 + i]))
    const { responses, imageIds } = groupByImage(trials, [9, 3, 3, 7, 9])
    expect([...responses.trials.values]).toEqual([31, 32, 73, 90, 94])
    expect([[...imageIds], [...responses.offsets]]).toEqual([
      [3, 7, 9],
      [0, 2, 3, 5],
    ])
  })

  it('keep their columns when repeats are limited', () => {
    const { trials, offsets } = limitRepeats(
      repeatsOfImages([
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        [[7, 8]],
      ]),
      2,
    )
    expect([...trials.values]).toEqual([1, 2, 3, 4, 7, 8])
    expect([...offsets]).toEqual([0, 2, 3])
  })

  it('lose repeats at random, in order and without replacement, where a generator is given', () => {
    const repeats = Array.from({ length: 20 }, (_, j) => [j])
    const { trials } = limitRepeats(repeatsOfImages([repeats, repeats]), 5, createRng(1))
    const chosen = [trials.values.slice(0, 5), trials.values.slice(5)].map((values) => [...values])
    for (const values of chosen) {
      expect(new Set(values).size).toBe(5)
      expect(values).toEqual(values.toSorted((a, b) => a - b))
      expect(values).not.toEqual([0, 1, 2, 3, 4])
    }
    expect(chosen[0]).not.toEqual(chosen[1])
  })

  it('are pooled over those that have a number, and a mask defines no other', () => {
    const scores = scoreUnits(3, (unit) => (unit === 0 ? NaN : unit))
    expect(poolScores([scores])).toMatchObject({ mean: 1.5, count: 2, undefinedUnits: 1 })
    expect([...maskScores(scores, (unit) => unit < 2).defined]).toEqual([0, 1, 0])
  })
})
