import type { Series } from '../frame/series.ts'

/** Share of the values left out at either end. */
const TAIL = 0.01
/** Room above and below, as a share of the range. */
const MARGIN = 0.05

export interface Clip {
  readonly low: number
  readonly high: number
  /** Points beyond. */
  readonly outside: number
}

/** The range of the middle 98 % of the drawn values, with a little room; null where that leaves nothing out. */
export function clipRange(series: readonly Series[]): Clip | null {
  const values = series
    .flatMap((s) => [s.points, s.raw ?? []].flatMap((points) => points.map((p) => p.y)))
    .filter((y): y is number => y !== null && Number.isFinite(y))
    .sort((a, b) => a - b)
  const at = (share: number): number => values[Math.round(share * (values.length - 1))] ?? 0
  const margin = MARGIN * (at(1 - TAIL) - at(TAIL))
  const low = at(TAIL) - margin
  const high = at(1 - TAIL) + margin
  const outside = values.filter((y) => y < low || y > high).length
  return outside === 0 || !(high > low) ? null : { low, high, outside }
}

export const clipNote = (clip: Clip | null): string =>
  clip === null ? '' : `clipped to 1–99 %: ${clip.outside} points lie outside`
