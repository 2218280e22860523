import type { OptionPath } from '../../../src-shared/contract/run-answers.ts'
import { leavesOf } from '../../../src-shared/schema/diff.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Values named as suggestions for one option. */
const SAMPLES = 12

/** Options of the configs of all runs, for filters and columns. */
export interface RunOptions {
  paths(): OptionPath[]
  /** Run id -> one value for each path; null where the run has no such option. */
  values(paths: readonly string[]): Record<string, unknown[]>
}

/** Configs are frozen when a run is queued, so that each is read once. */
export function runOptions(store: RunStore): RunOptions {
  const known = new Map<string, ReadonlyMap<string, unknown>>()
  const all = (): ReadonlyMap<string, ReadonlyMap<string, unknown>> => {
    const ids = new Set<string>()
    for (const { id, readable } of store.list().runs) {
      if (!readable) continue
      ids.add(id)
      if (!known.has(id)) known.set(id, leavesOf(store.read(id).config))
    }
    for (const id of known.keys()) if (!ids.has(id)) known.delete(id)
    return known
  }
  return {
    paths: () => {
      const counts = new Map<string, Map<string, number>>()
      for (const leaves of all().values()) {
        for (const [path, value] of leaves) {
          const values = counts.get(path) ?? new Map<string, number>()
          counts.set(path, values)
          const text = typeof value === 'string' ? value : JSON.stringify(value)
          values.set(text, (values.get(text) ?? 0) + 1)
        }
      }
      return [...counts]
        .map(([path, values]) => ({
          path,
          distinct: values.size,
          samples: [...values]
            .sort((a, b) => b[1] - a[1])
            .slice(0, SAMPLES)
            .map(([text]) => text),
        }))
        .sort((a, b) => (a.path < b.path ? -1 : 1))
    },
    values: (paths) =>
      Object.fromEntries(
        [...all()].map(([id, leaves]) => [id, paths.map((path) => leaves.get(path) ?? null)]),
      ),
  }
}
