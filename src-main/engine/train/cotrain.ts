import { setConvPrecision } from '../tensor/index.ts'
import type { NamedArrays, TrainerEvent, TrainerSetup, TrainResult } from '../types.ts'
import type { Hook } from './hooks/hook.ts'
import type { RunWork } from './run-work.ts'
import { openRun } from './run-work.ts'
import type { TrainingRules } from './rules.ts'
import type { TrainingState } from './training-state.ts'
import { openTraining } from './training-state.ts'
import { startWarnings } from './warnings.ts'

/** The modules of a run, and what of its start they need to the end. */
export interface RunModules {
  hooks(state: TrainingState): readonly Hook[]
  /** Weights to keep in every checkpoint; null where no module looks back at them. */
  readonly keep: NamedArrays | null
}

export const NO_MODULES: RunModules = { hooks: () => [], keep: null }

/**
 * A whole run as published: evaluate, train epochs until early stopping says so, restore the best weights, final suite.
 * What to do next is always the early-stopping machine's answer; the queue of its decisions is part of a checkpoint, so a
 * run that stops anywhere goes on there.
 */
export async function* cotrain(
  setup: TrainerSetup,
  rules: TrainingRules,
  modules: RunModules,
): AsyncGenerator<TrainerEvent, TrainResult> {
  setConvPrecision(rules.precision)
  const state = openTraining(setup, rules)
  let hooks: readonly Hook[] = []
  try {
    hooks = modules.hooks(state)
    const run = openRun(setup, rules, state, { hooks, keep: modules.keep })
    if (setup.checkpoint !== null) yield* run.resume(setup.checkpoint)
    else
      for (const text of startWarnings(state, rules, setup.data)) yield { kind: 'log', level: 'warn', text }
    const finished = yield* workOff(run)
    return yield* finished ? run.finish() : run.stopHere()
  } finally {
    for (const hook of hooks) hook.dispose?.()
    state.dispose()
    setConvPrecision('float32')
  }
}

/** Does what the machine asks until it says stop (true), or a person does (false). */
async function* workOff(run: RunWork): AsyncGenerator<TrainerEvent, boolean> {
  for (;;) {
    const decision = run.next()
    if (decision === null) return true
    const goesOn = yield* run.carryOut(decision)
    if (!goesOn) return false
  }
}
