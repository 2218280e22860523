import type { Problem } from '../contract/errors.ts'
import { metricKey, metricParts } from '../contract/metric-keys.ts'
import { metricInfo } from '../contract/metrics.ts'
import type { PlainConfig } from './component.ts'
import { applyPatch } from './patch.ts'
import type { RecipeBody } from './recipe.ts'
import { findComponent } from './registry.ts'
import type { RunConfig } from './run-config.ts'
import { parseRunConfig } from './run-config.ts'
import type { Objective, Search } from './search.ts'
import { endsOf, trialsOf } from './search-trials.ts'
import { withReferences } from './step-reference.ts'

/** The objectives of a search over runs like this one: those named, else the score by which such a run chooses its weights. */
export function objectivesOf(
  { objectives }: Pick<Search, 'objectives'>,
  { trainer }: RunConfig,
): Objective[] {
  const { to_monitor: monitored = [] } = trainer.config as { to_monitor?: readonly string[] }
  const named =
    objectives.length > 0
      ? objectives
      : monitored.slice(0, 1).map((task) => ({ metric: metricKey('FinalValidation', task, 'eval') }))
  return named.map(({ metric, ...given }) => {
    const { direction = metricInfo(metric).goal === 'min' ? 'min' : 'max' } = given as Partial<Objective>
    return { metric, direction }
  })
}

/** Key of the curve that tells during training what an objective will come to; null where there is none. */
export function curveOf({ metric }: Objective): string | null {
  const parts = metricParts(metric)
  return parts?.mode === 'FinalValidation' ? metricKey('Validation', parts.task, parts.measure) : null
}

/** What is wrong with a search that can be told before a run: values that no config takes, scores that no run has, no trials. */
export function searchProblems(
  { at }: RecipeBody,
  search: Search,
  start: PlainConfig,
  config: RunConfig | undefined,
): readonly Problem[] {
  const path = `${at}search`
  const problem = (where: string, message: string, hint: string): Problem => ({
    ...{ code: 'config-invalid', path: `${path}.${where}`, message, hint },
  })
  // An option named twice by axes or lists of the same recipe is looked at where it is used.
  const ends = endsOf(search).flatMap((end) => {
    const { config: written } = withReferences(applyPatch(start, end.patch), 0, () => [])
    const parsed = parseRunConfig(written)
    if (parsed.ok) return []
    return parsed.problems.map((p) => ({
      ...p,
      message: `${p.message} (searched up to ${end.path} = ${JSON.stringify(end.value)})`,
    }))
  })
  if (ends.length > 0) return ends
  if (search.method !== 'bayesian' && trialsOf(search).length === 0 && search.trials !== 0)
    return [
      problem(
        'constraints',
        'leave no setting: none was found that keeps them.',
        'Loosen them, or widen the space.',
      ),
    ]
  if (search.method === 'bayesian' && trialsOf(search).length === 0 && (search.initial ?? 1) > 0)
    return [
      problem(
        'constraints',
        'leave no setting: none was found that keeps them.',
        'Loosen them, or widen the space.',
      ),
    ]
  if (config === undefined) return []
  const objectives = objectivesOf(search, config)
  const { trainer } = config
  const tasks = findComponent('trainer', trainer.fn)?.tasks?.(trainer.config) ?? []
  const missing = objectives.flatMap((objective, i) => {
    const parts = metricParts(objective.metric)
    if (parts === null || tasks.includes(parts.task)) return []
    return [
      problem(
        `objectives.${i}.metric`,
        `no run will have "${objective.metric}": they train ${tasks.join(' and ')}.`,
        'Name a score of one of these tasks.',
      ),
    ]
  })
  if (missing.length > 0) return missing
  const asksValidation = objectives.some(({ metric }) => metric.startsWith('FinalValidation/'))
  const { add_final_val_eval: hasFinal = true } = trainer.config as { add_final_val_eval?: boolean }
  if (asksValidation && !hasFinal)
    return [
      problem(
        'objectives',
        'ask for validation scores, and the runs are told not to have any.',
        'Leave add_final_val_eval of the trainer on.',
      ),
    ]
  const first = objectives[0]
  if (search.prune !== null && (first === undefined || curveOf(first) === null))
    return [
      problem(
        'prune',
        'looks at a validation curve, and the objective has none.',
        'Use an objective FinalValidation/<task>/<measure>, or leave prune out.',
      ),
    ]
  return []
}
