import type { Patch } from '../../../src-shared/schema/patch.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Plan } from '../create/recipe-plan.ts'
import { nextSetting } from '../search/next-setting.ts'
import { isTrialOver, observationsOf, searchState } from './search-state.ts'
import { warmTrials } from './warm-start.ts'

/** The setting that a Bayesian search tries next; null while enough are open, and when all are there. */
export function nextTrial(store: RunStore, recipe: Recipe, plan: Plan): Patch | null {
  const state = searchState(store, recipe, plan)
  if (state === null || state.search.method !== 'bayesian') return null
  const { search, objectives, trials } = state
  const pending = trials.filter((trial) => !isTrialOver(trial)).map(({ patch }) => patch)
  if (trials.length >= (search.trials ?? 0) || pending.length >= search.parallel) return null
  const warm = warmTrials(store, state).observations
  return nextSetting(search, objectives, [...warm, ...observationsOf(trials)], pending, trials.length)
}
