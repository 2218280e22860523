import type { z } from 'zod'
import { component } from '../component.ts'
import { boolean, choice, int, number } from '../field.ts'
import { numClasses, width } from './vgg-fields.ts'

const NETWORK = 'Network'
const STEM = 'Stem'

const dropout = () =>
  number({
    default: 0,
    min: 0,
    max: 0.95,
    label: 'Dropout',
    help: 'Dropout behind every hidden layer; 0: none.',
    group: NETWORK,
  })

/** `resnet_builder` of nntransfer. */
export const resnet = component({
  kind: 'model',
  fn: 'resnet_builder',
  version: 1,
  tasks: () => ['img_classification'],
  title: 'ResNet classifier',
  help: 'Residual network for image classification, with a stem for small images.',
  fields: {
    type: choice(['18', '26', '34', '38', '50', '101', '152'], {
      default: '50',
      label: 'Depth',
      help: 'Number of layers; 18 and 34 have plain blocks, the others bottlenecks.',
      group: NETWORK,
    }),
    width: width(),
    core_stride: int({
      default: 1,
      min: 1,
      max: 4,
      label: 'First stride',
      help: 'Step of the first stage.',
      group: NETWORK,
    }),
    conv_stem_kernel_size: int({
      default: 3,
      min: 1,
      max: 15,
      label: 'Stem kernel',
      help: 'Side of the first filters; 7 for large images.',
      group: STEM,
    }),
    conv_stem_padding: int({
      default: 1,
      min: 0,
      max: 7,
      label: 'Stem padding',
      help: 'Zeros on each side for the first layer; 3 with a kernel of 7.',
      group: STEM,
    }),
    conv_stem_stride: int({
      default: 1,
      min: 1,
      max: 4,
      label: 'Stem stride',
      help: 'Step of the first layer; 2 for large images.',
      group: STEM,
    }),
    max_pool_after_stem: boolean({
      default: false,
      label: 'Stem pool',
      help: 'Max pool 3 x 3 with step 2 behind the stem.',
      group: STEM,
    }),
    adaptive_pooling: boolean({
      default: false,
      label: 'Average over the map',
      help: 'Average over the whole last map instead of 4 x 4 cells.',
      group: NETWORK,
    }),
    advanced_init: boolean({
      default: false,
      label: 'He initialisation',
      help: 'Start convolutions by their fan-out instead of torch’s default.',
      group: NETWORK,
      advanced: true,
    }),
    zero_init_residual: boolean({
      default: false,
      label: 'Blocks start as identity',
      help: 'Start the last norm of each block at zero.',
      group: NETWORK,
      advanced: true,
    }),
    num_classes: numClasses(),
  },
  applies: { zero_init_residual: (c) => c.advanced_init },
})

/** `lenet_builder` of nntransfer. */
export const lenet = component({
  kind: 'model',
  fn: 'lenet_builder',
  version: 1,
  tasks: () => ['img_classification'],
  title: 'LeNet classifier',
  help: 'LeNet-5 with convolutional, locally connected or dense core, or the dense LeNet-300-100.',
  fields: {
    type: choice(['lenet5', 'lenet300-100'], {
      default: 'lenet5',
      label: 'Network',
      help: 'Which LeNet.',
      group: NETWORK,
    }),
    core: choice(['conv', 'lc', 'fc'], {
      default: 'conv',
      label: 'Core',
      help: 'Convolutions, the same without shared weights, or dense layers of the same sizes.',
      group: NETWORK,
    }),
    dropout: dropout(),
    num_classes: numClasses(),
  },
  applies: { core: (c) => c.type === 'lenet5' },
})

/** `mlp_builder` of nntransfer. */
export const mlp = component({
  kind: 'model',
  fn: 'mlp_builder',
  version: 1,
  tasks: () => ['img_classification'],
  title: 'Multi-layer perceptron',
  help: 'Dense layers on the flattened image.',
  fields: {
    layers: int({
      default: 2,
      min: 1,
      max: 16,
      label: 'Hidden layers',
      help: 'Number of hidden layers.',
      group: NETWORK,
    }),
    size: int({
      default: 100,
      min: 1,
      max: 16384,
      label: 'Hidden units',
      help: 'Units of each hidden layer.',
      group: NETWORK,
    }),
    activation: choice(['sigmoid', 'tanh', 'relu', 'sin'], {
      default: 'relu',
      label: 'Activation',
      help: 'Nonlinearity behind each hidden layer.',
      group: NETWORK,
    }),
    dropout: dropout(),
    num_classes: numClasses(),
  },
})

export type ResnetConfig = Readonly<z.output<typeof resnet.schema>>
export type LenetConfig = Readonly<z.output<typeof lenet.schema>>
export type MlpConfig = Readonly<z.output<typeof mlp.schema>>
