import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { EVALUATION } from '../eval/network.ts'
import { initialValues } from '../model/index.ts'
import { createParamStore } from '../tensor/index.ts'
import type { NeuralSet, ParamSpec, Train, TrainerSetup } from '../types.ts'
import { cotrain, NO_MODULES } from './cotrain.ts'
import { cotrainerRules, nnvisionRules } from './rules/cotrainer-rules.ts'
import { inReadout } from './hooks/freeze.ts'
import type { Hook } from './hooks/hook.ts'
import { lotteryTicket } from './hooks/lottery-ticket.ts'
import type { LotteryTicketOptions } from './hooks/lottery-ticket.ts'
import { noiseAugmentation } from './hooks/noise-augmentation.ts'
import type { NoiseAugmentationOptions } from './hooks/noise-augmentation.ts'
import { rdmPrediction } from './hooks/rdm-prediction.ts'
import { readoutReset } from './hooks/readout-reset.ts'
import type { ReadoutResetOptions } from './hooks/readout-reset.ts'
import { representationMatching } from './hooks/representation-matching.ts'
import type { RepresentationMatchingOptions } from './hooks/representation-matching.ts'
import { representationMonitor } from './hooks/representation-monitor.ts'
import type { RepresentationMonitorOptions } from './hooks/representation-monitor.ts'
import type { TrainingRules } from './rules/rules.ts'
import { savedStart } from './state/run-checkpoint.ts'

type Options = Readonly<Record<string, unknown>>

/** The modules that a config asks for, in the order in which they see a batch. */
function hooksOf(o: Options, setup: TrainerSetup): readonly Hook[] {
  const readoutName = o['readout_name'] as string
  const noise = o['noise_augmentation'] as NoiseAugmentationOptions | null
  const matching = o['representation_matching'] as RepresentationMatchingOptions | null
  const monitor = o['representation_monitor'] as RepresentationMonitorOptions | null
  const reset = o['reset_linear_frequency'] as ReadoutResetOptions | null
  const rdm = o['rdm_prediction'] as { lambda: number } | null
  const lottery = o['lottery_ticket'] as LotteryTicketOptions | null
  const { normalisation } = setup.data
  return [
    ...(noise === null ? [] : [noiseAugmentation(noise, normalisation)]),
    ...(matching === null ? [] : [representationMatching(matching, normalisation)]),
    ...(monitor === null ? [] : [representationMonitor(monitor)]),
    ...(reset === null ? [] : [readoutReset(reset, readoutName)]),
    ...(rdm === null ? [] : [rdmPrediction(rdm, teacherOf(setup))]),
    ...(lottery === null ? [] : [lotteryTicket(lottery, readoutName, setup.model)]),
  ]
}

/** The network that the run starts from, frozen. Readouts that it lacks are not asked for: any values do. */
function teacherOf({ model, start, seed }: TrainerSetup): Parameters<typeof rdmPrediction>[1] {
  const readout = (spec: ParamSpec): boolean => inReadout(spec, 'readout')
  const missing = model.specs.filter((spec) => !readout(spec) && start?.has(spec.name) !== true)
  if (start === null || missing.length > 0) {
    throw new CotrainError({
      code: 'config-invalid',
      path: 'trainer.config.rdm_prediction',
      message:
        start === null
          ? 'there is no network to predict the similarities of.'
          : `the network to start from has no values for ${missing[0]?.name} (${missing.length} tensors are missing).`,
      hint: 'Give a run or a file of the same core as parent.',
    })
  }
  const known = new Set(model.specs.map((spec) => spec.name))
  const own = [...start].filter(([name]) => known.has(name))
  const store = createParamStore(new Map([...initialValues(model.specs, createRng(seed)), ...own]))
  return { model, params: store.tensors, context: EVALUATION, dispose: () => store.dispose() }
}

const cotrainer: Train = (given) => {
  const { config } = given
  const start = given.start ?? savedStart(given.checkpoint)
  const hasTeacher = config['rdm_prediction'] !== null
  const keep = hasTeacher || config['lottery_ticket'] !== null ? start : null
  // The student of a similarity structure starts from new values (as published).
  const setup = { ...given, start: hasTeacher ? null : start }
  return cotrain(setup, cotrainerRules(config), { hooks: () => hooksOf(config, { ...given, start }), keep })
}

/** What a trainer config means; the single-task trainer trains the area that has data. */
export function rulesOf(fn: string, config: Options, areas: readonly NeuralSet[]): TrainingRules {
  return fn === 'nnvision_trainer' ? nnvisionRules(config, areas[0] ?? 'v1') : cotrainerRules(config)
}

const nnvision: Train = (setup) => {
  const areas = (['v1', 'v4'] as const).filter((area) => (setup.data.train[area]?.size ?? 0) > 0)
  return cotrain(setup, rulesOf('nnvision_trainer', setup.config, areas), NO_MODULES)
}

/** Trainers by the name that configs give them. */
export const TRAINERS: Readonly<Record<string, Train>> = { cotrainer, nnvision_trainer: nnvision }

export function trainerFor(fn: string): Train {
  const found = Object.hasOwn(TRAINERS, fn) ? TRAINERS[fn] : undefined
  if (found === undefined) throw new RangeError(`no trainer is called "${fn}"`)
  return found
}
