import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { BenchNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { cotrainingNetwork } from '../../src-main/runs/bench/bench-network.ts'
import { classifierFromFiles, validConfig } from '../classifier-config.ts'
import { FILES } from './jpeg-files.ts'

/** What is compared: a training step, a pass without training, corrupted images, or an epoch from files. */
type CaseKind = 'train' | 'evaluate' | 'corruptions' | 'epoch'

export interface Case {
  readonly name: string
  /** One line for the table. */
  readonly what: string
  readonly kind: CaseKind
  /** Steps (or batches of an evaluation) that make one round. */
  readonly steps: number
  /** What is measured beside float32 with the native engine. */
  readonly also: readonly ('bfloat16' | 'wasm')[]
}

/** The VGG of the paper; its other settings are defaults. */
const VGG = 'VGG-19 with batch norm, 64 px, 200 classes'

export const CASES: readonly Case[] = [
  {
    name: 'vgg-cotrain',
    what: `co-training step of ${VGG}: 16 colour images and 16 grey ones with 100 units`,
    kind: 'train',
    steps: 2,
    also: ['bfloat16'],
  },
  {
    name: 'vgg-classify',
    what: `classification step of ${VGG}: 16 images`,
    kind: 'train',
    steps: 2,
    also: ['bfloat16'],
  },
  {
    name: 'se-core',
    what: 'step of a squeeze-excitation core with Gaussian readouts: three sessions of 100 units, 64 grey images of 93 px each',
    kind: 'train',
    steps: 1,
    also: ['bfloat16'],
  },
  {
    name: 'se-core-1000',
    what: 'the same with 1,000 units in each session',
    kind: 'train',
    steps: 1,
    also: [],
  },
  {
    name: 'separable',
    what: 'step of a depth-separable stacked core of four layers, 64 channels: 64 grey images of 36 x 64 px, 1,000 units',
    kind: 'train',
    steps: 2,
    also: ['bfloat16'],
  },
  {
    name: 'demo',
    what: 'step of the demo (configs/demo-cotrained.yaml): 64 digits and 64 images with 60 units, 32 px',
    kind: 'train',
    steps: 10,
    also: ['bfloat16', 'wasm'],
  },
  {
    name: 'evaluate',
    what: `classification of 64 images by ${VGG}, scores read`,
    kind: 'evaluate',
    steps: 2,
    also: ['bfloat16'],
  },
  {
    name: 'corruptions',
    what: 'the 15 common corruptions in 5 severities of 32 images of 64 px',
    kind: 'corruptions',
    steps: 1,
    also: [],
  },
  {
    name: 'jpeg-epoch',
    what: `${FILES.trained} JPEG files of 64 px opened and trained on once: shifted, mirrored, turned; VGG-11 of a quarter of the channels`,
    kind: 'epoch',
    steps: 1,
    also: [],
  },
]

/** The case of a name. @throws RangeError for a name that no case has */
export function caseOf(name: string): Case {
  const found = CASES.find((one) => one.name === name)
  if (found === undefined)
    throw new RangeError(`no case is called "${name}"; there are ${CASES.map((one) => one.name).join(', ')}`)
  return found
}

/** The published network: every case of VGG is 16 images of each task. */
const PUBLISHED = { batch: 16, width: 1 }

/**
 * The network and data shapes of a case. `isChecked`: without dropout, so that the contenders compute the same numbers.
 * Configs are those of the product: what a case leaves open is a default of the schema.
 */
export function networkOf(name: string, format: string, isChecked: boolean): BenchNetwork {
  const network = NETWORKS[name]
  if (network === undefined) throw new RangeError(`the case ${name} has no network`)
  const built = network(format)
  return isChecked ? withoutDropout(built) : built
}

const NETWORKS: Readonly<Record<string, (format: string) => BenchNetwork>> = {
  'vgg-cotrain': (format) => cotrainingNetwork({ format, ...PUBLISHED }),
  'vgg-classify': classification,
  'se-core': (format) => squeezeCore(format, 100),
  'se-core-1000': (format) => squeezeCore(format, 1000),
  separable: (format) => separable(format),
  demo,
  evaluate: (format) => ({ ...classification(format), passes: [{ task: 'img_classification', images: 64 }] }),
  'jpeg-epoch': (format) => fromFiles(format, '.', 1),
}

/** The network of the co-training without its neural part. */
function classification(format: string): BenchNetwork {
  const whole = cotrainingNetwork({ format, ...PUBLISHED })
  const { v1: _, ...inputs } = whole.shapes.inputs
  const config = validConfig({
    dataset: { fn: 'img_loader', config: { apply_grayscale: false } },
    model: { fn: 'mtl_builder', config: { ...optionsOf(whole, CLASSIFIER), v1_model_layer: -1 } },
    trainer: {
      fn: 'cotrainer',
      config: { loss_functions: { img_classification: 'CrossEntropyLoss' }, precision: format },
    },
  })
  return {
    config,
    shapes: { ...whole.shapes, inputs, sessions: [] },
    passes: whole.passes.filter(({ task }) => task === 'img_classification'),
  }
}

const CLASSIFIER = ['vgg_type', 'pretrained', 'width', 'input_size', 'num_classes', 'readout_hidden']

const optionsOf = ({ config }: BenchNetwork, names: readonly string[]) =>
  Object.fromEntries(Object.entries(config.model.config).filter(([name]) => names.includes(name)))

/** Neurons alone: every session has as many images, grey and `size`, and as many units. */
function neurons(
  model: { readonly fn: string; readonly config: object },
  format: string,
  o: { readonly height: number; readonly width: number; readonly units: number; readonly sessions: number },
): BenchNetwork {
  const config = validConfig({
    dataset: { fn: 'neural_loader', config: { dataset: 'bench', target_types: ['v1'] } },
    model,
    trainer: {
      fn: 'cotrainer',
      config: { loss_functions: { v1: 'PoissonLoss' }, to_monitor: ['v1'], precision: format },
    },
  })
  const sessions = Array.from({ length: o.sessions }, (_, i) => {
    return {
      area: 'v1',
      key: `s${i}`,
      units: o.units,
      meanResponse: new Float32Array(o.units).fill(1),
    } as const
  })
  const inputs = { v1: { height: o.height, width: o.width, channels: 1 } }
  return { config, shapes: { inputs, sessions, classes: null }, passes: [{ task: 'v1', images: 64 }] }
}

/** nnvision's squeeze-excitation core with its defaults. */
const squeezeCore = (format: string, units: number): BenchNetwork =>
  neurons({ fn: 'se_core_gauss_readout', config: {} }, format, { height: 93, width: 93, units, sessions: 3 })

/** The core of the Sensorium competition's baseline, on which recordings read with a Gaussian readout; one of 1,000 units by default. */
export function separable(format: string, { units = 1000, sessions = 1, images = 64 } = {}): BenchNetwork {
  const core = {
    ...{ layers: 4, hidden_channels: 64, input_kern: 9, hidden_kern: 7, depth_separable: true, stack: -1 },
    ...{ nonlinearity_type: 'ELU', gamma_input: 6.3831, gamma_readout: 0.0076 },
  }
  const size = { height: 36, width: 64, units, sessions }
  const network = neurons({ fn: 'stacked2d_core_gaussian_readout', config: core }, format, size)
  return { ...network, passes: [{ task: 'v1', images }] }
}

/** The co-trained demo as it is shipped. */
function demo(format: string): BenchNetwork {
  const path = new URL('../../configs/demo-cotrained.yaml', import.meta.url)
  const given = parse(readFileSync(path, 'utf8')) as { trainer: { config: object } } // checked by the schema
  Object.assign(given.trainer.config, { precision: format })
  const units = 60
  const image = { height: 32, width: 32, channels: 1 }
  const session = { area: 'v1', key: 'bench', units, meanResponse: new Float32Array(units).fill(1) } as const
  return {
    config: validConfig(given),
    shapes: { inputs: { img_classification: image, v1: image }, sessions: [session], classes: 10 },
    passes: [
      { task: 'img_classification', images: 64 },
      { task: 'v1', images: 64 },
    ],
  }
}

/** A small network on a set of JPEG files in a folder, which so many threads read. */
export function fromFiles(format: string, folder: string, workers: number): BenchNetwork {
  const { side, classes } = FILES
  const config = classifierFromFiles({
    dataset: {
      dataset_cls: 'TinyImageNet',
      data_dir: folder,
      apply_grayscale: false,
      num_workers: workers,
    },
    model: { width: 0.25, num_classes: classes },
    trainer: { precision: format },
  })
  const inputs = { img_classification: { height: side, width: side, channels: 3 } }
  return {
    config,
    shapes: { inputs, sessions: [], classes },
    passes: [{ task: 'img_classification', images: 64 }],
  }
}

function withoutDropout(network: BenchNetwork): BenchNetwork {
  const { config } = network
  const { model } = config
  if (model.fn !== 'mtl_builder') return network
  return {
    ...network,
    config: { ...config, model: { ...model, config: { ...model.config, readout_dropout: 0 } } },
  }
}
