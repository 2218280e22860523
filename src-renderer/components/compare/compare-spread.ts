import { formatMetric, formatSpread } from '../../format/number.ts'

/** What stands beside a mean over seeds. */
export type SpreadKind = 'sem' | 'sd' | 'interval' | 'bootstrap' | 'range'

export const SPREAD_KINDS: readonly {
  readonly value: SpreadKind
  readonly label: string
  readonly short: string
}[] = [
  { value: 'sem', label: 'Standard error', short: 'standard error' },
  { value: 'sd', label: 'Standard deviation', short: 'standard deviation' },
  { value: 'interval', label: '95 % interval (t)', short: '95 % interval of the mean (Student’s t)' },
  { value: 'bootstrap', label: '95 % bootstrap', short: '95 % bootstrap interval of the mean' },
  { value: 'range', label: 'Least to greatest', short: 'least to greatest' },
]

export const readSpreadKind = (text: string): SpreadKind =>
  SPREAD_KINDS.find((k) => k.value === text)?.value ?? 'sem'

export const spreadName = (kind: SpreadKind): string =>
  SPREAD_KINDS.find((k) => k.value === kind)?.short ?? kind

/** Half a width, or two ends. */
export type Spread = { readonly half: number } | { readonly low: number; readonly high: number }

/** " ± 0.3" or " [93.1, 95.0]"; an empty text without one. */
export function spreadText(spread: Spread | null, unit: string): string {
  // No spread at all is a definition (the baseline is 100 %), not a small error.
  if (spread === null || ('half' in spread && spread.half === 0)) return ''
  return 'half' in spread
    ? ` ± ${formatSpread(spread.half, unit)}`
    : ` [${formatMetric(spread.low, unit)}, ${formatMetric(spread.high, unit)}]`
}
