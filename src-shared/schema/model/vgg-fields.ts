import { z } from 'zod'
import { boolean, choice, int, number, nullable, record } from '../field.ts'

/** The eight VGG networks. */
export const VGG_TYPES = [
  'vgg11',
  'vgg11_bn',
  'vgg13',
  'vgg13_bn',
  'vgg16',
  'vgg16_bn',
  'vgg19',
  'vgg19_bn',
] as const

export const vggType = (fallback: (typeof VGG_TYPES)[number] = 'vgg19_bn') =>
  choice(VGG_TYPES, {
    default: fallback,
    label: 'VGG type',
    help: 'Depth of the network and whether each convolution is followed by batch norm.',
    group: 'Backbone',
  })

export const width = () =>
  number({
    default: 1,
    above: 0,
    max: 4,
    label: 'Width',
    help: 'Factor on the channels of every convolution; 1 is the published network, 0.25 fits a small machine.',
    group: 'Backbone',
  })

export const pretrained = () =>
  boolean({
    default: false,
    label: 'Pretrained',
    help: 'Start from ImageNet weights: give a converted torchvision file as the run’s weights file to start from.',
    group: 'Backbone',
    effect: 'check',
  })

export const readoutKind = () =>
  choice(['dense', 'conv'], {
    default: 'dense',
    label: 'Classification readout',
    help: 'Three dense layers on the flattened map, or three 1x1 convolutions and the maximum over space.',
    group: 'Classification readout',
  })

export const readoutHidden = () =>
  int({
    default: 4096,
    min: 0,
    max: 16384,
    label: 'Hidden units',
    help: 'Units of the two hidden layers of the classification readout; 0: one linear layer.',
    group: 'Classification readout',
  })

export const readoutDropout = () =>
  number({
    default: 0.5,
    min: 0,
    max: 0.95,
    label: 'Readout dropout',
    help: 'Dropout behind each hidden layer of the classification readout.',
    group: 'Classification readout',
    advanced: true,
  })

export const numClasses = () =>
  nullable(z.number().int().min(2), {
    label: 'Classes',
    help: 'Number of outputs; empty: as many as the data set has classes.',
    group: 'Classification readout',
  })

export const inputSize = () =>
  nullable(z.number().int().min(1), {
    label: 'Input size',
    help: 'Side of the classification images in pixels; empty: as the data set has them. Checked against the data.',
    unit: 'px',
    group: 'Backbone',
    effect: 'check',
  })

export const intermediateRep = () =>
  record(z.string(), {
    default: {},
    label: 'Intermediate representations',
    help: 'Module path -> name under which its output can be used by representation matching and similar parts.',
    group: 'Other',
    advanced: true,
  })

export const biasInit = () =>
  choice(['training_set', 'first_batch'], {
    default: 'training_set',
    label: 'Readout bias starts at',
    help: 'Mean response of each unit over the whole training set, or over the first batch as in the published code.',
    group: 'Neural readout',
    advanced: true,
  })
