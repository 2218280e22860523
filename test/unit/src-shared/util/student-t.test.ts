import { describe, expect, it } from 'vitest'
import { logGamma } from '../../../../src-shared/util/log-gamma.ts'
import { studentCdf, studentQuantile } from '../../../../src-shared/util/student-t.ts'

/** Density of Student's t integrated by Simpson's rule: slow, and made differently from the code under test. */
function integratedCdf(t: number, df: number): number {
  const steps = 20_000
  const density = (x: number): number => (1 + (x * x) / df) ** (-(df + 1) / 2)
  const simpson = (from: number, to: number, f: (x: number) => number): number => {
    const h = (to - from) / steps
    let sum = f(from) + f(to)
    for (let i = 1; i < steps; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2)
    return (sum * h) / 3
  }
  // x = tan(u) makes the whole line a finite range.
  const inU = (u: number): number => density(Math.tan(u)) / Math.cos(u) ** 2
  const edge = Math.PI / 2 - 1e-9
  return simpson(-edge, Math.atan(t), inU) / simpson(-edge, edge, inU)
}

describe("Student's t", () => {
  it('has the quantiles of the printed tables', () => {
    for (const [df, t] of [
      [1, 12.7062],
      [2, 4.30265],
      [3, 3.18245],
      [4, 2.77645],
      [9, 2.26216],
      [30, 2.04227],
    ] as const)
      expect(studentQuantile(0.975, df)).toBeCloseTo(t, 4)
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.96, 3)
  })

  it('agrees with the integral of its density, for whole and broken degrees of freedom', () => {
    for (const df of [1.3, 2, 4.7, 12])
      for (const t of [-3, -0.4, 0, 1, 5]) expect(studentCdf(t, df)).toBeCloseTo(integratedCdf(t, df), 5)
  })

  it('is exact where there is a closed form', () => {
    for (const t of [-1e6, -20, -1, -1e-3, 0, 0.3, 2, 1e3]) {
      expect(studentCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 12)
      expect(studentCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 12)
    }
    expect(studentQuantile(0.75, 1)).toBeCloseTo(1, 9)
    expect(studentQuantile(0.75, 1)).toBe(studentQuantile(0.75, 1))
  })
})

describe('the logarithm of the gamma function', () => {
  it('is that of factorials, and of the root of pi', () => {
    let factorial = 0
    for (let n = 1; n <= 20; factorial += Math.log(n++))
      expect(Math.abs(logGamma(n) - factorial)).toBeLessThan(1e-13)
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12)
  })
})
