/** The published runs use these steps between seeds. */
const STEP = 1000

/** Seeds typed as "1000, 2000" or "1000 2000"; null when something else than whole numbers stands there. */
export function parseSeeds(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((p) => p !== '')
  const seeds = parts.map(Number)
  if (parts.length === 0 || seeds.some((s) => !Number.isInteger(s) || s < 0)) return null
  return [...new Set(seeds)]
}

/** The seeds, filled up to a number of them with the next ones in steps of 1000. */
export function completeSeeds(seeds: readonly number[], count: number): number[] {
  const out = [...seeds]
  for (let next = STEP; out.length < count; next += STEP) {
    if (!out.includes(next)) out.push(next)
  }
  return out
}
