import type { SearchView } from '../../../src-shared/contract/calls/search.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { Prune } from '../../../src-shared/schema/search.ts'
import { initialTrials } from '../../../src-shared/schema/search.ts'
import { isActive, valueIn } from '../../../src-shared/schema/search-space.ts'
import { trialsPlanned } from '../../../src-shared/schema/search-trials.ts'
import type { RunStore } from '../../store/run-store.ts'
import { allRuns } from '../create/held-runs.ts'
import { frontOf } from '../search/front.ts'
import type { Observation } from '../search/next-setting.ts'
import { importanceOf, sliceOf, surrogateOf, trialsForImportance } from '../search/surrogate.ts'
import type { FamilyReading } from './families.ts'
import { planned } from './families.ts'
import type { SearchState, Trial } from './search-state.ts'
import { observationsOf, searchState } from './search-state.ts'
import { warmTrials } from './warm-start.ts'

/** The search of a family; null for one without. @throws CotrainError `not-found`, or what is wrong with the file. */
export function getSearch(deps: FamilyReading, name: string): SearchView | null {
  const { store } = deps
  const [{ recipe }, plan] = planned(deps, name, allRuns(store))
  const state = searchState(store, recipe, plan)
  if (state === null) return null
  const { search, objectives, trials } = state
  const { observations, leftOut } = warmTrials(store, state)
  const best = bestOf(state)
  const all = [...observations, ...observationsOf(trials)]
  return {
    method: search.method,
    planned: trialsPlanned(search),
    initial: initialTrials(search),
    prune: search.prune === null ? '' : pruneWords(search.prune),
    objectives: objectives.map((objective) => ({ ...objective })),
    options: search.space.map((d) => ({ path: d.path, kind: d.kind, log: d.kind !== 'choice' && d.log })),
    trials: trials.map((trial) => rowOf(store, state, trial)),
    best: best.map(({ number }) => number),
    warm: { used: observations.length, leftOut },
    ...learnt(state, all, best[0]),
  }
}

/** The finished trials that none beats. */
function bestOf({ trials, objectives }: SearchState): Trial[] {
  const finished = trials.filter(({ state, values }) => state === 'finished' && !values.includes(null))
  const values = finished.map((trial) => trial.values.map(Number))
  return frontOf(values, objectives).map((i) => finished[i]!)
}

function rowOf(
  store: RunStore,
  { search }: SearchState,
  { number, state, patch, values, rows }: Trial,
): SearchView['trials'][number] {
  const epochs = rows.map(({ row: { id, status } }) =>
    id === null || status === null ? 0 : store.summary(id).epoch,
  )
  return {
    number,
    state,
    settings: search.space.map((d) => (isActive(d, patch) ? (valueIn(patch, d.path) ?? null) : null)),
    values: [...values],
    epoch: Math.max(0, ...epochs),
    runs: rows.map(({ row: { id, seed, status } }) => ({ id, seed, status })),
  }
}

type Learnt = Pick<SearchView, 'slices' | 'importance'>

const known = new WeakMap<RunStoreKey, { key: string; learnt: Learnt }>()
type RunStoreKey = SearchState['search']

/** What a process of the first objective says; worked out once for the same observations. */
function learnt(
  { search, objectives }: SearchState,
  all: readonly Observation[],
  best: Trial | undefined,
): Learnt {
  const [objective] = objectives
  const needed = trialsForImportance(search)
  const trials = all.filter(({ values }) => values !== null).length
  const nothing: Learnt = { slices: [], importance: { trials, needed, options: [] } }
  if (objective === undefined || best === undefined) return nothing
  const key = canonicalJson([all.map(({ patch, values }) => [patch, values]), best.number])
  const before = known.get(search)
  if (before?.key === key) return before.learnt
  const surrogate = surrogateOf(search, objective, 0, all)
  if (surrogate === null) return nothing
  const paths = search.space.map(({ path }) => path)
  const slices = paths.flatMap((path, i) => {
    const slice = sliceOf(search, surrogate, i, best.patch)
    if (slice === null) return []
    return [{ path, at: [...slice.at], mean: [...slice.mean], low: [...slice.low], high: [...slice.high] }]
  })
  const options =
    trials < needed ? [] : importanceOf(search, surrogate).map((one, i) => ({ path: paths[i]!, ...one }))
  const now = { slices, importance: { trials, needed, options } }
  known.set(search, { key, learnt: now })
  return now
}

const pruneWords = (rule: Prune): string =>
  rule.rule === 'median'
    ? `below the median of the finished trials at the same epoch, after ${rule.trials} trials and ${rule.epochs} epochs`
    : `hyperband: from epoch ${rule.epochs} on, at each rung the best 1 in ${rule.factor} go on`
