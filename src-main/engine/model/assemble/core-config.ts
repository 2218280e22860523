import type {
  PlainStackConfig,
  SqueezeConfig,
  StackedConfig,
} from '../../../../src-shared/schema/model/core-fields.ts'
import type { StackedCoreOptions } from '../cores/stacked-options.ts'

const shared = (c: StackedConfig) => ({
  hiddenChannels: c.hidden_channels,
  inputKernel: c.input_kern,
  hiddenKernel: c.hidden_kern,
  layers: c.layers,
  gammaInput: c.gamma_input,
  skip: c.skip,
  finalNonlinearity: c.final_nonlinearity,
  momentum: c.momentum,
  padInput: c.pad_input,
  batchNorm: c.batch_norm,
  hiddenDilation: c.hidden_dilation,
  laplacePadding: c.laplace_padding,
  inputRegulariser: c.input_regularizer,
  stack: c.stack,
  depthSeparable: c.depth_separable,
  linear: c.linear,
})

/** nnvision's SE2dCore: convolutions without bias, affine norms, plain ELU, summed smoothness penalty and no other. */
export function squeezeCore(c: StackedConfig & SqueezeConfig): StackedCoreOptions {
  return {
    ...shared(c),
    gammaHidden: 0,
    stride: 1,
    inputStride: 1,
    eluShift: [0, 0],
    bias: true,
    hiddenPadding: null,
    batchNormScale: true,
    finalBatchNormScale: true,
    averageRegulariser: false,
    attentionConv: false,
    nonlinearity: 'ELU',
    seBlocks: c.n_se_blocks,
    seReduction: c.se_reduction,
    hiddenConvBias: false,
  }
}

/** neuralpredictors' Stacked2dCore. */
export function plainStack(c: StackedConfig & PlainStackConfig): StackedCoreOptions {
  return {
    ...shared(c),
    gammaHidden: c.gamma_hidden,
    stride: c.stride,
    inputStride: c.input_stride,
    eluShift: c.elu_shift,
    bias: c.bias,
    hiddenPadding: c.hidden_padding,
    batchNormScale: c.batch_norm_scale,
    finalBatchNormScale: c.final_batchnorm_scale,
    averageRegulariser: true,
    attentionConv: c.attention_conv,
    nonlinearity: c.nonlinearity_type,
    seBlocks: 0,
    seReduction: 1,
    hiddenConvBias: c.hidden_conv_bias,
  }
}
