import { createRng } from '../../../../src-shared/util/rng.ts'
import { studentQuantile } from '../../../../src-shared/util/student-t.ts'
import { quantileOf } from './histogram.ts'

/** What is shown beside a mean over seeds; always named in words beside the table or picture. */
export type IntervalKind = 'sem' | 'sd' | 'interval' | 'bootstrap' | 'range'

export const INTERVALS: readonly {
  readonly value: IntervalKind
  readonly label: string
  readonly name: string
}[] = [
  { value: 'sem', label: 'Standard error', name: 'standard error' },
  { value: 'sd', label: 'Standard deviation', name: 'standard deviation' },
  { value: 'interval', label: '95 % interval (t)', name: '95 % interval of the mean (Student’s t)' },
  { value: 'bootstrap', label: '95 % bootstrap', name: '95 % bootstrap interval of the mean' },
  { value: 'range', label: 'Least to greatest', name: 'least to greatest' },
]

export const intervalName = (kind: IntervalKind): string =>
  INTERVALS.find((k) => k.value === kind)?.name ?? kind

/** A kind from an address or a saved view. */
export const readIntervalKind = (text: string): IntervalKind =>
  INTERVALS.find((k) => k.value === text)?.value ?? 'sem'

export interface MeanInterval {
  readonly n: number
  readonly mean: number
  /** Ends of the interval; null with fewer than two numbers, and by t where all are equal: the measure is coarse, not certain. */
  readonly low: number | null
  readonly high: number | null
}

const RESAMPLES = 2000
const TAIL = 0.025
const NONE = [null, null] as const

/** Mean and interval of numbers, e.g. one score over seeds; null without numbers. The bootstrap draws the same resamples at every look. */
export function intervalOf(values: readonly number[], kind: IntervalKind): MeanInterval | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((a, b) => a + b, 0) / n
  if (n < 2) return { n, mean, low: null, high: null }
  const [low, high] = endsOf(values, mean, kind)
  return { n, mean, low, high }
}

function endsOf(
  values: readonly number[],
  mean: number,
  kind: IntervalKind,
): readonly [number | null, number | null] {
  if (kind === 'range') return [Math.min(...values), Math.max(...values)]
  if (kind === 'bootstrap') return bootstrapEnds(values)
  const sd = Math.sqrt(values.reduce((a, v) => a + (v - mean) ** 2, 0) / (values.length - 1))
  if (kind === 'interval' && sd === 0) return NONE
  const errors = kind === 'interval' ? studentQuantile(1 - TAIL, values.length - 1) : 1
  const half = kind === 'sd' ? sd : (errors * sd) / Math.sqrt(values.length)
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
