import { createRng } from '../../../src-shared/util/rng.ts'
import { quantileOf } from './histogram.ts'

/** How the spread of a few numbers is shown; always named beside the picture. */
export type IntervalKind = 'sd' | 'sem' | 'bootstrap' | 'range'

export const INTERVALS: readonly { readonly value: IntervalKind; readonly label: string }[] = [
  { value: 'sd', label: 'Standard deviation' },
  { value: 'sem', label: 'Standard error' },
  { value: 'bootstrap', label: '95 % bootstrap' },
  { value: 'range', label: 'Least to greatest' },
]

export interface MeanInterval {
  readonly n: number
  readonly mean: number
  /** Ends of the interval; null with fewer than two numbers, which allow none. */
  readonly low: number | null
  readonly high: number | null
}

const RESAMPLES = 2000
const TAIL = 0.025

/** Mean and interval of numbers, e.g. one score over seeds; null without numbers. The bootstrap draws the same resamples at every look. */
export function intervalOf(values: readonly number[], kind: IntervalKind): MeanInterval | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (n < 2) return { n, mean, low: null, high: null }
  const [low, high] = endsOf(values, mean, kind)
  return { n, mean, low, high }
}

function endsOf(values: readonly number[], mean: number, kind: IntervalKind): readonly [number, number] {
  if (kind === 'range') return [Math.min(...values), Math.max(...values)]
  if (kind === 'bootstrap') return bootstrapEnds(values)
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1))
  const half = kind === 'sd' ? sd : sd / Math.sqrt(values.length)
  return [mean - half, mean + half]
}

/** Percentile bootstrap of the mean (Efron & Tibshirani 1993, chapter 13). */
function bootstrapEnds(values: readonly number[]): readonly [number, number] {
  const rng = createRng(1)
  const means = Array.from({ length: RESAMPLES }, () => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[rng.int(values.length)] ?? 0
    return sum / values.length
  }).sort((a, b) => a - b)
  return [quantileOf(means, TAIL), quantileOf(means, 1 - TAIL)]
}

/** "standard error over seeds": what an error bar or a band shows. */
export const intervalText = (kind: IntervalKind): string =>
  ({
    sd: 'standard deviation over seeds',
    sem: 'standard error over seeds',
    bootstrap: '95 % bootstrap interval of the mean over seeds',
    range: 'least to greatest over seeds',
  })[kind]
