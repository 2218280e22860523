import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseRunConfig } from '../../../src-shared/schema/run-config.ts'
import type { ModelShapes } from '../../engine/model/index.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { LayerRow, Model, ParamSpec, TaskName } from '../../engine/types.ts'
import type { BenchJob } from './bench-job.ts'

/** Height and width of all images. */
const PIXELS = 64
const CLASSES = 200
const UNITS = 100
/** Channels and reduction of the squeeze-excitation core as published. */
const CORE_CHANNELS = 32
/** Units of the hidden layers of the classifier as published. */
const HIDDEN = 4096
const SESSION = 'bench'

/** Images of a task that pass the network in one step. */
export interface Pass {
  readonly task: TaskName
  readonly images: number
}

/** A published network with what it is trained on. */
export interface BenchNetwork {
  readonly config: RunConfig
  readonly shapes: ModelShapes
  /** A pass of an area is one of each of its sessions. */
  readonly passes: readonly Pass[]
}

type Wanted = Pick<BenchJob, 'format' | 'batch' | 'width'>

/**
 * The co-training of the paper: VGG-19 with batch norm, 200 classes of colour images, and V1 behind its 17th module, grey
 * images and 100 units.
 */
export function cotrainingNetwork({ format, batch, width }: Wanted): BenchNetwork {
  const config = parsed({
    dataset: {
      fn: 'mtl_loader',
      config: { img_dataset_dict: { apply_grayscale: false }, v1_dataset_dict: { dataset: SESSION } },
    },
    model: {
      fn: 'mtl_builder',
      config: {
        vgg_type: 'vgg19_bn',
        pretrained: false,
        width,
        input_size: PIXELS,
        num_classes: CLASSES,
        readout_hidden: scaled(HIDDEN, width),
      },
    },
    trainer: {
      fn: 'cotrainer',
      config: {
        loss_functions: { v1: 'PoissonLoss', img_classification: 'CrossEntropyLoss' },
        train_cycler: 'MTL_Cycler',
        train_cycler_args: { main_key: 'img_classification', ratio: { 1: 1 } },
        precision: format,
      },
    },
  })
  const shapes = {
    ...neuralShapes(),
    inputs: { ...neuralShapes().inputs, img_classification: { height: PIXELS, width: PIXELS, channels: 3 } },
    classes: CLASSES,
  }
  const passes = [
    { task: 'img_classification', images: batch },
    { task: 'v1', images: batch },
  ] as const
  return { config, shapes, passes }
}

/** The convolutional core of nnvision with squeeze and excitation and a full Gaussian readout, on grey images. */
export function coreNetwork({ format, batch, width }: Wanted): BenchNetwork {
  const channels = scaled(CORE_CHANNELS, width)
  const config = parsed({
    dataset: { fn: 'neural_loader', config: { dataset: SESSION, target_types: ['v1'] } },
    model: {
      fn: 'se_core_full_gauss_readout',
      config: { hidden_channels: channels, se_reduction: Math.min(CORE_CHANNELS, channels) },
    },
    trainer: {
      fn: 'cotrainer',
      config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'], precision: format },
    },
  })
  return { config, shapes: neuralShapes(), passes: [{ task: 'v1', images: batch }] }
}

const neuralShapes = () => ({
  inputs: { v1: { height: PIXELS, width: PIXELS, channels: 1 } },
  sessions: [
    { area: 'v1', key: SESSION, units: UNITS, meanResponse: new Float32Array(UNITS).fill(1) } as const,
  ],
  classes: null,
})

const scaled = (count: number, width: number): number => Math.max(1, Math.round(count * width))

function parsed(given: unknown): RunConfig {
  const config = parseRunConfig(given)
  if (!config.ok) throw new CotrainError(config.problems)
  return config.value
}

/** Different weights of a tensor; then they come again. */
const DRAWN = 4096

/**
 * The network with first values that cost nothing to draw: of the spread of its own, from a short list. Forty million normal numbers
 * take as long as the steps that are timed, and no time depends on which they are.
 */
export function quicklyDrawn(model: Model): Model {
  const rng = createRng(1)
  const normal = Float32Array.from({ length: DRAWN }, () => rng.normal())
  const uniform = Float32Array.from({ length: DRAWN }, () => rng.uniform())
  const drawn = (spec: ParamSpec): ParamSpec => {
    const { init } = spec
    if (init.kind !== 'normal' && init.kind !== 'uniform') return spec
    const list =
      init.kind === 'normal'
        ? normal.map((value) => init.std * value)
        : uniform.map((value) => init.low + (init.high - init.low) * value)
    const count = spec.shape.reduce((product, side) => product * side, 1)
    return { ...spec, init: { kind: 'values', values: repeated(list, count) } }
  }
  return { ...model, specs: model.specs.map(drawn) }
}

/** So many values: the list again and again. */
function repeated(list: Float32Array, count: number): Float32Array {
  const values = new Float32Array(count)
  for (let at = 0; at < count; at += list.length) values.set(list.subarray(0, count - at), at)
  return values
}

/** A gradient step costs two further products for each of the forward pass: for the inputs and for the weights. */
const TRAINING_PASSES = 3

/** Floating-point operations of a step, a product and a sum counted as two: what every implementation has to compute. */
export function operationsOf(
  layers: readonly LayerRow[],
  passes: readonly Pass[],
  isTraining: boolean,
): number {
  const forward = passes.reduce((sum, { task, images }) => sum + images * multiplyAdds(layers, task), 0)
  return 2 * forward * (isTraining ? TRAINING_PASSES : 1)
}

const multiplyAdds = (layers: readonly LayerRow[], task: TaskName): number =>
  layers.filter(({ block }) => isPassed(block, task)).reduce((sum, row) => sum + row.multiplyAdds, 0)

/** Blocks that belong to classification alone; those of an area end its way. */
const UNSHARED: readonly string[] = ['unshared_block', 'classification_readout']

/** Whether an image of a task passes a block. */
export function isPassed(block: string, task: TaskName): boolean {
  const area = /^(v1|v4)_(?:readout|extra)$/.exec(block)?.[1]
  if (area !== undefined) return area === task
  if (task === 'img_classification') return true
  return !UNSHARED.includes(block) && !(block === 'v4_block' && task === 'v1')
}
