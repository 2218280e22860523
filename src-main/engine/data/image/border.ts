/**
 * How a filter goes on beyond the edge of `abcd`:
 * nearest `aa|abcd|dd`, reflect `ba|abcd|dc` (edge repeated), mirror `cb|abcd|cb` (edge not repeated).
 */
export type Border = 'nearest' | 'reflect' | 'mirror'

/** Index inside 0..n-1 that stands for index i of the infinite continuation. */
export function borderIndex(i: number, n: number, border: Border): number {
  if (i >= 0 && i < n) return i
  if (border === 'nearest' || n === 1) return i < 0 ? 0 : n - 1
  const period = border === 'reflect' ? 2 * n : 2 * n - 2
  const j = ((i % period) + period) % period
  if (j < n) return j
  return border === 'reflect' ? period - 1 - j : period - j
}

/** Indices for -before .. n-1+after. */
export function borderIndices(n: number, before: number, after: number, border: Border): Int32Array {
  return Int32Array.from({ length: before + n + after }, (_, i) => borderIndex(i - before, n, border))
}
