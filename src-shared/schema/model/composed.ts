import { z } from 'zod'
import type { PlainConfig } from '../component.ts'
import { component } from '../component.ts'
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
import {
  factorizedFields,
  fullGaussFields,
  gammaReadout,
  muRange,
  pointFields,
  readoutBias,
  sigmaRange,
} from './readout-fields.ts'
import { biasInit, intermediateRep, pretrained, vggType } from './vgg-fields.ts'

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

const CORES = ['stacked', 'squeeze_excitation', 'rotation_equivariant', 'vgg'] as const
const READOUTS = [
  'full_gaussian',
  'gaussian',
  'point_pooled',
  'factorized',
  'remapped_gaussian',
  'attention',
  'deterministic_gaussian',
  'point_pyramid',
  'ultra_sparse',
] as const
const ENCODERS = ['rate', 'gaussian', 'gamma', 'zig', 'zil'] as const

const rotationFields = () => ({
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
  gamma_input: number({
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Input smoothness',
    help: 'Weight of the smoothness penalty of the input filters.',
  }),
  gamma_hidden: number({
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Hidden sparsity',
    help: 'Weight of the group sparsity of the hidden filters.',
  }),
  input_regularizer: choice(INPUT_REGULARIZERS, {
    default: 'LaplaceL2norm',
    label: 'Smoothness penalty',
    help: 'How roughness is measured.',
    advanced: true,
  }),
  laplace_padding: nullable(z.number().int().min(0), {
    default: 0,
    label: 'Penalty padding',
    help: 'Zeros around each filter before the Laplacian; empty: 1.',
    advanced: true,
  }),
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

const gaussFields = () => fullGaussFields({ mu: 0.3, sigma: 0.1 })
const positive = () =>
  boolean({ default: false, label: 'Keep features positive', help: 'Features stay at or above 0.' })
const noise = () =>
  number({
    default: 1e-3,
    above: 0,
    scale: 'log',
    label: 'Start noise',
    help: 'Standard deviation of the first features.',
  })

const readoutGroups = () => ({
  full_gaussian: group(gaussFields(), {
    label: 'Full Gaussian',
    help: 'Position with full covariance, predicted or shared.',
  }),
  gaussian: group(
    { init_mu_range: muRange(0.3), init_sigma_range: sigmaRange(0.1) },
    { label: 'Gaussian', help: 'Position with a width along each axis.' },
  ),
  point_pooled: group(pointFields(), {
    label: 'Pooled point',
    help: 'One point of the map and of its average pools.',
  }),
  factorized: group(factorizedFields(), { label: 'Factorised', help: 'Spatial mask times feature vector.' }),
  remapped_gaussian: group(
    {
      ...gaussFields(),
      remap_layers: int({
        default: 2,
        min: 1,
        max: 4,
        label: 'Remapping layers',
        help: 'Layers of the network that moves positions.',
      }),
      remap_kernel: choice(['1', '3'], {
        default: '3',
        label: 'Remapping kernel',
        help: 'Side of its filters.',
      }),
      max_remap_amplitude: number({
        default: 0.2,
        above: 0,
        max: 2,
        label: 'Remapping amplitude',
        help: 'Largest move, in units of half the map.',
      }),
    },
    { label: 'Remapped Gaussian', help: 'Full Gaussian whose positions move with the image.' },
  ),
  attention: group(
    {
      init_noise: noise(),
      attention_layers: int({
        default: 1,
        min: 1,
        max: 4,
        label: 'Attention layers',
        help: 'Layers of the network that makes the masks.',
      }),
      attention_kernel: choice(['1', '3'], {
        default: '1',
        label: 'Attention kernel',
        help: 'Side of its filters.',
      }),
    },
    { label: 'Attention', help: 'Masks that depend on the image.' },
  ),
  deterministic_gaussian: group(
    {
      init_mu_range: muRange(0.1),
      init_sigma: number({
        default: 1,
        above: 0,
        label: 'Start width',
        help: 'First width of the masks, in units of half the map.',
      }),
      positive: positive(),
    },
    { label: 'Gaussian mask', help: 'Normalised Gaussian mask of learned width.' },
  ),
  point_pyramid: group(
    {
      init_range: number({
        default: 0.1,
        above: 0,
        max: 1,
        label: 'Start range of positions',
        help: 'Positions start uniformly in plus or minus this.',
      }),
      scale_n: int({ default: 4, min: 1, max: 8, label: 'Levels', help: 'Band-pass levels of the pyramid.' }),
      downsample: boolean({
        default: true,
        label: 'Halve each level',
        help: 'Each level has half the size of the one before.',
      }),
      type: choice(['gauss5x5', 'gauss3x3', 'laplace5x5'], {
        default: 'gauss5x5',
        label: 'Filter',
        help: 'Smoothing filter of the pyramid.',
      }),
      positive: positive(),
    },
    { label: 'Pyramid', help: 'One point on each level of a Laplacian pyramid.' },
  ),
  ultra_sparse: group(
    {
      init_mu_range: muRange(0.3),
      init_sigma_range: sigmaRange(0.1),
      num_filters: int({
        default: 1,
        min: 1,
        max: 64,
        label: 'Points',
        help: 'Points in (x, y, channel) that each unit reads.',
      }),
      shared_mean: boolean({
        default: false,
        label: 'One place',
        help: 'All points of a unit share their place in the image.',
      }),
      fixed_sigma: boolean({
        default: false,
        label: 'Equal spreads',
        help: 'Start all spreads at the range instead of drawing them.',
      }),
    },
    { label: 'Ultra-sparse', help: 'A few single points of the feature volume.' },
  ),
})

const behaviourGroups = () => ({
  shifter: choice(['none', 'mlp', 'static_affine'], {
    default: 'none',
    label: 'Shifter',
    help: 'Learns from the eye position how far readout positions move.',
    group: 'Behaviour',
  }),
  mlp_shifter: group(
    {
      input_channels: int({ default: 2, min: 1, max: 8, label: 'Inputs', help: 'Numbers per eye position.' }),
      hidden_channels_shifter: int({
        default: 5,
        min: 1,
        label: 'Hidden units',
        help: 'Units of its hidden layers.',
      }),
      shift_layers: int({ default: 3, min: 1, max: 8, label: 'Layers', help: 'Number of its layers.' }),
      bias: boolean({ default: true, label: 'Bias', help: 'Bias of its layers.' }),
    },
    { label: 'MLP shifter', help: 'Linear layers with tanh.', group: 'Behaviour' },
  ),
  affine_shifter: group(
    {
      input_channels: int({ default: 2, min: 1, max: 8, label: 'Inputs', help: 'Numbers per eye position.' }),
      bias: boolean({ default: true, label: 'Bias', help: 'Constant part of the shift.' }),
      gamma_shifter: number({
        default: 0,
        min: 0,
        scale: 'log',
        label: 'Penalty',
        help: 'Weight of the mean square of its weights.',
      }),
    },
    { label: 'Affine shifter', help: 'tanh of a linear map.', group: 'Behaviour' },
  ),
  modulator: choice(['none', 'mlp'], {
    default: 'none',
    label: 'Modulator',
    help: 'Learns from behaviour by how much each unit’s response is scaled.',
    group: 'Behaviour',
  }),
  mlp_modulator: group(
    {
      input_channels: int({
        default: 3,
        min: 1,
        max: 16,
        label: 'Inputs',
        help: 'Numbers of behaviour per trial.',
      }),
      hidden_channels: int({
        default: 5,
        min: 1,
        label: 'Hidden units',
        help: 'Units of its hidden layers.',
      }),
      layers: int({ default: 2, min: 1, max: 8, label: 'Layers', help: 'Number of its layers.' }),
      bias: boolean({ default: true, label: 'Bias', help: 'Bias of its layers.' }),
      gamma_modulator: number({
        default: 0,
        min: 0,
        scale: 'log',
        label: 'Penalty',
        help: 'Weight of the mean size of its last weights.',
      }),
      gain: choice(['relu_elu1', 'elu1'], {
        default: 'relu_elu1',
        label: 'Gain',
        help: 'As published gains never fall below 1; elu1 lets them.',
      }),
    },
    { label: 'MLP modulator', help: 'Linear layers with ReLU.', group: 'Behaviour' },
  ),
})

const encoderGroups = () => ({
  encoder: choice(ENCODERS, {
    default: 'rate',
    label: 'Encoder',
    help: 'What is predicted: a rate, or a whole distribution (then use the loss of that name).',
    group: 'Encoder',
  }),
  rate: group(
    {
      output: choice(['elu', 'identity', 'exp', 'softplus'], {
        default: 'elu',
        label: 'Output',
        help: 'Nonlinearity of the rate; elu is ELU + 1.',
      }),
      elu_offset: number({ default: 0, label: 'Offset', help: 'Added before the nonlinearity.' }),
    },
    { label: 'Rate', help: 'Options of the rate.', group: 'Encoder' },
  ),
  gamma: group(
    {
      max_concentration: nullable(z.number().gt(0), {
        label: 'Largest concentration',
        help: 'Bound on the concentration; empty: none.',
      }),
      min_rate: nullable(z.number().gt(0), {
        label: 'Least rate',
        help: 'Bound on the rate parameter; empty: none.',
      }),
    },
    { label: 'Gamma', help: 'Options of the gamma distribution.', group: 'Encoder' },
  ),
})

const is =
  (key: string, value: string) =>
  (c: PlainConfig): boolean =>
    c[key] === value
const each = (key: string, values: readonly string[]) =>
  Object.fromEntries(values.map((v) => [v, is(key, v)]))
const SEVERAL_NUMBERS: readonly unknown[] = ['full_gaussian', 'remapped_gaussian']

/** Any core with any readout, gaze shifter, modulator and encoder of neuralpredictors. */
export const composedNeural = component({
  kind: 'model',
  fn: 'composed_neural_model',
  version: 1,
  title: 'Neural model from parts',
  help: 'Any core with any readout, gaze shifter, behaviour modulator and encoder.',
  fields: {
    core: choice(CORES, {
      default: 'stacked',
      label: 'Core',
      help: 'What turns pictures into feature maps.',
      group: 'Core',
    }),
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
    readout: choice(READOUTS, {
      default: 'full_gaussian',
      label: 'Readout',
      help: 'How each unit reads the map.',
      group: 'Neural readout',
    }),
    ...readoutGroups(),
    gamma_readout: gammaReadout(0.0076),
    readout_bias: readoutBias(),
    bias_init: biasInit(),
    ...behaviourGroups(),
    ...encoderGroups(),
    get_intermediate_rep: intermediateRep(),
  },
  applies: {
    ...each('core', CORES),
    ...each('readout', READOUTS),
    bias_init: (c) => c['readout_bias'] === true,
    mlp_shifter: is('shifter', 'mlp'),
    affine_shifter: is('shifter', 'static_affine'),
    mlp_modulator: is('modulator', 'mlp'),
    rate: is('encoder', 'rate'),
    gamma: is('encoder', 'gamma'),
    gaussian: is('readout', 'gaussian'),
  },
  check: (c) =>
    c['encoder'] === 'rate' || SEVERAL_NUMBERS.includes(c['readout'])
      ? []
      : [
          {
            code: 'config-invalid',
            path: 'encoder',
            message: `the ${String(c['readout'])} readout gives one number per unit, a distribution needs several.`,
            hint: 'Choose the full_gaussian readout, or the rate encoder.',
          },
        ],
})

export type ComposedConfig = z.output<typeof composedNeural.schema>
