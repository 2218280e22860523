import { createHash } from 'node:crypto'
import { tensor, tensor2d, tensor4d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import { buildModel } from '../../../../../src-main/engine/model/index.ts'
import { train } from '../../../../../src-main/engine/train/index.ts'
import type { Batch, DataSet, Loader } from '../../../../../src-main/engine/types.ts'
import type { ModelChoice } from '../../../../../src-shared/schema/registry.ts'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { models } from '../../../../../src-shared/schema/model/index.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { images } from '../../../../support/configured-model.ts'
import type { Setting } from '../../../../support/option-effects.ts'
import { effectsOf, optionsOf } from '../../../../support/option-effects.ts'
import { resolvedTrainer } from '../../../../support/small-training.ts'

const BATCH = 4
const UNITS = 3
const CLASSES = 4
type Task = 'v1' | 'img_classification'

/** Two batches of noise with noisy answers: no task to learn, but every weight that takes part moves. */
function noise(task: Task, side: number): Loader {
  const key = task === 'v1' ? 'a' : task
  const draw = createRng(11).fork(task)
  const values = (name: string, count: number): number[] => {
    const rng = draw.fork(name)
    return Array.from({ length: count }, () => rng.uniform())
  }
  const batchOf = (b: number): Batch => ({
    inputs: tensor4d(values(`pixels ${b}`, BATCH * side * side), [BATCH, side, side, 1]),
    index: Int32Array.from({ length: BATCH }, (_, i) => b * BATCH + i),
    ...(task === 'v1'
      ? {
          targets: tensor(
            values(`responses ${b}`, BATCH * UNITS).map((v) => Math.max(0, 4 * v - 1)),
            [BATCH, UNITS],
          ),
          behavior: tensor2d(values(`behaviour ${b}`, BATCH * 3), [BATCH, 3]),
          pupil: tensor2d(values(`gaze ${b}`, BATCH * 2), [BATCH, 2]),
        }
      : { targets: tensor([0, 1, 2, 3], [BATCH], 'int32') }),
  })
  return {
    key,
    batches: 2,
    size: 2 * BATCH,
    async *epoch() {
      for (const b of [0, 1]) yield batchOf(b)
    },
  }
}

const shapesFor = (tasks: readonly Task[], side: number): ModelShapes => ({
  inputs: Object.fromEntries(tasks.map((task) => [task, images(side, 1)])),
  sessions: tasks.includes('v1')
    ? [
        {
          area: 'v1',
          key: 'a',
          units: UNITS,
          meanResponse: [1, 1.5, 2],
          firstBatchMean: [2, 1, 0.5],
          behavior: 3,
          pupil: 2,
          sourceGrid: { values: [0, 1, 2, 3, 4, 9], dimensions: 2 },
          matchIds: [1, 2, 1],
        },
      ]
    : [],
  classes: tasks.includes('img_classification') ? CLASSES : null,
})

const LOSSES: Readonly<Record<string, string>> = {
  gaussian: 'GaussianLoss',
  gamma: 'GammaLoss',
  zig: 'ZIGLoss',
  zil: 'ZILLoss',
}

/** Builds the model, takes two steps with the regulariser, and says all weights and scores; refusals in words. */
async function outcomeOf(
  fn: string,
  config: PlainConfig,
  tasks: readonly Task[],
  side: number,
): Promise<string> {
  const losses = Object.fromEntries(
    tasks.map((task) => [
      task,
      task === 'v1' ? (LOSSES[String(config['encoder'])] ?? 'PoissonLoss') : 'CrossEntropyLoss',
    ]),
  )
  const loaders = Object.fromEntries(
    tasks.map((task) => [task, new Map([[noise(task, side).key, noise(task, side)]])]),
  )
  const data: DataSet = {
    train: loaders,
    validation: loaders,
    test: loaders,
    conditions: new Map(),
    sessions: new Map(),
    classNames: ['a', 'b', 'c', 'd'],
    waited: () => 0,
  }
  const trainer = resolvedTrainer('cotrainer', {
    loss_functions: losses,
    to_monitor: [tasks[0]],
    ...(tasks.includes('v1') ? { regularize: 'always' } : {}),
    train_cycler: 'MTL_Cycler',
    train_cycler_args: { main_key: tasks.at(-1) },
    optimizer: 'SGD',
    optimizer_options: { lr: 0.01 },
    max_iter: 1,
    restore_best: false,
    add_final_train_eval: false,
    add_final_val_eval: false,
  })
  const steps = train({
    data,
    model: buildModel({ fn, config } as ModelChoice, shapesFor(tasks, side)),
    trainer,
    seed: 1,
    start: null,
    checkpoint: null,
    now: () => 0,
    stopRequest: () => 'no',
  })
  for (;;) {
    const { done, value } = await steps.next()
    if (done !== true) continue
    const hash = createHash('sha256')
    for (const [name, { data: numbers, shape }] of value.weights)
      hash.update(`${name} ${shape.join()}`).update(numbers)
    const { 'Time/seconds': _seconds, ...scores } = value.scores
    return hash.update(JSON.stringify(scores)).digest('hex')
  }
}

interface Trial {
  readonly tasks: readonly Task[]
  readonly side: number
  readonly settings: readonly PlainConfig[]
}

const VGG = { vgg_type: 'vgg11_bn', width: 0.0625 }
const STACK = { hidden_channels: 4, input_kern: 3, hidden_kern: 3, layers: 3 }
const core = (config: PlainConfig = {}): PlainConfig => ({ ...STACK, ...config })
const neural = (settings: readonly PlainConfig[]): Trial => ({ tasks: ['v1'], side: 16, settings })
const se = (more: PlainConfig = {}): Trial =>
  neural([
    core({ n_se_blocks: 2, se_reduction: 2, ...more }),
    core({ n_se_blocks: 2, depth_separable: true, stack: -1, ...more }),
  ])
const classes = (settings: readonly PlainConfig[], side = 32): Trial => ({
  tasks: ['img_classification'],
  side,
  settings,
})
const part = (kind: string, name: string, config: PlainConfig = {}): PlainConfig => ({
  [kind]: name,
  ...(kind === 'core' ? {} : { stacked: STACK }),
  ...(Object.keys(config).length === 0 ? {} : { [name]: config }),
})

const trials: Readonly<Record<string, Trial>> = {
  mtl_builder: {
    tasks: ['v1', 'img_classification'],
    side: 32,
    settings: [
      { ...VGG, v1_model_layer: 4, readout_hidden: 8 },
      { ...VGG, v1_model_layer: 4, readout_hidden: 8, v4_model_layer: 8 },
    ],
  },
  classification_cnn_builder: classes([{ type: 'vgg11_bn', width: 0.0625, readout_hidden: 8 }]),
  neural_cnn_builder: neural([
    core({ n_se_blocks: 1, se_reduction: 2, pool_steps: 1 }),
    core({ n_se_blocks: 1, readout_type: 'gauss' }),
    core({ n_se_blocks: 1, depth_separable: false, stack: null }),
  ]),
  se_core_gauss_readout: se(),
  se_core_point_readout: se({ pool_steps: 1 }),
  se_core_full_gauss_readout: neural([
    core({ n_se_blocks: 2, se_reduction: 2 }),
    core({ grid_mean_predictor: { hidden_layers: 1 } }),
  ]),
  se_core_spatialXfeature_readout: se(),
  stacked2d_core_gaussian_readout: neural([
    core(),
    core({ depth_separable: true }),
    core({ batch_norm: false }),
  ]),
  vgg_core_gauss_readout: neural([{ vgg_type: 'vgg11', model_layer: 3 }]),
  vgg_core_full_gauss_readout: neural([
    { vgg_type: 'vgg11', model_layer: 3 },
    { vgg_type: 'vgg11', model_layer: 3, grid_mean_predictor: { hidden_layers: 1 } },
  ]),
  composed_neural_model: neural([
    { stacked: STACK },
    { stacked: { ...STACK, depth_separable: false, batch_norm: false } },
    part('core', 'squeeze_excitation', { ...STACK, n_se_blocks: 2, se_reduction: 2 }),
    part('core', 'rotation_equivariant', {
      hidden_channels: 2,
      input_kern: 3,
      hidden_kern: 3,
      layers: 2,
      num_rotations: 4,
      gamma_input: 0.1,
    }),
    part('core', 'vgg', { vgg_type: 'vgg11', model_layer: 3 }),
    ...[
      'gaussian',
      'point_pooled',
      'factorized',
      'attention',
      'deterministic_gaussian',
      'point_pyramid',
      'ultra_sparse',
      'remapped_gaussian',
    ].map((name) => part('readout', name)),
    // a penalty that drives features below 0, where keeping them positive shows
    ...['deterministic_gaussian', 'point_pyramid'].map((readout) => ({
      stacked: STACK,
      readout,
      gamma_readout: 100,
    })),
    { stacked: STACK, full_gaussian: { grid_mean_predictor: { hidden_layers: 1 } } },
    {
      stacked: STACK,
      remapped_gaussian: { grid_mean_predictor: { hidden_layers: 1 } },
      readout: 'remapped_gaussian',
    },
    { stacked: STACK, shifter: 'mlp', modulator: 'mlp' },
    { stacked: STACK, shifter: 'static_affine', affine_shifter: { gamma_shifter: 0.1 } },
    { stacked: STACK, encoder: 'gamma' },
    { stacked: STACK, encoder: 'zig' },
    {},
  ]),
  resnet_builder: classes([{ type: '18', width: 0.0625, advanced_init: true }]),
  lenet_builder: classes([{ dropout: 0.1 }], 28),
  mlp_builder: classes([{ size: 8 }], 8),
}

const lastKey = (path: string): string => path.split('.').at(-1) as string

/** Other values, by the last key of an option, where none follows from the type. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  num_classes: [6],
  v1_model_layer: [7],
  v4_model_layer: [8],
  hidden_channels: [3],
  hidden_kern: [5],
  hidden_padding: [0],
  stack: [0, -1],
  skip: [2],
  laplace_padding: [0, 2],
  bias: [false, true],
  batch_norm_scale: [false, true],
  elu_shift: [[1, 0.5]],
  min_rate: [5],
}

/** Options that say nothing by themselves, and why. */
const BY_THEMSELVES_IDLE: Readonly<Record<string, string>> = {
  get_intermediate_rep: 'names a layer for other options',
  classification: 'takes away a readout, which is refused where it is trained, see run-config.test.ts',
  pretrained: 'demands the weights file that the run names as its parent',
  dataset_cls: 'fills in other options, see the models of the published sets',
  clone_readout: 'needs sessions of the same units, see the cloned readouts',
}

beforeAll(() => useBackend('wasm')) // the faster one for networks as small as these

describe.each(models.map((known) => [known.fn, known] as const))('%s', (fn, known) => {
  const trial = trials[fn]
  if (trial === undefined) throw new Error(`no settings to try the options of ${fn} in`)
  const settings: readonly Setting[] = trial.settings.map((config, i) => ({ name: `${i}`, config }))
  const outcome = (config: PlainConfig): Promise<string> => outcomeOf(fn, config, trial.tasks, trial.side)
  const changesSomething = effectsOf(known, settings, outcome, values)
  const options = optionsOf(known).filter((path) => !(lastKey(path) in BY_THEMSELVES_IDLE))

  it.each(options)('trains otherwise with another %s', async (path) => {
    expect(await changesSomething(path)).toBe(true)
  })
})
