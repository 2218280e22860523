import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { readNumber } from '../tensor/index.ts'
import type { DataSet, NeuralSet } from '../types.ts'
import { routeOf } from './epoch/gradient-job.ts'
import type { TrainingRules } from './rules/rules.ts'
import { TASK_ORDER } from './rules/sources.ts'
import type { TrainingState } from './state/training-state.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

/**
 * What a person should know before the first step: options that will have no effect as things are.
 * @throws CotrainError when no task has training data.
 */
export async function startWarnings(
  state: TrainingState,
  rules: TrainingRules,
  data: DataSet,
): Promise<readonly string[]> {
  const missing = [...withoutData(rules, data), ...withoutTest(rules, data)]
  return [...missing, ...(await idleRegulariser(state, rules, data))]
}

function withoutData(rules: TrainingRules, data: DataSet): readonly string[] {
  const tasks = TASK_ORDER.filter((task) => rules.losses.has(task))
  const missing = tasks.filter((task) => (data.train[task]?.size ?? 0) === 0)
  if (missing.length === tasks.length) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'trainer.config.loss_functions',
      message: `no training data for ${tasks.join(', ')}; the data set has ${TASK_ORDER.filter((t) => data.train[t]).join(', ') || 'none'}.`,
      hint: 'Name a loss for a task of the data set.',
    })
  }
  return missing.map((task) => `${task} has a loss but no training data: it is not trained.`)
}

/** Recordings that publish no split are validated and never tested. */
function withoutTest(rules: TrainingRules, data: DataSet): readonly string[] {
  return AREAS.flatMap((area) => {
    const keys = [...(data.train[area]?.keys() ?? [])].filter((key) => data.test[area]?.has(key) !== true)
    if (!rules.losses.has(area) || keys.length === 0) return []
    return [
      `${area}: no test part for ${keys.join(', ')}; set test_frac (0.2 keeps a fifth of the images) to test there.`,
    ]
  })
}

/** Published runs of the shared network trained with scale_loss off, which drops the regulariser without a word. */
async function idleRegulariser(
  state: TrainingState,
  rules: TrainingRules,
  data: DataSet,
): Promise<readonly string[]> {
  if (rules.regularize || !rules.regularizerExpected) return []
  const areas = AREAS.filter((area: NeuralSet) => rules.losses.has(area))
  const idle: NeuralSet[] = []
  for (const area of areas) {
    const session = [...(data.train[area]?.keys() ?? [])][0]
    if (session !== undefined && (await penaltyOf(state, area, session)) > 0) idle.push(area)
  }
  return idle.map(
    (area) =>
      `the regulariser of the ${area} readout (gamma_readout) has no effect: scale_loss is off. Set regularize to "always" to add it.`,
  )
}

const penaltyOf = (state: TrainingState, area: NeuralSet, session: string): Promise<number> =>
  readNumber(() => state.model.penalty(state.store.tensors, routeOf(area, session)))
