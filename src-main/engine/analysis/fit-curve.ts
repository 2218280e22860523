/** A curve offset + amplitude * shape(x; parameters), amplitude at least 0. */
export interface CurveFit {
  readonly parameters: readonly number[]
  readonly amplitude: number
  readonly offset: number
  /** Part of the variance of y that it explains; null where y does not vary. */
  readonly explained: number | null
}

export interface CurveShape {
  /** Value at x, largest about 1. */
  at(x: number, parameters: readonly number[]): number
  /** First step of each parameter; the search ends at a thousandth of it. */
  readonly steps: readonly number[]
  /** Lowest and highest value of each. */
  readonly bounds: readonly (readonly [number, number])[]
}

const FINEST = 1e-3
const MOST_ROUNDS = 400

/**
 * Least squares by variable projection: amplitude and offset are solved for exactly, the other parameters are searched from each
 * start by steps along the axes that halve where none helps (Hooke & Jeeves 1961). Deterministic.
 */
export function fitCurve(
  x: readonly number[],
  y: readonly number[],
  shape: CurveShape,
  starts: readonly (readonly number[])[],
): CurveFit {
  const found = starts.map((start) => search(x, y, shape, start)).sort((a, b) => a.error - b.error)
  const best = found[0]! // there is a start
  const mean = y.reduce((a, b) => a + b, 0) / y.length
  const total = y.reduce((sum, v) => sum + (v - mean) ** 2, 0)
  const { parameters, amplitude, offset, error } = best
  return { parameters, amplitude, offset, explained: total > 0 ? 1 - error / total : null }
}

interface Tried {
  readonly parameters: readonly number[]
  readonly amplitude: number
  readonly offset: number
  readonly error: number
}

function search(
  x: readonly number[],
  y: readonly number[],
  shape: CurveShape,
  start: readonly number[],
): Tried {
  let best = solved(x, y, shape, start)
  let scale = 1
  for (let round = 0; round < MOST_ROUNDS && scale > FINEST; round++) {
    const before = best.error
    shape.steps.forEach((step, k) => {
      for (const sign of [-1, 1]) {
        const [low, high] = shape.bounds[k]! // one for each parameter
        const parameters = best.parameters.map((v, i) =>
          i === k ? Math.min(high, Math.max(low, v + sign * scale * step)) : v,
        )
        const tried = solved(x, y, shape, parameters)
        if (tried.error < best.error) best = tried
      }
    })
    if (!(best.error < before)) scale /= 2
  }
  return best
}

function solved(
  x: readonly number[],
  y: readonly number[],
  shape: CurveShape,
  parameters: readonly number[],
): Tried {
  const n = x.length
  const s = x.map((value) => shape.at(value, parameters))
  const [meanS, meanY] = [s, y].map((list) => list.reduce((a, b) => a + b, 0) / n) as [number, number]
  let [sy, ss] = [0, 0]
  s.forEach((value, i) => {
    sy += (value - meanS) * (y[i]! - meanY)
    ss += (value - meanS) ** 2
  })
  const amplitude = ss > 0 ? Math.max(0, sy / ss) : 0
  const offset = meanY - amplitude * meanS
  const error = s.reduce((sum, value, i) => sum + (y[i]! - offset - amplitude * value) ** 2, 0)
  return { parameters, amplitude, offset, error }
}

/** Circular Gaussian over orientation (period pi): centre, concentration. Its half width at half height is {@link vonMisesWidth}. */
export const VON_MISES: CurveShape = {
  at: (x, [centre = 0, k = 1]) => Math.exp(k * (Math.cos(2 * (x - centre)) - 1)),
  steps: [0.2, 1],
  bounds: [
    [-10, 10],
    [0.05, 200],
  ],
}

/** Half width at half height of its peak above the offset, radians; null where it nowhere falls to half. */
export function vonMisesWidth(concentration: number): number | null {
  const cosine = 1 - Math.LN2 / concentration
  return cosine < -1 ? null : Math.acos(cosine) / 2
}

/** Gaussian over octaves of x: log2 of the centre, sd in octaves. */
export const LOG_GAUSSIAN: CurveShape = {
  at: (x, [centre = 0, sd = 1]) => Math.exp(-((Math.log2(x) - centre) ** 2) / (2 * sd * sd)),
  steps: [0.5, 0.3],
  bounds: [
    [-20, 20],
    [0.1, 6],
  ],
}

/** c^n / (c^n + c50^n) of Naka and Rushton: c50, n. */
export const NAKA_RUSHTON: CurveShape = {
  at: (x, [half = 0.3, n = 2]) => (x <= 0 ? 0 : x ** n / (x ** n + half ** n)),
  steps: [0.1, 0.5],
  bounds: [
    [1e-3, 100],
    [0.2, 10],
  ],
}
