import type { RunStore } from '../../store/run-store.ts'
import { allRuns } from '../create/held-runs.ts'
import type { RunQueue } from '../queue/run-queue.ts'
import { stopRun } from '../queue/supervise.ts'
import { pruneReason } from '../search/prune.ts'
import type { FamilyReading } from './families.ts'
import { familyRecipe, planned } from './families.ts'
import { familyNames } from './family-files.ts'
import { curveOfRun, searchState } from './search-state.ts'

/**
 * Ends trials that fall behind, by the rules of their searches: seen anew from the curves of all runs of a seed, so that it does not
 * matter which process looks, or how often. Returns what stood in the way.
 */
export async function pruneTrials(deps: FamilyReading & { readonly queue: RunQueue }): Promise<unknown[]> {
  const problems: unknown[] = []
  for (const name of familyNames(deps.store))
    try {
      if (familyRecipe(deps, name).search?.prune != null) await pruneFamily(deps, name)
    } catch (error) {
      problems.push(error) // others may be possible
    }
  return problems
}

async function pruneFamily(deps: FamilyReading & { readonly queue: RunQueue }, name: string): Promise<void> {
  const { store, queue } = deps
  const [{ recipe }, plan] = planned(deps, name, allRuns(store))
  const state = searchState(store, recipe, plan)
  const [objective] = state?.objectives ?? []
  const rule = state?.search.prune ?? null
  if (state === null || objective === undefined || rule === null) return
  const all = state.trials.flatMap(({ number, rows }) =>
    rows.flatMap(({ row: { id, status, seed } }) =>
      id === null || status === null ? [] : [{ number, id, status, seed }],
    ),
  )
  const curves = new Map(all.map(({ id }) => [id, curveOfRun(store, id, objective)]))
  for (const { number, id, seed } of all.filter(({ status }) => status === 'running')) {
    const others = all
      .filter((other) => other.seed === seed && other.id !== id)
      .map((other) => ({
        number: other.number,
        curve: curves.get(other.id)!,
        isFinished: other.status === 'finished',
      }))
    const own = { number, curve: curves.get(id)!, epochs: epochsOf(store, id) }
    const why = pruneReason(rule, objective, own, others)
    if (why !== null) await stopRun(store, queue, id, 'now', why)
  }
}

const epochsOf = (store: RunStore, id: string): number => store.summary(id).epochs
