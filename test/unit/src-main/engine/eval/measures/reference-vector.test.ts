import { describe, expect, it } from 'vitest'
import {
  correlationPerUnit,
  correlationToAverage,
} from '../../../../../../src-main/engine/eval/measures/correlation.ts'
import {
  explainableVariance,
  fev,
  feve,
  feveAbove,
  fractionOracle,
  gini,
  oracleConservative,
  oracleJackknife,
  signalToNoise,
} from '../../../../../../src-main/engine/eval/measures/reliability.ts'
import {
  groupByImage,
  limitRepeats,
  meanPerImage,
  repeatPerTrial,
  repeatsOfImages,
} from '../../../../../../src-main/engine/eval/measures/repeated-responses.ts'
import { matrixOfRows } from '../../../../../../src-main/engine/eval/measures/response-matrix.ts'
import { poolScores } from '../../../../../../src-main/engine/eval/measures/unit-scores.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'

/** [image][repeat][unit]; the numbers beside the measures are those of neuralpredictors and nnvision. */
const responses = repeatsOfImages([
  [
    [1, 2],
    [2, 1],
    [3, 0],
  ],
  [
    [4, 2],
    [5, 4],
    [6, 0],
  ],
  [
    [0, 1],
    [1, 1],
    [2, 1],
  ],
])
const predictions = matrixOfRows([
  [2, 1],
  [5, 3],
  [1, 0],
])

describe('measures of repeated responses', () => {
  it.each([
    [
      'single-trial correlation',
      () => correlationPerUnit(responses.trials, repeatPerTrial(predictions, responses)),
      0.901388,
      0.385758,
    ],
    ['correlation to average', () => correlationToAverage(responses, predictions), 1, 0.944911],
    ['conservative oracle', () => oracleConservative(responses), 0.901388, 0.408248],
    ['jackknife oracle', () => oracleJackknife(responses), 0.77533, -0.408248],
    ['explainable variance', () => explainableVariance(responses), 0.75, -0.111111],
    ['fraction of explainable variance', () => fev(responses), 0.75, -0.111111],
    ['FEVe', () => feve(responses, predictions), 1.111111, 1.666667],
    ['signal to noise', () => signalToNoise(responses), 1.987948, 0.06717],
  ])('gives the published %s', (_, measure, first, second) => {
    const { values, defined } = measure()
    expect(values[0]).toBeCloseTo(first, 6)
    expect(values[1]).toBeCloseTo(second, 6)
    expect([...defined]).toEqual([1, 1])
  })

  it('leaves units without explainable variance out of the masked FEVe', () => {
    const pooled = poolScores([feveAbove(responses, predictions)])
    expect(pooled.mean).toBeCloseTo(10 / 9, 12)
    expect([pooled.count, pooled.undefinedUnits]).toEqual([1, 1])
  })
})

describe('silent, missing and unequal repeats', () => {
  const silent = repeatsOfImages([
    [
      [0, 1],
      [0, 3],
    ],
    [
      [0, 5],
      [0, 7],
    ],
  ])

  it('marks silent units as undefined; correlations stay 0 as published', () => {
    expect(fev(silent).values[0]).toBeNaN()
    expect(oracleConservative(silent).values[0]).toBeNaN()
    expect(
      feve(
        silent,
        matrixOfRows([
          [1, 2],
          [1, 6],
        ]),
      ).values[0],
    ).toBeNaN()
    expect(oracleJackknife(silent).values[0]).toBe(0)
    expect(explainableVariance(silent).values[0]).toBe(0)
    for (const measure of [fev, oracleConservative, oracleJackknife, explainableVariance]) {
      expect([...measure(silent).defined]).toEqual([0, 1])
    }
  })

  it('counts undefined correlations as 0 in the mean and says how many there are', () => {
    const scores = correlationToAverage(
      silent,
      matrixOfRows([
        [1, 2],
        [2, 6],
      ]),
    )
    expect([...scores.values]).toEqual([0, expect.closeTo(1, 6)])
    expect(poolScores([scores, scores])).toMatchObject({
      count: 4,
      undefinedUnits: 2,
      mean: expect.closeTo(0.5, 6) as number,
    })
  })

  it('uses only the trials a unit has', () => {
    const ragged = repeatsOfImages([
      [
        [1, 1],
        [2, NaN],
        [3, 3],
      ],
      [
        [4, 7],
        [5, 9],
        [NaN, NaN],
      ],
      [[9, 1]],
    ])
    const dense = repeatsOfImages([
      [[1], [2], [3]],
      [[4], [5]],
    ])
    const other = repeatsOfImages([
      [[1], [3]],
      [[7], [9]],
    ])
    for (const measure of [fev, oracleConservative, oracleJackknife, explainableVariance, signalToNoise]) {
      expect([...measure(ragged).values]).toEqual([measure(dense).values[0], measure(other).values[0]])
    }
    expect([...meanPerImage(ragged).values]).toEqual([2, 2, 4.5, 8, 9, 1])
  })

  it('has no reliability without repeats', () => {
    const once = repeatsOfImages([[[1]], [[2]], [[4]]])
    expect(fev(once).values[0]).toBeNaN()
    expect([...oracleConservative(once).defined]).toEqual([0])
    expect([...oracleJackknife(once).defined]).toEqual([0])
  })
})

describe('fractionOracle and gini', () => {
  it('is the slope through the origin', () => {
    expect(fractionOracle([0.2, 0.4, NaN], [0.5, 0.5, 0.9])).toBeCloseTo(0.6, 12)
  })

  it('is 0 for equal numbers and (n - 1) / n when one holds all', () => {
    expect(gini([3, 3, 3])).toBeCloseTo(0, 12)
    expect(gini([0, 0, 0, 8])).toBeCloseTo(0.75, 12)
    expect(gini([-1, 2])).toBeNaN()
  })
})

describe('groupByImage', () => {
  it('brings the trials of an image together, images ascending, order kept', () => {
    const grouped = groupByImage(matrixOfRows([[1], [2], [3], [4]]), [7, 2, 7, 5])
    expect([...grouped.imageIds]).toEqual([2, 5, 7])
    expect([...grouped.responses.offsets]).toEqual([0, 1, 2, 4])
    expect([...grouped.responses.trials.values]).toEqual([2, 4, 1, 3])
    expect([...grouped.order]).toEqual([1, 3, 0, 2])
  })
})

describe('limitRepeats', () => {
  it('takes the first repeats, or a random choice without replacement', () => {
    const many = repeatsOfImages([[[1], [2], [3], [4]], [[5]]])
    expect([...limitRepeats(many, 2).trials.values]).toEqual([1, 2, 5])
    const chosen = [...limitRepeats(many, 3, createRng(1)).trials.values]
    expect(new Set(chosen).size).toBe(4)
    expect(chosen.at(-1)).toBe(5)
  })
})
