import { z } from 'zod'
import { boolean, choice, custom, int, nullable, number } from '../field.ts'
import { AREAS } from '../names.ts'

const CORE = 'Core'

/** Smoothness penalties of the input filters. */
export const INPUT_REGULARIZERS = ['LaplaceL2norm', 'LaplaceL2', 'LaplaceL1', 'GaussianLaplaceL2'] as const

/** Nonlinearities of the core's layers. */
export const CORE_NONLINEARITIES = [
  'AdaptiveELU',
  'ELU',
  'Elu1',
  'Exp',
  'SoftThreshold',
  'ReLU',
  'Sigmoid',
  'Tanh',
  'Identity',
] as const

/** A whole number for every hidden layer, or a list with one for each. */
export const perLayer = (o: {
  readonly default: number
  readonly label: string
  readonly help: string
  readonly min?: number
}) =>
  custom(
    z.union([
      z
        .number()
        .int()
        .min(o.min ?? 1),
      z
        .array(
          z
            .number()
            .int()
            .min(o.min ?? 1),
        )
        .min(1),
    ]),
    {
      default: o.default,
      label: o.label,
      help: o.help,
      group: CORE,
    },
  )

/** Defaults that differ between the published builders. */
export interface CoreDefaults {
  readonly hiddenChannels: number
  readonly inputKern: number
  readonly hiddenKern: number
  readonly gammaInput: number
  readonly momentum: number
  readonly padInput: boolean
  readonly depthSeparable: boolean
  readonly stack: number | number[] | null
  readonly hiddenDilation: number
  readonly inputRegularizer: (typeof INPUT_REGULARIZERS)[number]
  readonly laplacePadding: number | null
}

/** Convolutions, and which of them a readout sees. */
const stackedLayers = (d: CoreDefaults) => ({
  hidden_channels: perLayer({
    default: d.hiddenChannels,
    label: 'Channels',
    help: 'Feature maps of each layer, one number or one per layer.',
  }),
  input_kern: int({
    default: d.inputKern,
    min: 1,
    max: 64,
    unit: 'px',
    label: 'Input kernel',
    help: 'Side of the filters of the first layer.',
    group: CORE,
  }),
  hidden_kern: perLayer({
    default: d.hiddenKern,
    label: 'Hidden kernel',
    help: 'Side of the filters of the hidden layers, one number or one per hidden layer.',
  }),
  layers: int({
    default: 3,
    min: 1,
    max: 16,
    label: 'Layers',
    help: 'Number of convolutional layers.',
    group: CORE,
  }),
  depth_separable: boolean({
    default: d.depthSeparable,
    label: 'Depth separable',
    help: 'Hidden layers mix channels and space in turn instead of at once.',
    group: CORE,
  }),
  hidden_dilation: int({
    default: d.hiddenDilation,
    min: 1,
    max: 8,
    label: 'Dilation',
    help: 'Distance of neighbouring taps in the hidden layers.',
    group: CORE,
  }),
  stack: custom(z.union([z.number().int(), z.array(z.number().int()).min(1), z.null()]), {
    default: d.stack,
    label: 'Stack',
    help: 'Layers that the readout sees: empty all, -1 the last one, a number from there on, or a list.',
    group: CORE,
  }),
  skip: int({
    default: 0,
    min: 0,
    max: 16,
    label: 'Skip',
    help: 'Above 1: each layer reads the outputs of so many layers before it. 0 and 1 are the same.',
    identity: (skip) => (skip === 1 ? 0 : skip),
    group: CORE,
    advanced: true,
  }),
})

/** What follows a convolution. */
const stackedNorms = (d: CoreDefaults) => ({
  batch_norm: boolean({
    default: true,
    label: 'Batch norm',
    help: 'Batch norm behind each convolution.',
    group: CORE,
  }),
  momentum: number({
    default: d.momentum,
    above: 0,
    max: 1,
    label: 'Norm momentum',
    help: 'Share of the batch in the running statistics of the norms.',
    group: CORE,
    advanced: true,
  }),
  pad_input: boolean({
    default: d.padInput,
    label: 'Pad input',
    help: 'Zeros around the image for the first layer, half a kernel on each side.',
    group: CORE,
  }),
  final_nonlinearity: boolean({
    default: true,
    label: 'Last nonlinearity',
    help: 'Nonlinearity behind the last layer.',
    group: CORE,
    advanced: true,
  }),
  linear: boolean({
    default: false,
    label: 'Linear',
    help: 'No nonlinearity in the core: a linear-nonlinear model.',
    group: CORE,
    advanced: true,
  }),
})

const stackedPenalties = (d: CoreDefaults) => ({
  gamma_input: number({
    effect: 'penalty',
    default: d.gammaInput,
    min: 0,
    scale: 'log',
    label: 'Input smoothness',
    help: 'Weight of the smoothness penalty of the input filters.',
    group: CORE,
  }),
  input_regularizer: choice(INPUT_REGULARIZERS, {
    effect: 'penalty',
    default: d.inputRegularizer,
    label: 'Smoothness penalty',
    help: 'How roughness of the input filters is measured.',
    group: CORE,
    advanced: true,
  }),
  laplace_padding: nullable(z.number().int().min(0), {
    effect: 'penalty',
    default: d.laplacePadding,
    label: 'Penalty padding',
    help: 'Zeros around each filter before the Laplacian; empty: 1.',
    identity: (padding) => (padding === 1 ? null : padding),
    group: CORE,
    advanced: true,
  }),
})

/** Options that the stacked and the squeeze-excitation core share. */
export const stackedFields = (d: CoreDefaults) => ({
  ...stackedLayers(d),
  ...stackedNorms(d),
  ...stackedPenalties(d),
})

/** Options of squeeze-and-excitation blocks. */
export const squeezeFields = (blocks: number, reduction: number) => ({
  n_se_blocks: int({
    default: blocks,
    min: 0,
    max: 16,
    label: 'Squeeze-excitation blocks',
    help: 'Number of last layers with such a block.',
    group: CORE,
  }),
  se_reduction: int({
    default: reduction,
    min: 1,
    label: 'Squeeze reduction',
    help: 'Channels over hidden units of a block.',
    group: CORE,
  }),
})

const plainConvolutions = () => ({
  gamma_hidden: number({
    effect: 'penalty',
    default: 0,
    min: 0,
    scale: 'log',
    label: 'Hidden sparsity',
    help: 'Weight of the group sparsity of the hidden filters.',
    group: CORE,
  }),
  stride: int({
    default: 1,
    min: 1,
    max: 4,
    label: 'Stride',
    help: 'Step of the hidden convolutions.',
    group: CORE,
    advanced: true,
  }),
  input_stride: int({
    default: 1,
    min: 1,
    max: 8,
    label: 'Input stride',
    help: 'Step of the first convolution.',
    group: CORE,
    advanced: true,
  }),
  hidden_padding: nullable(z.number().int().min(0), {
    label: 'Hidden padding',
    help: 'Zeros around the maps of hidden layers; empty: half a dilated kernel.',
    group: CORE,
    advanced: true,
  }),
})

const plainNorms = () => ({
  bias: flags('Bias', 'Learned shift behind each norm.'),
  batch_norm_scale: flags('Norm scale', 'Learned scale behind each norm.'),
  final_batchnorm_scale: boolean({
    default: true,
    label: 'Last norm scale',
    help: 'Learned scale behind the last norm.',
    group: CORE,
    advanced: true,
  }),
  elu_shift: custom(z.tuple([z.number(), z.number()]), {
    default: [0, 0],
    label: 'ELU shift',
    help: 'x and y shift of the adaptive ELU.',
    group: CORE,
    advanced: true,
  }),
  nonlinearity_type: choice(CORE_NONLINEARITIES, {
    default: 'AdaptiveELU',
    label: 'Nonlinearity',
    help: 'Nonlinearity of the layers.',
    group: CORE,
    advanced: true,
  }),
})

/** Options that only the stacked core of neuralpredictors has. */
export const plainStackFields = () => ({
  ...plainConvolutions(),
  ...plainNorms(),
  attention_conv: boolean({
    default: false,
    label: 'Attention',
    help: 'Local self-attention instead of convolution in the hidden layers.',
    group: CORE,
    advanced: true,
  }),
  hidden_conv_bias: boolean({
    default: false,
    label: 'Bias in hidden convolutions',
    help: 'Current neuralpredictors always has one; needed to exchange weights with it. Behind a norm it has no effect.',
    group: CORE,
    advanced: true,
  }),
})

const flags = (label: string, help: string) =>
  custom(z.union([z.boolean(), z.array(z.boolean()).min(1)]), {
    default: true,
    label,
    help: `${help} One value or one per layer.`,
    group: CORE,
    advanced: true,
  })

type Values<F extends z.ZodRawShape> = z.output<z.ZodObject<F>>

export type StackedConfig = Values<ReturnType<typeof stackedFields>>
export type SqueezeConfig = Values<ReturnType<typeof squeezeFields>>
export type PlainStackConfig = Values<ReturnType<typeof plainStackFields>>

/** Models of neurons alone: each of their tasks is an area. */
export const neuralTasks = (): readonly string[] => AREAS
