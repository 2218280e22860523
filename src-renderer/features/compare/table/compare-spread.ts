import { formatMetric, formatSpread } from '../../../format/number.ts'

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
