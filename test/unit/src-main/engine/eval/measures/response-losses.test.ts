import { logGamma } from '../../../../../../src-shared/util/log-gamma.ts'
import { describe, expect, it } from 'vitest'
import {
  gammaLoss,
  gaussianLoss,
  zeroInflatedGammaLoss,
  zeroInflatedLogNormalLoss,
  zeroInflatedLogStudentLoss,
} from '../../../../../support/measures/log-likelihoods.ts'
import {
  lossPerUnit,
  poisson,
  RESPONSE_LOSSES,
} from '../../../../../../src-main/engine/eval/measures/response-losses.ts'
import { matrixOfRows } from '../../../../../../src-main/engine/eval/measures/response-matrix.ts'

describe('lossPerUnit', () => {
  const t = matrixOfRows([
    [0, 2],
    [1, NaN],
  ])
  const y = matrixOfRows([
    [1, 1],
    [Math.E, 5],
  ])

  it('sums or averages over the trials a unit has', () => {
    expect(lossPerUnit(t, y, poisson, 'sum').values[0]).toBeCloseTo(1 + Math.E - 1, 9)
    expect(lossPerUnit(t, y, poisson, 'mean').values[0]).toBeCloseTo(Math.E / 2, 9)
    expect(lossPerUnit(t, y, poisson, 'mean').values[1]).toBeCloseTo(1, 9)
  })

  it('marks units with negative predictions instead of passing NaN on unnoticed', () => {
    const scores = lossPerUnit(matrixOfRows([[1, 1]]), matrixOfRows([[-1, 1]]), poisson, 'sum')
    expect([...scores.defined]).toEqual([0, 1])
  })

  it('refuses matrices of different shape', () => {
    expect(() => lossPerUnit(t, matrixOfRows([[1, 1]]), poisson, 'sum')).toThrow(
      'shapes differ: [2, 2] and [1, 2]',
    )
  })
})

describe('further losses', () => {
  it('agree with their formulas at hand-computable points', () => {
    expect(RESPONSE_LOSSES['exponential']?.(2, 1)).toBeCloseTo(2, 5)
    expect(RESPONSE_LOSSES['mse']?.(5, 2)).toBe(9)
    // A(x) = 2 sqrt(x + 3/8): A(0.625) = 2, A(3.625) = 4, and 1 / (4 sqrt y) is 0.25 / sqrt(3.625).
    expect(RESPONSE_LOSSES['anscombe']?.(0.625, 3.625)).toBeCloseTo(
      (2 - 4 + 0.25 / Math.sqrt(3.625)) ** 2,
      12,
    )
  })

  it('are densities: the exponentials of minus the loss integrate to 1', () => {
    const spike = { q: 0.7, loc: 0.5 }
    const integral = (loss: (t: number) => number, from: number, to: number): number => {
      const n = 400_000
      const h = (to - from) / n
      let sum = 0
      for (let i = 0; i < n; i++) sum += Math.exp(-loss(from + (i + 0.5) * h)) * h
      return sum
    }
    expect(integral((t) => gaussianLoss(t, 1, 2), -20, 20)).toBeCloseTo(1, 4)
    expect(integral((t) => gammaLoss(t, 2.5, 1.5), 0, 40)).toBeCloseTo(1, 4)
    expect(integral((t) => zeroInflatedGammaLoss(t, spike, 2, 1), 0, 40)).toBeCloseTo(1, 4)
    expect(integral((t) => zeroInflatedLogNormalLoss(t, spike, 0, 0.25), 0, 60)).toBeCloseTo(1, 4)
    expect(
      integral((t) => zeroInflatedLogStudentLoss(t, spike, { degrees: 30, mean: 0, scale: 0.3 }), 0, 60),
    ).toBeCloseTo(1, 3)
  })

  it('has ln Gamma right', () => {
    expect(logGamma(1)).toBeCloseTo(0, 13)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13)
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12)
  })
})
