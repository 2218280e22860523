import { nextSetting } from '../../src-main/runs/search/next-setting.ts'
import type { Patch } from '../../src-shared/schema/patch.ts'
import { searchSchema } from '../../src-shared/schema/search.ts'
import { trialsOf } from '../../src-shared/schema/search-trials.ts'

/** A function whose minimum is known, over ranges of numbers. */
export interface KnownFunction {
  readonly space: readonly object[]
  readonly least: number
  at(x: readonly number[]): number
}

const ranges = (bounds: readonly (readonly [number, number])[]): object[] =>
  bounds.map(([min, max], i) => ({ kind: 'float', path: `x${i}`, min, max }))

/** Branin (1972), three minima of 0.397887 (Surjanovic and Bingham, Virtual Library of Simulation Experiments). */
export const BRANIN: KnownFunction = {
  space: ranges([
    [-5, 10],
    [0, 15],
  ]),
  least: 0.397887,
  at: ([x = 0, y = 0]) =>
    (y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6) ** 2 +
    10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) +
    10,
}

const WEIGHTS = [1, 1.2, 3, 3.2]
const WIDTHS = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
]
const CENTRES = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]

/** Hartmann's function of six numbers (1973), minimum -3.32237 at (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573). */
export const HARTMANN_6: KnownFunction = {
  space: ranges(Array.from({ length: 6 }, () => [0, 1] as const)),
  least: -3.32237,
  at: (x) =>
    -WEIGHTS.reduce((sum, weight, i) => {
      const away = WIDTHS[i]!.reduce((total, width, j) => total + width * (x[j]! - CENTRES[i]![j]!) ** 2, 0)
      return sum + weight * Math.exp(-away)
    }, 0),
}

/** The least value so far after each trial of a search for the minimum. */
export function searched(
  { space, at }: KnownFunction,
  { method, trials, seed }: { method: 'bayesian' | 'random'; trials: number; seed: number },
): number[] {
  const search = searchSchema.parse({ method, trials, seed, space })
  const valueOf = (patch: Patch): number => at(space.map((_, i) => Number(patch[`x${i}`])))
  const seen = trialsOf(search).map((patch) => ({ patch, values: [valueOf(patch)] }))
  while (seen.length < trials) {
    const patch = nextSetting(search, [{ metric: 'value', direction: 'min' }], seen, [], seen.length)
    if (patch === null) break
    seen.push({ patch, values: [valueOf(patch)] })
  }
  let least = Number.POSITIVE_INFINITY
  return seen.map(({ values }) => (least = Math.min(least, values[0]!)))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}
