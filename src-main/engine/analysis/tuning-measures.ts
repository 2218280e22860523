import type { Rng } from '../../../src-shared/util/rng.ts'
import type { CurveFit, CurveShape } from './fit-curve.ts'
import { LOG_GAUSSIAN, VON_MISES, fitCurve } from './fit-curve.ts'
import { meanOf } from './grating-show.ts'

/** Responses along one property of the gratings and the curve put through them. */
export interface TuningCurve {
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Values of the fitted curve at x; null where none is fitted. */
  readonly fit: readonly number[] | null
}

/** A fitted value with the ends of its interval. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Responses [x][phase]. */
type ByPhase = readonly (readonly number[])[]

const MEASURES = { orientation: VON_MISES, frequency: LOG_GAUSSIAN } as const

/** Peaks of frequency are looked for where gratings were shown: beyond, a curve says nothing. */
function shapeOf(kind: keyof typeof MEASURES, x: readonly number[]): CurveShape {
  const shape = MEASURES[kind]
  if (kind === 'orientation') return shape
  const [low, high] = [Math.log2(x[0]!), Math.log2(x.at(-1)!)]
  return { ...shape, bounds: [[low, high], ...shape.bounds.slice(1)] }
}

/** Share of the draws that an interval holds. */
const HELD = 0.95

/** The curve over `x` of mean responses, fitted, and where its peak is; the interval holds 95 % of the fits to redrawn phases. */
export function fittedPeak(
  kind: keyof typeof MEASURES,
  x: readonly number[],
  responses: ByPhase,
  draws: number,
  rng: Rng,
): { readonly curve: TuningCurve; readonly fit: CurveFit; readonly peak: Estimate } {
  const shape = shapeOf(kind, x)
  const y = responses.map(meanOf)
  const top = x[y.indexOf(Math.max(...y))]!
  const start = kind === 'orientation' ? top : Math.log2(top)
  const fit = fitCurve(x, y, shape, [
    [start, 1],
    [start, kind === 'orientation' ? 5 : 0.5],
  ])
  const centre = fit.parameters[0]!
  const phases = responses[0]!.length
  const centres = Array.from({ length: draws }, (_, draw) => {
    const own = rng.fork(draw)
    const chosen = Array.from({ length: phases }, () => Math.floor(own.uniform() * phases))
    const again = responses.map((row) => meanOf(chosen.map((p) => row[p]!)))
    return fitCurve(x, again, shape, [fit.parameters]).parameters[0]!
  })
  // Orientations go round: distances from the centre do not.
  const turned = (v: number): number =>
    kind === 'orientation' ? v - Math.PI * Math.round((v - centre) / Math.PI) : v
  const sorted = centres.map(turned).sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? centre
  const peak = { value: centre, low: at((1 - HELD) / 2), high: at((1 + HELD) / 2) }
  return { curve: { x, y, fit: valuesOf(x, fit, shape.at) }, fit, peak }
}

export const valuesOf = (
  x: readonly number[],
  { parameters, amplitude, offset }: CurveFit,
  at: (x: number, parameters: readonly number[]) => number,
): number[] => x.map((value) => offset + amplitude * at(value, parameters))

/** 1 - circular variance over orientation of responses above the blank (Ringach et al. 2002): 0 untuned, 1 one orientation alone. */
export function selectivity(thetas: readonly number[], responses: readonly number[], blank: number): number {
  let [re, im, total] = [0, 0, 0]
  thetas.forEach((theta, i) => {
    const r = Math.max(0, responses[i]! - blank)
    re += r * Math.cos(2 * theta)
    im += r * Math.sin(2 * theta)
    total += r
  })
  return total > 0 ? Math.hypot(re, im) / total : 0
}

/** First harmonic over evenly spaced phases by the mean above the blank; null where the mean is not above it. */
export function modulationRatio(responses: readonly number[], blank: number): number | null {
  const n = responses.length
  let [re, im] = [0, 0]
  responses.forEach((r, i) => {
    re += (2 / n) * r * Math.cos((2 * Math.PI * i) / n)
    im += (2 / n) * r * Math.sin((2 * Math.PI * i) / n)
  })
  const mean = meanOf(responses) - blank
  return mean > 0 ? Math.hypot(re, im) / mean : null
}
