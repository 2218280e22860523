/** Seeds that bring a setting to `count` of them: numbers after the largest one, as people count on. */
export function missingSeeds(present: readonly number[], count: number): number[] {
  const known = new Set(present)
  const first = present.reduce((a, b) => Math.max(a, b), 0) + 1
  return Array.from({ length: Math.max(0, count - known.size) }, (_, i) => first + i)
}
