import { untrainedText } from '../../../src-shared/contract/run-end.ts'
import { setConvPrecision } from '../tensor/index.ts'
import type { NamedArrays, TrainerEvent, TrainerSetup, TrainResult } from '../types.ts'
import type { Hook } from './hooks/hook.ts'
import { finishRun, stopHere } from './finish-run.ts'
import type { OpenRun } from './open-run.ts'
import { openRun, resumeRun } from './open-run.ts'
import { carryOut, nextDecision } from './run-steps.ts'
import type { TrainingRules } from './rules/rules.ts'
import type { TrainingState } from './state/training-state.ts'
import {
  sharePlan,
  shareText,
  sizesOf,
  trainingShare,
  untrainedParts,
  untrainedProblem,
} from './training-share.ts'
import { openTraining } from './state/training-state.ts'
import { startWarnings } from './warnings.ts'

/** The hooks of a run, and what of its start they need to the end. */
export interface RunHooks {
  hooks(state: TrainingState): readonly Hook[]
  /** Weights to keep in every checkpoint; null where no hook looks back at them. */
  readonly keep: NamedArrays | null
}

export const NO_HOOKS: RunHooks = { hooks: () => [], keep: null }

/**
 * A whole run as published: evaluate, train epochs until early stopping says so, restore the best weights, final suite.
 * What to do next is always the early-stopping machine's answer; the queue of its decisions is part of a checkpoint, so a
 * run that stops anywhere goes on there.
 */
export async function* cotrain(
  setup: TrainerSetup,
  rules: TrainingRules,
  its: RunHooks,
): AsyncGenerator<TrainerEvent, TrainResult> {
  setConvPrecision(rules.precision)
  const state = openTraining(setup, rules)
  let hooks: readonly Hook[] = []
  try {
    hooks = its.hooks(state)
    const run = openRun({ setup, rules, state, hooks, keep: its.keep })
    if (setup.checkpoint === null)
      for (const text of await startWarnings(state, rules, setup.data))
        yield { kind: 'log', level: 'warn', text }
    yield* batchesOf(setup, rules)
    if (setup.checkpoint !== null) yield* resumeRun(run, setup.checkpoint)
    const finished = yield* workOff(run)
    return yield* finished ? finishRun(run) : stopHere(run)
  } finally {
    for (const hook of hooks) hook.dispose?.()
    state.dispose()
    setConvPrecision('float32')
  }
}

/**
 * Says with how many batches each task and session moves the optimizer.
 * @throws CotrainError where one gets none, unless the config allows it
 */
async function* batchesOf({ data }: TrainerSetup, rules: TrainingRules): AsyncGenerator<TrainerEvent> {
  const plan = sharePlan(rules)
  const rows = await trainingShare(plan, sizesOf(data))
  yield { kind: 'log', level: 'info', text: `Batches per epoch: ${rows.map(shareText).join(', ')}.` }
  // A run of no epochs says by itself that nothing is trained.
  const untrained = plan.maxEpochs === 0 ? [] : untrainedParts(rows, plan.maxEpochs)
  if (untrained.length === 0) return
  if (!rules.allowUntrained) throw untrainedProblem(plan, untrained)
  for (const part of untrained)
    yield { kind: 'log', level: 'warn', text: `${untrainedText(part)}; its scores are marked.` }
}

/** Does what the machine asks until it says stop (true), or a person does (false). */
async function* workOff(run: OpenRun): AsyncGenerator<TrainerEvent, boolean> {
  for (;;) {
    const decision = nextDecision(run)
    if (decision === null) return true
    const goesOn = yield* carryOut(run, decision)
    if (!goesOn) return false
  }
}
