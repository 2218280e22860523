import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { withMeanCorrupted } from '../../../src-shared/contract/score-keys.ts'

/** A run, or several of one setting as one row; ids of the runs behind it. */
export interface RunRow extends RunSummary {
  readonly members: readonly string[]
  readonly seeds: readonly number[]
}

export const singleRow = (run: RunSummary): RunRow => ({ ...run, members: [run.id], seeds: [run.seed] })

/** One row per setting: scores are means over its finished runs, the rest is of its newest run. */
export function groupRuns(runs: readonly RunSummary[]): RunRow[] {
  const groups = new Map<string, RunSummary[]>()
  for (const run of runs) {
    // What cannot be read belongs to no setting.
    const key = run.groupId === '' ? run.id : run.groupId
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  return [...groups.values()].flatMap((members) => {
    const [newest] = members.toSorted((a, b) => b.createdAt - a.createdAt)
    if (newest === undefined) return []
    return [
      {
        ...newest,
        scores: meanScores(members),
        seconds: members.reduce((sum, r) => sum + r.seconds, 0),
        tags: [...new Set(members.flatMap((r) => r.tags))],
        star: members.some((r) => r.star),
        members: members.map((r) => r.id),
        seeds: [...new Set(members.map((r) => r.seed))].sort((a, b) => a - b),
      },
    ]
  })
}

function meanScores(members: readonly RunSummary[]): Record<string, number | null> {
  const all = members.filter((r) => r.status === 'finished').map((r) => withMeanCorrupted(r.scores))
  const keys = new Set(all.flatMap((s) => Object.keys(s)))
  return Object.fromEntries(
    [...keys].map((key) => {
      const values = all.map((s) => s[key] ?? null).filter((v): v is number => v !== null)
      return [key, values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length]
    }),
  )
}
