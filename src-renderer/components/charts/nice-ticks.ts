/** Round numbers (1, 2, 5 times a power of ten) within a range, about `count` of them; powers of ten on a log axis. */
export function niceTicks([low, high]: readonly [number, number], count: number, isLog: boolean): number[] {
  if (!(high > low)) return Number.isFinite(low) ? [low] : []
  if (isLog && low > 0) {
    const from = Math.ceil(Math.log10(low))
    const to = Math.floor(Math.log10(high))
    if (to > from) return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i))
  }
  const rough = (high - low) / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  // Multiples of the step, rounded to its decimals: 0.3, not 0.30000000000000004.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  )
}
