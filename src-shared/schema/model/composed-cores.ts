import { z } from 'zod'
import { boolean, choice, group, int, nullable, number } from '../field.ts'
import type { CoreDefaults } from './core-fields.ts'
import {
  CORE_NONLINEARITIES,
  INPUT_REGULARIZERS,
  perLayer,
  plainStackFields,
  squeezeFields,
  stackedFields,
} from './core-fields.ts'
import { pretrained, vggType } from './vgg-fields.ts'

/** Defaults of neuralpredictors' Sensorium baseline. */
const CORE: CoreDefaults = {
  hiddenChannels: 64,
  inputKern: 9,
  hiddenKern: 7,
  gammaInput: 6.3831,
  momentum: 0.9,
  padInput: false,
  depthSeparable: true,
  stack: -1,
  hiddenDilation: 1,
  inputRegularizer: 'LaplaceL2norm',
  laplacePadding: null,
}

export const CORES = ['stacked', 'squeeze_excitation', 'rotation_equivariant', 'vgg'] as const

/** Filters in all orientations. */
const rotationFilters = () => ({
  hidden_channels: perLayer({
    default: 8,
    label: 'Channels',
    help: 'Feature maps per orientation, one number or one per layer.',
  }),
  input_kern: int({
    default: 13,
    min: 1,
    max: 31,
    unit: 'px',
    label: 'Input kernel',
    help: 'Side of the filters of the first layer.',
  }),
  hidden_kern: perLayer({
    default: 5,
    label: 'Hidden kernel',
    help: 'Side of the filters of the hidden layers.',
  }),
  layers: int({ default: 3, min: 1, max: 8, label: 'Layers', help: 'Number of convolutional layers.' }),
  num_rotations: int({
    default: 8,
    min: 1,
    max: 32,
    label: 'Orientations',
    help: 'Number of orientations of every filter.',
  }),
  upsampling: int({
    default: 2,
    min: 1,
    max: 4,
    label: 'Upsampling',
    help: 'Finer grid on which filters are turned before they are summed down.',
    advanced: true,
  }),
  stride: int({
    default: 1,
    min: 1,
    max: 4,
    label: 'Stride',
    help: 'Step of every convolution.',
    advanced: true,
  }),
  init_std: number({
    default: 0.1,
    above: 0,
    scale: 'log',
    label: 'Start noise',
    help: 'Standard deviation of the first coefficients.',
    advanced: true,
  }),
})

const rotationNonlinearities = () => ({
  pad_input: boolean({
    default: true,
    label: 'Pad input',
    help: 'Zeros around the image for the first layer.',
  }),
  batch_norm: boolean({
    default: true,
    label: 'Batch norm',
    help: 'One norm for all orientations of a feature.',
  }),
  momentum: number({
    default: 0.1,
    above: 0,
    max: 1,
    label: 'Norm momentum',
    help: 'Share of the batch in the running statistics.',
    advanced: true,
  }),
  final_nonlinearity: boolean({
    default: true,
    label: 'Last nonlinearity',
    help: 'Nonlinearity behind the last layer.',
    advanced: true,
  }),
  linear: boolean({ default: false, label: 'Linear', help: 'No nonlinearity in the core.', advanced: true }),
  nonlinearity_type: choice(CORE_NONLINEARITIES, {
    default: 'AdaptiveELU',
    label: 'Nonlinearity',
    help: 'Nonlinearity of the layers.',
    advanced: true,
  }),
  stack: int({
    default: -1,
    max: 8,
    label: 'Stack',
    help: 'First layer that the readout sees; -1: the last one only, 0: all.',
  }),
})

const rotationPenalties = () => ({
  gamma_input: number({
    effect: 'penalty',
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Input smoothness',
    help: 'Weight of the smoothness penalty of the input filters.',
  }),
  gamma_hidden: number({
    effect: 'penalty',
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Hidden sparsity',
    help: 'Weight of the group sparsity of the hidden filters.',
  }),
  input_regularizer: choice(INPUT_REGULARIZERS, {
    effect: 'penalty',
    default: 'LaplaceL2norm',
    label: 'Smoothness penalty',
    help: 'How roughness is measured.',
    advanced: true,
  }),
  laplace_padding: nullable(z.number().int().min(0), {
    effect: 'penalty',
    default: 0,
    label: 'Penalty padding',
    help: 'Zeros around each filter before the Laplacian; empty: 1.',
    identity: (padding) => (padding === 1 ? null : padding),
    advanced: true,
  }),
})

const rotationFields = () => ({
  ...rotationFilters(),
  ...rotationNonlinearities(),
  ...rotationPenalties(),
})

const vggCoreFields = () => ({
  vgg_type: vggType('vgg16'),
  model_layer: int({
    default: 11,
    min: 1,
    max: 60,
    label: 'Layer',
    help: 'Number of VGG modules that are kept.',
  }),
  pretrained: pretrained(),
  fine_tune: boolean({
    default: false,
    label: 'Fine-tune',
    help: 'Train the kept modules; off: they stay as they start.',
  }),
  final_batchnorm: boolean({
    default: true,
    label: 'Final norm',
    help: 'Batch norm behind the kept modules.',
  }),
  final_nonlinearity: boolean({ default: true, label: 'Final ReLU', help: 'ReLU behind the kept modules.' }),
  momentum: number({
    default: 0.1,
    above: 0,
    max: 1,
    label: 'Norm momentum',
    help: 'Share of the batch in the running statistics of that norm.',
  }),
})

/** One group of options per core. */
export const coreGroups = () => ({
  stacked: group(
    { ...stackedFields(CORE), ...plainStackFields() },
    { label: 'Stacked core', help: 'Stack of convolutions.', group: 'Core' },
  ),
  squeeze_excitation: group(
    { ...stackedFields(CORE), ...squeezeFields(1, 16) },
    { label: 'Squeeze-excitation core', help: 'Stack with channel gates.', group: 'Core' },
  ),
  rotation_equivariant: group(rotationFields(), {
    label: 'Rotation-equivariant core',
    help: 'Every filter in all orientations.',
    group: 'Core',
  }),
  vgg: group(vggCoreFields(), { label: 'VGG core', help: 'First modules of a VGG.', group: 'Core' }),
})
