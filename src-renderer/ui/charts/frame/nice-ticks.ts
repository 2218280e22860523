/** The least of 1, 2 and 5 times a power of ten that is not below `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  return ([1, 2, 5, 10].find((m) => m * power >= rough * (1 - ROUNDING)) ?? 10) * power
}

/** Room for the rounding of a division: 0.3 / 3 is a step of 0.1. */
const ROUNDING = 1e-9

/** A multiple of a step, rounded to its decimals: 0.3, not 0.30000000000000004. */
export const multiple = (count: number, step: number): number => Number((count * step).toPrecision(12))

/** Round numbers (1, 2, 5 times a power of ten) within a range, about `count` of them; powers of ten on a log axis. */
export function niceTicks([low, high]: readonly [number, number], count: number, isLog: boolean): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : []
  if (isLog && low > 0) {
    const from = Math.ceil(Math.log10(low))
    const to = Math.floor(Math.log10(high))
    if (to > from) return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
  }
  const step = niceStep((high - low) / count)
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => multiple(first + i, step))
}
