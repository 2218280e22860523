import type { NeuralSet, TaskName, Train, TrainerSetup } from '../types.ts'
import { EVALUATION } from '../eval/network.ts'
import { createParamStore } from '../tensor/index.ts'
import { cotrain } from './cotrain.ts'
import { cotrainerRules, nnvisionRules } from './cotrainer-rules.ts'
import type { Hook } from './hooks/hook.ts'
import { lotteryTicket } from './hooks/lottery-ticket.ts'
import type { LotteryTicketOptions } from './hooks/lottery-ticket.ts'
import { rdmPrediction } from './hooks/rdm-prediction.ts'
import { readoutReset } from './hooks/readout-reset.ts'
import type { ReadoutResetOptions } from './hooks/readout-reset.ts'
import { representationMatching } from './hooks/representation-matching.ts'
import type { RepresentationMatchingOptions } from './hooks/representation-matching.ts'

type Options = Readonly<Record<string, unknown>>

/** The modules that a config asks for, in the published order. */
function hooksOf(o: Options, setup: TrainerSetup): readonly Hook[] {
  const readoutName = o['readout_name'] as string
  const matching = o['representation_matching'] as RepresentationMatchingOptions | null
  const reset = o['reset_linear_frequency'] as ReadoutResetOptions | null
  const rdm = o['rdm_prediction'] as { lambda: number } | null
  const lottery = o['lottery_ticket'] as LotteryTicketOptions | null
  return [
    ...(matching === null ? [] : [representationMatching(matching)]),
    ...(reset === null ? [] : [readoutReset(reset, readoutName)]),
    ...(rdm === null ? [] : [rdmPrediction(rdm, teacherOf(setup))]),
    ...(lottery === null ? [] : [lotteryTicket(lottery, readoutName)]),
  ]
}

/** The network that the run starts from, frozen. */
function teacherOf(setup: TrainerSetup): Parameters<typeof rdmPrediction>[1] {
  if (setup.start === null) throw new RangeError('rdm_prediction needs a run or a file to start from')
  const store = createParamStore(setup.start)
  return { model: setup.model, params: store.tensors, context: EVALUATION, dispose: () => store.dispose() }
}

const cotrainer: Train = (setup) => {
  const start = setup.config['rdm_prediction'] === null ? setup.start : null
  return cotrain({ ...setup, start }, cotrainerRules(setup.config), () => hooksOf(setup.config, setup))
}

const nnvision: Train = (setup) => {
  const area = (['v1', 'v4'] as const).find((a): a is NeuralSet => (setup.data.train[a]?.size ?? 0) > 0)
  const task: TaskName = area ?? 'v1'
  return cotrain(setup, nnvisionRules(setup.config, task), () => [])
}

/** Trainers by the name that configs give them. */
export const TRAINERS: Readonly<Record<string, Train>> = { cotrainer, nnvision_trainer: nnvision }

export function trainerFor(fn: string): Train {
  const found = Object.hasOwn(TRAINERS, fn) ? TRAINERS[fn] : undefined
  if (found === undefined) throw new RangeError(`no trainer is called "${fn}"`)
  return found
}
