import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  logExpectedImprovement,
  normalBelow,
} from '../../../../../src-main/runs/search/expected-improvement.ts'
import { fitProcess, logEvidence, processOf } from '../../../../../src-main/runs/search/gaussian-process.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

interface Reference {
  readonly gp: Readonly<Record<'x' | 'to', number[][]>> &
    Readonly<Record<'y' | 'lengths' | 'gradient' | 'mean' | 'sd', number[]>> &
    Readonly<Record<'signal' | 'noise' | 'evidence', number>>
  readonly below: { readonly z: number[]; readonly log: number[] }
  readonly rise: { readonly z: number[]; readonly value: number[] }
}
/** By scipy and scikit-learn, see reference.py beside it. */
const reference = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/search/reference.json'), 'utf8'),
) as Reference
const { gp, below, rise } = reference
const points = (rows: readonly number[][]): Float64Array[] => rows.map((row) => Float64Array.from(row))
const data = { x: points(gp.x), y: Float64Array.from(gp.y), owner: [0, 1, 2] }

describe('the Gaussian process', () => {
  it('has the evidence and its gradient of scikit-learn', () => {
    const theta = Float64Array.from([...gp.lengths, gp.signal, gp.noise], Math.log)
    const { value, gradient } = logEvidence(data, theta)
    expect(value).toBeCloseTo(gp.evidence, 9)
    const [signal, a, b, c, noise] = gp.gradient
    for (const [i, expected] of [a, b, c, signal, noise].entries())
      expect(gradient[i]).toBeCloseTo(expected!, 7)
  })

  it('predicts what scikit-learn predicts', () => {
    const { lengths, signal, noise } = gp
    const process = processOf(data, { lengths, signal, noise })
    for (const [i, x] of points(gp.to).entries()) {
      const { mean, sd } = process.predict(x)
      expect(mean).toBeCloseTo(gp.mean[i]!, 9)
      expect(sd).toBeCloseTo(gp.sd[i]!, 7)
      expect(process.expect(x)).toBe(mean)
    }
  })

  it('is fitted at least as well as by the kernel that the values were drawn for', () => {
    const rng = createRng(3)
    const x = Array.from({ length: 40 }, () => Float64Array.of(rng.uniform(), rng.uniform()))
    const y = Float64Array.from(x, ([a = 0]) => Math.sin(6 * a) + 0.1 * rng.normal())
    const { hyper } = fitProcess({ x, y, owner: [0, 1] })
    // The second option does nothing: its length is far beyond the range.
    expect(hyper.lengths[1]).toBeGreaterThan(5 * hyper.lengths[0]!)
    expect(Math.sqrt(hyper.noise)).toBeGreaterThan(0.05)
    expect(Math.sqrt(hyper.noise)).toBeLessThan(0.2)
  })

  it('believes at a point at work what it expects there, and is surer of it', () => {
    const { lengths, signal, noise } = gp
    const process = processOf(data, { lengths, signal, noise })
    const at = Float64Array.from(gp.to[0]!)
    const after = process.believing(at)
    expect(after.expect(at)).toBeCloseTo(process.expect(at), 6)
    expect(after.predict(at).sd).toBeLessThan(process.predict(at).sd)
  })

  it('takes points that are the same', () => {
    const x = Float64Array.of(0.5)
    const same = { x: [x, x, x, Float64Array.of(0.1)], y: Float64Array.of(1, 1.2, 0.8, -1), owner: [0] }
    expect(fitProcess(same).expect(x)).toBeGreaterThan(0.5)
  })
})

describe('expected improvement', () => {
  it('has the normal distribution of scipy, far out too', () => {
    for (const [i, z] of below.z.entries())
      expect(Math.abs(Math.log(normalBelow(z)) - below.log[i]!)).toBeLessThan(
        1e-11 * (1 + Math.abs(below.log[i]!)),
      )
  })

  it('is the direct formula, and goes on where that is 0', () => {
    for (const [i, z] of rise.z.entries())
      expect(Math.exp(logExpectedImprovement({ mean: 2 * z, sd: 2 }, 0)) / 2 / rise.value[i]!).toBeCloseTo(
        1,
        6,
      )
    const far = [-11.99, -12.01, -20, -40, -100].map((z) => logExpectedImprovement({ mean: z, sd: 1 }, 0))
    expect(far.every(Number.isFinite)).toBe(true)
    expect(far.toSorted((a, b) => b - a)).toEqual(far)
    // Both sides of the change of formula: the slope of a parabola in between.
    expect(far[0]! - far[1]!).toBeCloseTo(0.02 * 12.16, 2)
    expect(logExpectedImprovement({ mean: 1, sd: 0 }, 2)).toBe(Number.NEGATIVE_INFINITY)
    expect(logExpectedImprovement({ mean: 3, sd: 0 }, 2)).toBe(0)
  })
})
