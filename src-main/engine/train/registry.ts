import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { TrainerChoice, TrainerConfigs } from '../../../src-shared/schema/registry.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { EVALUATION } from '../eval/network.ts'
import { initialValues } from '../model/index.ts'
import { createParamStore } from '../tensor/index.ts'
import type { NeuralSet, ParamSpec, Train, TrainerSetup } from '../types.ts'
import { cotrain, NO_HOOKS } from './cotrain.ts'
import { cotrainerRules, nnvisionRules } from './rules/cotrainer-rules.ts'
import { inReadout } from './hooks/freeze.ts'
import type { Hook } from './hooks/hook.ts'
import { lotteryTicket } from './hooks/lottery-ticket.ts'
import { noiseAugmentation } from './hooks/noise-augmentation.ts'
import { rdmPrediction } from './hooks/rdm-prediction.ts'
import { readoutReset } from './hooks/readout-reset.ts'
import { representationMatching } from './hooks/representation-matching.ts'
import { representationMonitor } from './hooks/representation-monitor.ts'
import type { TrainingRules } from './rules/rules.ts'
import { savedStart } from './state/run-checkpoint.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

type CotrainerConfig = TrainerConfigs['cotrainer']

/** The modules that a config asks for, in the order in which they see a batch. */
function hooksOf(o: CotrainerConfig, setup: TrainerSetup): readonly Hook[] {
  const { readout_name: readoutName, noise_augmentation: noise, rdm_prediction: rdm } = o
  const { representation_matching: matching, representation_monitor: monitor } = o
  const { reset_linear_frequency: reset, lottery_ticket: lottery } = o
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

function cotrainer(given: TrainerSetup, config: CotrainerConfig): ReturnType<Train> {
  const start = given.start ?? savedStart(given.checkpoint)
  const hasTeacher = config.rdm_prediction !== null
  const keep = hasTeacher || config.lottery_ticket !== null ? start : null
  // The student of a similarity structure starts from new values (as published).
  const setup = { ...given, start: hasTeacher ? null : start }
  return cotrain(setup, cotrainerRules(config), { hooks: () => hooksOf(config, { ...given, start }), keep })
}

/** What a trainer config means; the single-task trainer trains the area that has data. */
export function rulesOf(trainer: TrainerChoice, areas: readonly NeuralSet[]): TrainingRules {
  return trainer.fn === 'nnvision_trainer'
    ? nnvisionRules(trainer.config, areas[0] ?? 'v1')
    : cotrainerRules(trainer.config)
}

function nnvision(setup: TrainerSetup): ReturnType<Train> {
  const areas = AREAS.filter((area) => (setup.data.train[area]?.size ?? 0) > 0)
  return cotrain(setup, rulesOf(setup.trainer, areas), NO_HOOKS)
}

/** Trains with the trainer that the setup names. @throws RangeError for a name of another version */
export const train: Train = (setup) => {
  const { trainer } = setup
  const name: string = trainer.fn
  switch (trainer.fn) {
    case 'cotrainer':
      return cotrainer(setup, trainer.config)
    case 'nnvision_trainer':
      return nnvision(setup)
    default:
      throw new RangeError(`no trainer is called "${name}"`)
  }
}
