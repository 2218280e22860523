import type { Problem } from '../contract/errors.ts'
import { finalValidation, metricKey, metricParts } from '../contract/metric-keys.ts'
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
      : monitored.slice(0, 1).map((task) => ({ metric: metricKey(finalValidation(task), task, 'eval') }))
  return named.map(({ metric, ...given }) => {
    const { direction = metricInfo(metric).goal === 'min' ? 'min' : 'max' } = given as Partial<Objective>
    return { metric, direction }
  })
}

/** Key of the curve that tells during training what an objective will come to; null where there is none. */
export function curveOf({ metric }: Objective): string | null {
  const parts = metricParts(metric)
  return parts !== null && parts.mode === finalValidation(parts.task)
    ? metricKey('Validation', parts.task, parts.measure)
    : null
}

/** What is wrong with a search that can be told before a run: values that no config takes, no trials, scores that no run has. */
export function searchProblems(
  { at }: RecipeBody,
  search: Search,
  start: PlainConfig,
  config: RunConfig | undefined,
): readonly Problem[] {
  const ends = endProblems(search, start)
  if (ends.length > 0) return ends
  const faults =
    trialsOf(search).length === 0 ? [NO_TRIALS] : config === undefined ? [] : scoreFaults(search, config)
  return faults.map(({ where, message, hint }) => ({
    ...{ code: 'config-invalid', path: `${at}search.${where}`, message, hint },
  }))
}

interface Fault {
  readonly where: string
  readonly message: string
  readonly hint: string
}

const NO_TRIALS: Fault = {
  where: 'constraints',
  message: 'leave no setting: none was found that keeps them.',
  hint: 'Loosen them, or widen the space.',
}

/** Ends of the options that the config refuses. */
function endProblems(search: Search, start: PlainConfig): Problem[] {
  return endsOf(search).flatMap((end) => {
    const { config: written } = withReferences(applyPatch(start, end.patch), 0, () => [])
    const parsed = parseRunConfig(written)
    if (parsed.ok) return []
    const searched = `(searched up to ${end.path} = ${JSON.stringify(end.value)})`
    return parsed.problems.map((p) => ({ ...p, message: `${p.message} ${searched}` }))
  })
}

/** Scores that such runs will not have. */
function scoreFaults(search: Search, config: RunConfig): Fault[] {
  const objectives = objectivesOf(search, config)
  const { trainer } = config
  const tasks = findComponent('trainer', trainer.fn)?.tasks?.(trainer.config) ?? []
  const missing = objectives.flatMap(({ metric }, i) => {
    const parts = metricParts(metric)
    if (parts === null) return []
    const where = `objectives.${i}.metric`
    if (!tasks.some((task) => task === parts.task)) {
      const message = `no run will have "${metric}": they train ${tasks.join(' and ')}.`
      return [{ where, message, hint: 'Name a score of one of these tasks.' }]
    }
    const own = finalValidation(parts.task)
    if (parts.mode !== 'FinalValidation' || own === 'FinalValidation') return []
    const hint = `Write ${own}/${parts.task}/${parts.measure}.`
    return [{ where, message: `no run will have "${metric}".`, hint }]
  })
  if (missing.length > 0) return missing
  const asksValidation = objectives.some(({ metric }) =>
    metricParts(metric)?.mode.startsWith('FinalValidation'),
  )
  const { add_final_val_eval: hasFinal = true } = trainer.config as { add_final_val_eval?: boolean }
  if (asksValidation && !hasFinal) {
    const message = 'ask for validation scores, and the runs are told not to have any.'
    return [{ where: 'objectives', message, hint: 'Leave add_final_val_eval of the trainer on.' }]
  }
  const first = objectives[0]
  if (search.prune === null || (first !== undefined && curveOf(first) !== null)) return []
  const message = 'looks at a validation curve, and the objective has none.'
  const hint = 'Use a score of the validation data, such as FinalValidation/v1/eval or FinalValidationInDomain/img_classification/eval, or leave prune out.' // prettier-ignore
  return [{ where: 'prune', message, hint }]
}
