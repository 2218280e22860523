import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Component, PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { trainers } from '../../../../../src-shared/schema/trainer/index.ts'
import type { NamedArrays } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { Setting } from '../../../../support/option-effects.ts'
import { effectsOf, optionsOf } from '../../../../support/option-effects.ts'
import type { SmallRun } from '../../../../support/small-training.ts'
import { smallData, smallModel, train } from '../../../../support/small-training.ts'

/** Everything that came out of a run but the time it took, as one hash. */
async function outcomeOf(run: SmallRun): Promise<string> {
  const { result, events } = await train(run)
  const hash = createHash('sha256')
  for (const [name, { data }] of [...result.weights, ...result.arrays]) hash.update(name).update(data)
  const isTime = (key: string): boolean => key.startsWith('Time/') || key.startsWith('Throughput/')
  const numbers = events.flatMap((e) =>
    e.kind === 'metrics' ? Object.entries(e.values).filter(([key]) => !isTime(key)) : [],
  )
  const scores = Object.entries(result.scores).filter(([key]) => !isTime(key))
  return hash.update(JSON.stringify([scores, numbers])).digest('hex')
}

const IMAGES = 'img_classification'
const BOTH = { v1: 'PoissonLoss', [IMAGES]: 'CrossEntropyLoss' }
const SGD = { optimizer: 'SGD', optimizer_options: { lr: 0.05, momentum: 0.5, weight_decay: 0.0005 } }
/** Steps so large that validation rises and falls, so that patience, drops and restored weights matter. */
const WILD = {
  loss_functions: BOTH,
  to_monitor: [IMAGES],
  train_cycler: 'MTL_Cycler',
  optimizer: 'SGD',
  optimizer_options: { lr: 0.4, momentum: 0.9 },
  max_iter: 6,
  patience: 1,
  lr_decay_steps: 3,
  scale_loss: false,
  avg_loss: true,
}
const short = {
  loss_functions: BOTH,
  train_cycler: 'MTL_Cycler',
  scale_loss: false,
  avg_loss: true,
  max_iter: 1,
  ...SGD,
}

const settings: readonly Setting[] = [
  // From 67 to 100 % is more than half a point and less than half as much again.
  {
    name: 'slow rise',
    config: {
      ...WILD,
      scheduler: 'adaptive',
      optimizer_options: { lr: 0.01, momentum: 0.9 },
      threshold: 0.5,
    },
    about: ['scheduler_options.mtl', 'threshold', 'threshold_mode'],
  },
  {
    name: 'fractions',
    config: { ...short, train_cycler_args: { ratio: 0.4 } },
    about: ['train_cycler_args.legacy_ratio'],
  },
  { name: 'co-training', config: short },
  { name: 'Adam', config: { ...short, optimizer: 'Adam', optimizer_options: { lr: 0.01 } } },
  { name: 'sums', config: { ...short, loss_functions: { ...BOTH, v1: 'MSELoss' }, avg_loss: undefined } },
  {
    name: 'one task',
    config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'], max_iter: 1, ...SGD },
  },
  {
    name: 'spans of epochs',
    config: { ...WILD, scheduler: 'manual', scheduler_options: { milestones: [1, 3] } },
  },
  { name: 'plateaus', config: { ...WILD, scheduler: 'adaptive' } },
  { name: 'rounds', config: { ...WILD, scheduler: 'adaptive', scheduler_options: { mtl: true } } },
  { name: 'warm-up', config: { ...short, max_iter: 3 }, about: ['lr_warmup'] },
  {
    name: 'matching',
    config: {
      ...short,
      representation_matching: {
        representations: ['core', 'mtl_vgg_core.v1_block.relu1_1'],
        combine_losses: 'lin',
        second_noise_std: { 0.1: 1 },
      },
    },
  },
  {
    name: 'matching on noise',
    config: {
      ...short,
      noise_augmentation: { noise_std: { 0.2: 0.5 } },
      representation_matching: { lambda: 1, second_noise_std: { 0.1: 1 } },
    },
  },
  {
    name: 'a task without batches',
    config: { ...short, train_cycler: 'LongCycler', allow_untrained: true },
    about: ['allow_untrained'],
  },
  { name: 'monitor', config: { ...short, representation_monitor: { representations: ['core'] } } },
  { name: 'noise', config: { ...short, noise_augmentation: { noise_std: { 0.2: 0.5 } } } },
  { name: 'noise by ratio', config: { ...short, noise_augmentation: { noise_snr: { 2: 0.5 } } } },
  { name: 'resets', config: { ...short, reset_linear_frequency: { batch: 3 } } },
  { name: 'resets of epochs', config: { ...short, max_iter: 2, reset_linear_frequency: { epoch: 2 } } },
  {
    name: 'tickets',
    config: {
      ...short,
      max_iter: undefined,
      lottery_ticket: { rounds: 2, round_length: 1, percent_to_prune: 50 },
    },
  },
  { name: 'frozen', config: { ...short, freeze: { freeze: ['readout'] } } },
  { name: 'similarity', config: { ...short, rdm_prediction: { lambda: 1 } } },
]

/** Values for options of which no other one follows from the type. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  loss_functions: [{ v1: 'MSELoss', [IMAGES]: 'CrossEntropyLoss' }],
  to_monitor: [['v1', IMAGES], ['v1']],
  return_classification_subset: [4],
  'train_cycler_args.ratio': [2],
  'train_cycler_args.grad_accum_step': [1],
  'scheduler_options.milestones': [[2, 3]],
  'optimizer_options.betas': [[0.5, 0.9]],
  'optimizer_options.eps': [0.1],
  'optimizer_options.weight_decay': [0.1],
  specific_opt_options: [{ v1_readout: { lr: 0.2 } }],
  grad_clip: [0.01],
  min_lr: [0.1, 0.29],
  lr_decay: [0.1],
  lr_warmup: [2],
  threshold: [50, 20],
  patience: [0, 5],
  'representation_matching.representations': [['mtl_vgg_core.v1_block.relu1_1']],
  'representation_matching.second_noise_std': [{ 0.3: 1 }],
  'representation_monitor.representations': [['mtl_vgg_core.v1_block.conv1_1']],
  'noise_augmentation.noise_std': [{ 0.4: 0.5 }],
  'noise_augmentation.noise_snr': [{ 1: 0.5 }],
  'reset_linear_frequency.epoch': [1],
  'reset_linear_frequency.batch': [2],
  'lottery_ticket.rounds': [1],
  'lottery_ticket.percent_to_prune': [90],
  'freeze.freeze': [['core']],
  'freeze.reset': [['all']],
  'freeze_bn.last_layer': [3],
  readout_name: ['v1_readout'],
  loss_accum_batch_n: [1],
  lr_init: [0.05],
  tolerance: [0.5, 5],
  lr_decay_factor: [0.9],
}

/** More classes than the images have, so that some can be left out. */
const roomy = () => smallModel({ classes: 5 })

const single: readonly Setting[] = [
  { name: 'short', config: { max_iter: 1 } },
  { name: 'long', config: { max_iter: 10, lr_init: 0.3, patience: 1, lr_decay_steps: 8, min_lr: 0.001 } },
]

beforeAll(() => useBackend('wasm')) // the faster one for networks as small as this

describe.each(trainers.map((known) => [known.fn, known as Component] as const))('%s', (fn, known) => {
  const isAlone = fn === 'nnvision_trainer'
  const data = isAlone ? smallData({ tasks: ['v1'] }) : smallData()
  let weights: NamedArrays
  beforeAll(async () => {
    weights = (await train({ model: roomy(), config: { max_iter: 0 } })).result.weights
  })
  const outcome = (config: PlainConfig): Promise<string> => {
    const start = config['rdm_prediction'] == null ? null : weights
    return outcomeOf({ fn, config, data, model: roomy(), start })
  }
  const changesSomething = effectsOf(known, isAlone ? single : settings, outcome, values)

  // Whether repeats are equal is decided by the process: its numbers on a processor are the same.
  it.each(optionsOf(known).filter((path) => path !== 'deterministic'))(
    'trains otherwise with another %s',
    async (path) => {
      expect(await changesSomething(path)).toBe(true)
    },
  )
})
