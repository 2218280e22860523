import type { StackedCoreOptions } from '../../src-main/engine/model/cores/stacked-options.ts'
import { STACKED_DEFAULTS } from '../../src-main/engine/model/cores/stacked-options.ts'

type Key = keyof StackedCoreOptions

/** Published option -> ours. */
const NAMES: Readonly<Record<string, Key>> = {
  hidden_channels: 'hiddenChannels',
  input_kern: 'inputKernel',
  hidden_kern: 'hiddenKernel',
  layers: 'layers',
  gamma_hidden: 'gammaHidden',
  gamma_input: 'gammaInput',
  skip: 'skip',
  stride: 'stride',
  input_stride: 'inputStride',
  final_nonlinearity: 'finalNonlinearity',
  elu_shift: 'eluShift',
  bias: 'bias',
  momentum: 'momentum',
  pad_input: 'padInput',
  hidden_padding: 'hiddenPadding',
  batch_norm: 'batchNorm',
  batch_norm_scale: 'batchNormScale',
  final_batchnorm_scale: 'finalBatchNormScale',
  hidden_dilation: 'hiddenDilation',
  laplace_padding: 'laplacePadding',
  input_regularizer: 'inputRegulariser',
  stack: 'stack',
  use_avg_reg: 'averageRegulariser',
  depth_separable: 'depthSeparable',
  attention_conv: 'attentionConv',
  linear: 'linear',
  nonlinearity_type: 'nonlinearity',
  n_se_blocks: 'seBlocks',
  se_reduction: 'seReduction',
}

/** What SE2dCore sets differently from Stacked2dCore. */
const SE_DEFAULTS: Partial<StackedCoreOptions> = {
  bias: false,
  laplacePadding: null,
  inputRegulariser: 'LaplaceL2norm',
  averageRegulariser: false,
}

/** Options of a published core class as ours. */
export function publishedCoreOptions(
  name: string,
  options: Readonly<Record<string, unknown>>,
): StackedCoreOptions {
  const squeezes = name.startsWith('SE2dCore')
  const given: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(options)) {
    if (key === 'input_channels') continue
    if (key === 'nonlinearity_config') {
      const shift = (value ?? {}) as { xshift?: number; yshift?: number }
      if ('xshift' in shift || 'yshift' in shift) given['eluShift'] = [shift.xshift ?? 0, shift.yshift ?? 0]
      continue
    }
    const ours = NAMES[key]
    if (ours === undefined) throw new Error(`core option ${key} is unknown`)
    given[ours] = value
  }
  return {
    ...STACKED_DEFAULTS,
    ...(squeezes ? SE_DEFAULTS : {}),
    ...given,
    ...(squeezes ? { gammaHidden: 0 } : {}),
  } as StackedCoreOptions // the json holds the published types of these options
}
