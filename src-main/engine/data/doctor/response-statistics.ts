import type { NeuralSession } from '../../types.ts'
import { type Histogram, histogramOf } from './histogram.ts'

export interface UnitStatistics {
  readonly id: string
  readonly mean: number
  /** Sample variance over mean; NaN for a silent unit. 1 for a Poisson process. */
  readonly fano: number
  /** Sample variance over all trials. */
  readonly variance: number
  /** Number of missing trials (NaN). */
  readonly missing: number
  /** Number of infinite responses: no number, and not missing either. They are left out of the moments. */
  readonly infinite: number
  readonly min: number
  readonly max: number
}

export interface ResponseStatistics {
  readonly trials: number
  readonly units: readonly UnitStatistics[]
  /** Distinct images shown. */
  readonly images: number
  /** Trials of each tier 0..4. */
  readonly tiers: readonly number[]
  /** Least, mean and greatest number of trials an image has. */
  readonly repeats: { readonly min: number; readonly mean: number; readonly max: number }
  readonly missing: number
  readonly infinite: number
  readonly histogram: Histogram
}

/** Counts and moments of one session. Missing is NaN and nothing else; missing and infinite responses are left out of the moments. */
export function responseStatistics(session: NeuralSession): ResponseStatistics {
  const { responses, units, tier, imageIndex } = session
  const perImage = new Map<number, number>()
  for (const image of imageIndex) perImage.set(image, (perImage.get(image) ?? 0) + 1)
  const repeats = [...perImage.values()]
  const tiers = [0, 0, 0, 0, 0]
  for (const value of tier) tiers[value] = (tiers[value] ?? 0) + 1
  const stats = units.map((id, unit) => unitStatistics(id, responses, unit, units.length))
  return {
    trials: imageIndex.length,
    units: stats,
    images: perImage.size,
    tiers,
    repeats: {
      min: repeats.reduce((a, b) => Math.min(a, b), Infinity),
      mean: imageIndex.length / Math.max(1, perImage.size),
      max: repeats.reduce((a, b) => Math.max(a, b), 0),
    },
    missing: stats.reduce((sum, { missing }) => sum + missing, 0),
    infinite: stats.reduce((sum, { infinite }) => sum + infinite, 0),
    histogram: histogramOf(responses),
  }
}

function unitStatistics(id: string, responses: Float32Array, unit: number, units: number): UnitStatistics {
  let [count, sum, missing, infinite, min, max] = [0, 0, 0, 0, Infinity, -Infinity]
  for (let i = unit; i < responses.length; i += units) {
    const value = responses[i]! // i < length
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) missing++
      else infinite++
      continue
    }
    count++
    sum += value
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  const mean = sum / count
  let squares = 0
  for (let i = unit; i < responses.length; i += units) {
    const value = responses[i]! // i < length
    if (Number.isFinite(value)) squares += (value - mean) ** 2
  }
  const variance = count === 0 ? NaN : squares / (count - 1)
  const fano = variance / mean
  return { id, mean, fano: Number.isFinite(fano) ? fano : NaN, variance, missing, infinite, min, max }
}
