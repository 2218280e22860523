import type { Comparison, Grouping } from './comparison.ts'

/**
 * One row of every part of Compare. This is what "over seeds" means everywhere: a row is a setting, and each of its seeds is one number,
 * repeats of a seed averaged first. Otherwise a row is a run.
 */
export interface ComparedRow {
  /** The run, or the first of the setting: its style is that of the row. */
  readonly id: string
  readonly groupId: string
  readonly name: string
  /** "co-trained, seed 1000" or "co-trained, 3 seeds". */
  readonly label: string
  readonly isBaseline: boolean
  readonly ids: readonly string[]
  readonly seeds: readonly SeedRuns[]
}

interface SeedRuns {
  readonly seed: number
  readonly ids: readonly string[]
}

/** The rows in the order of the comparison; runs that `has` denies are left out, with rows that have none left. */
export function comparedRows(
  c: Comparison,
  grouping: Grouping,
  has: (id: string) => boolean = () => true,
): readonly ComparedRow[] {
  const kept = c.runs.filter(({ id }) => has(id))
  if (grouping === 'runs')
    return kept.map(({ id, groupId, name, seed }) => ({
      id,
      groupId,
      name,
      label: `${name}, seed ${seed}`,
      isBaseline: id === c.baseline,
      ids: [id],
      seeds: [{ seed, ids: [id] }],
    }))
  return c.groups.flatMap((group) => {
    const runs = kept.filter(({ id }) => group.ids.includes(id))
    const [first] = runs
    if (first === undefined) return []
    const seeds = [...new Set(runs.map(({ seed }) => seed))].map((seed) => ({
      seed,
      ids: runs.filter((r) => r.seed === seed).map(({ id }) => id),
    }))
    return [
      {
        id: first.id,
        groupId: group.groupId,
        name: group.name,
        label: `${group.name}, ${seedText(seeds.length)}`,
        isBaseline: c.baseline !== null && group.ids.includes(c.baseline),
        ids: runs.map(({ id }) => id),
        seeds,
      },
    ]
  })
}

export const seedText = (n: number): string => (n === 1 ? '1 seed' : `${n} seeds`)

/** One number per seed of a row: the mean over its repeats that have one; null where none has. */
export function perSeed(row: ComparedRow, valueOf: (id: string) => number | null): (number | null)[] {
  return row.seeds.map(({ ids }) => {
    const values = ids.flatMap((id) => valueOf(id) ?? [])
    return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length
  })
}

/** The same without the seeds that have none: the sample of a row. */
export const sampleOf = (row: ComparedRow, valueOf: (id: string) => number | null): number[] =>
  perSeed(row, valueOf).filter((v) => v !== null)
