import type { TrialState } from '../../../src-shared/contract/calls/search.ts'
import type { RunStatus } from '../../../src-shared/contract/run.ts'
import type { Patch } from '../../../src-shared/schema/patch.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { trialLabel } from '../../../src-shared/schema/recipe-variants.ts'
import type { Objective, Search } from '../../../src-shared/schema/search.ts'
import { curveOf, objectivesOf } from '../../../src-shared/schema/search-problems.ts'
import { trialsOf } from '../../../src-shared/schema/search-trials.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Plan } from '../create/recipe-plan.ts'
import { isPruned } from '../create/recipes.ts'
import type { Observation } from '../search/next-setting.ts'
import type { Curve } from '../search/prune.ts'

type Row = Plan['rows'][number]

/** A trial as its runs stand. */
export interface Trial {
  /** Counted from 1. */
  readonly number: number
  readonly patch: Patch
  readonly state: TrialState
  /** Of each objective the mean over seeds, of a trial that was ended early the last on validation data; null where there is none. */
  readonly values: readonly (number | null)[]
  readonly rows: readonly Row[]
}

/** A search with its trials. */
export interface SearchState {
  readonly search: Search
  readonly objectives: readonly Objective[]
  readonly trials: readonly Trial[]
}

/** The search of a family as its file and the runs that are there say; null for a family without one. */
export function searchState(store: RunStore, { search }: Recipe, { rows }: Plan): SearchState | null {
  const config = rows[0]?.run.config
  if (search === null || config === undefined) return null
  const objectives = objectivesOf(search, config)
  const trials = trialsOf(search).map((patch, i) => {
    const label = trialLabel(i + 1)
    const own = rows.filter(({ run }) => run.label === label || run.also.includes(label))
    const state = stateOf(store, own)
    return { number: i + 1, patch, state, values: valuesOf(store, objectives, state, own), rows: own }
  })
  return { search, objectives, trials }
}

const AT_WORK: ReadonlySet<RunStatus> = new Set(['preparing', 'running', 'stopping'])

/** What is bad about one run of a trial is so of the trial; of several that go on, the one that is furthest. */
function stateOf(store: RunStore, rows: readonly Row[]): TrialState {
  const states = rows.map(({ row: { id, status } }): TrialState => {
    if (id === null || status === null) return 'new'
    if (AT_WORK.has(status)) return 'running'
    if (status === 'stopped' && isPruned({ store }, id)) return 'pruned'
    return status === 'interrupted' ? 'stopped' : (status as TrialState) // the others are called the same
  })
  const first = (['pruned', 'failed', 'diverged', 'running', 'queued', 'stopped', 'new'] as const).find(
    (state) => states.includes(state),
  )
  return first ?? (states.length > 0 ? 'finished' : 'new')
}

function valuesOf(
  store: RunStore,
  objectives: readonly Objective[],
  state: TrialState,
  rows: readonly Row[],
): (number | null)[] {
  if (state !== 'finished' && state !== 'pruned') return objectives.map(() => null)
  return objectives.map((objective) => {
    const values = rows.map(({ row: { id, status } }) => {
      if (id === null) return null
      if (status === 'finished') return store.summary(id).scores[objective.metric] ?? null
      return curveOfRun(store, id, objective).findLast((v) => v !== undefined) ?? null
    })
    const known = values.filter((v) => v !== null)
    return known.length < values.length || known.length === 0
      ? null
      : known.reduce((a, b) => a + b, 0) / known.length
  })
}

/** The validation values of an objective by epoch while a run trains. */
export function curveOfRun(store: RunStore, id: string, objective: Objective): Curve {
  const key = curveOf(objective)
  if (key === null) return []
  const { series } = store.history(id).read(new Set([key]))
  const own = series.keys.get(key)
  const curve: (number | undefined)[] = []
  for (const [i, row] of own?.rows.entries() ?? []) {
    const epoch = series.epoch[row]!
    const value = own!.value[i]!
    if (Number.isInteger(epoch) && epoch >= 1 && Number.isFinite(value)) curve[epoch - 1] = value
  }
  return Array.from(curve)
}

const OVER_STATES: ReadonlySet<TrialState> = new Set(['finished', 'pruned', 'failed', 'diverged'])
export const isTrialOver = ({ state }: Pick<Trial, 'state'>): boolean => OVER_STATES.has(state)

/** What the trials that are over say; one without a value came to nothing. */
export const observationsOf = (trials: readonly Trial[]): Observation[] =>
  trials.filter(isTrialOver).map(({ patch, values }) => ({ patch, values: wholeOf(values) }))

const wholeOf = (values: readonly (number | null)[]): number[] | null => {
  const known = values.filter((v) => v !== null)
  return known.length === values.length ? known : null
}
