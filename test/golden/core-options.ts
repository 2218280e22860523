import type { PlainOptions } from './case-options.ts'
import { notComparable } from './golden-case.ts'

/** Defaults of neuralpredictors' Stacked2dCore under its own names. */
const STACKED: PlainOptions = {
  layers: 3,
  gamma_hidden: 0,
  gamma_input: 0,
  skip: 0,
  stride: 1,
  input_stride: 1,
  final_nonlinearity: true,
  elu_shift: [0, 0],
  bias: true,
  momentum: 0.1,
  pad_input: true,
  hidden_padding: null,
  batch_norm: true,
  batch_norm_scale: true,
  final_batchnorm_scale: true,
  hidden_dilation: 1,
  laplace_padding: 0,
  input_regularizer: 'LaplaceL2',
  stack: null,
  use_avg_reg: true,
  depth_separable: false,
  attention_conv: false,
  linear: false,
  nonlinearity_type: 'AdaptiveELU',
}

/** What SE2dCore of neuralpredictors sets differently. */
const SQUEEZE: PlainOptions = {
  ...STACKED,
  bias: false,
  laplace_padding: null,
  input_regularizer: 'LaplaceL2norm',
  n_se_blocks: 0,
  se_reduction: 32,
  use_avg_reg: false,
}

/** Defaults of nnvision's older SE2dCore, which knows fewer options and has no bias in its convolutions. */
const SQUEEZE_NNVISION: PlainOptions = {
  layers: 3,
  gamma_input: 0,
  skip: 0,
  final_nonlinearity: true,
  momentum: 0.1,
  pad_input: true,
  batch_norm: true,
  hidden_dilation: 1,
  laplace_padding: null,
  input_regularizer: 'LaplaceL2norm',
  stack: null,
  se_reduction: 32,
  n_se_blocks: 1,
  depth_separable: false,
  linear: false,
}

/** Defaults of RotationEquivariant2dCore where they are not those of Stacked2dCore. */
const ROTATION: PlainOptions = {
  ...STACKED,
  num_rotations: 8,
  upsampling: 2,
  input_regularizer: 'LaplaceL2norm',
  init_std: 0.1,
}

const TRANSFER: PlainOptions = {
  final_batchnorm: true,
  final_nonlinearity: true,
  momentum: 0.1,
  fine_tune: false,
}

/** A published core: which of ours it is, and every option under its published name. */
export interface PublishedCore {
  readonly core: 'stacked' | 'squeeze_excitation' | 'rotation_equivariant' | 'vgg'
  readonly options: PlainOptions
  readonly notes: readonly string[]
}

/** `parameters` are the published names of its tensors: they tell which of two classes of one name it is. */
export function publishedCore(
  name: string,
  given: PlainOptions,
  parameters: readonly string[],
): PublishedCore {
  if (parameters.some((p) => /attention_conv\.\w+\.bias$/.test(p)))
    notComparable('attention with a bias is not built here')
  const known = { ...given }
  delete known['input_channels'] // those of the images
  const { core, defaults } = classOf(name.split(' ')[0] as string, parameters) // a remark may follow the name
  return { core, ...asPublishedCodeReads(core, { ...defaults, ...known }, known) }
}

const HIDDEN_BIAS = /^features\.layer[1-9]\d*\.(conv|ds_conv\.\w+)\.bias$/

function classOf(
  name: string,
  parameters: readonly string[],
): { readonly core: PublishedCore['core']; readonly defaults: PlainOptions } {
  const hiddenBias = parameters.some((p) => HIDDEN_BIAS.test(p))
  switch (name) {
    case 'Stacked2dCore':
      return { core: 'stacked', defaults: { ...STACKED, hidden_conv_bias: hiddenBias } }
    case 'SE2dCore': {
      const older = !hiddenBias && parameters.some((p) => /^features\.layer[1-9]/.test(p))
      return {
        core: 'squeeze_excitation',
        defaults: older ? SQUEEZE_NNVISION : { ...SQUEEZE, hidden_conv_bias: true },
      }
    }
    case 'RotationEquivariant2dCore':
      return { core: 'rotation_equivariant', defaults: ROTATION }
    case 'TransferLearningCore':
      return { core: 'vgg', defaults: TRANSFER }
    default:
      return notComparable(`no core ${name} is built here`)
  }
}

/** Options that the published code treats otherwise than they read. */
function asPublishedCodeReads(
  core: PublishedCore['core'],
  all: PlainOptions,
  given: PlainOptions,
): { readonly options: PlainOptions; readonly notes: readonly string[] } {
  const options: Record<string, unknown> = { ...all }
  const notes: string[] = []
  if (core === 'rotation_equivariant') options['stack'] ??= 0 // all layers
  if (core === 'squeeze_excitation' && 'gamma_hidden' in options) {
    if (options['gamma_hidden'] !== 0)
      notes.push('gamma_hidden has no effect: the published core leaves it out')
    options['gamma_hidden'] = 0
  }
  if (options['hidden_padding'] === 0) {
    options['hidden_padding'] = null
    notes.push('hidden_padding 0 counts as not given in the published code: half a dilated kernel')
  }
  const shape = given['nonlinearity_config'] as PlainOptions | null | undefined
  delete options['nonlinearity_config']
  if (shape !== undefined && shape !== null && Object.keys(shape).length > 0) {
    if (options['nonlinearity_type'] !== 'AdaptiveELU')
      notComparable(`nonlinearity_config ${JSON.stringify(shape)} is not offered here`)
    notes.push(
      'nonlinearity_config has no effect on AdaptiveELU in the published code, which reads elu_shift',
    )
  }
  return { options, notes }
}
