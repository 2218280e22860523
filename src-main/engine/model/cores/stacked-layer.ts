import { attentionConvLayer } from '../layers/attention-conv.ts'
import { convLayer, depthwiseConvLayer } from '../layers/conv.ts'
import type { Layer } from '../layers/layer.ts'
import { nonlinearity } from '../layers/nonlinearity.ts'
import { normLayer } from '../layers/norm.ts'
import { pointwiseLayer } from '../layers/pointwise.ts'
import { squeezeExcitationLayer } from '../layers/squeeze-excitation.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, within, xavierNormal } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { StackedCoreOptions } from './stacked-options.ts'
import { atLayer } from './stacked-options.ts'

/** Layer `l` of a stacked core: convolution, norm, nonlinearity, squeeze and excitation, each where the options have it. */
export function stackedLayer(
  place: Place,
  input: Shape3,
  l: number,
  o: StackedCoreOptions,
): readonly Layer[] {
  const layers: Layer[] = [...(l === 0 ? [inputConv(place, input, o)] : hiddenConv(place, input, l, o))]
  const shape = (): Shape3 => layers.at(-1)?.output ?? input
  if (atLayer(o.batchNorm, l)) {
    const scale = atLayer(o.batchNormScale, l) && (l < o.layers - 1 || o.finalBatchNormScale)
    const norm = { input: shape(), momentum: o.momentum, scale, shift: atLayer(o.bias, l) }
    layers.push(normLayer(within(place, 'norm'), norm))
  }
  if (!o.linear && (l < o.layers - 1 || o.finalNonlinearity)) {
    const f = nonlinearity(o.nonlinearity, o.eluShift)
    layers.push(pointwiseLayer(within(place, 'nonlin'), o.nonlinearity, shape(), f))
  }
  if (l > 0 && o.layers - l <= o.seBlocks) {
    layers.push(squeezeExcitationLayer(within(place, 'seg_ex_block'), shape(), o.seReduction))
  }
  return layers
}

function inputConv(place: Place, input: Shape3, o: StackedCoreOptions): Layer {
  const kernel = o.inputKernel
  const channels = atLayer(o.hiddenChannels, 0)
  return convLayer(within(place, 'conv'), {
    input,
    channels,
    kernel,
    stride: o.inputStride,
    pad: o.padInput ? Math.floor(kernel / 2) : 0,
    bias: false,
    init: xavierNormal(kernel * kernel * input.channels, kernel * kernel * channels),
  })
}

function hiddenConv(place: Place, input: Shape3, l: number, o: StackedCoreOptions): readonly Layer[] {
  const kernel = atLayer(o.hiddenKernel, l, 1)
  const dilation = atLayer(o.hiddenDilation, l, 1)
  const pad =
    o.hiddenPadding === null ? Math.floor(((kernel - 1) * dilation + 1) / 2) : atLayer(o.hiddenPadding, l, 1)
  const channels = atLayer(o.hiddenChannels, l)
  const window = { kernel, dilation, pad, stride: o.stride, bias: o.hiddenConvBias, biasInit: constant(0) }
  if (o.attentionConv)
    return [
      attentionConvLayer(within(place, 'attention_conv'), { input, channels, kernel, pad, stride: o.stride }),
    ]
  if (o.depthSeparable) return depthSeparable(within(place, 'ds_conv'), input, channels, window)
  const init = xavierNormal(kernel * kernel * input.channels, kernel * kernel * channels)
  return [convLayer(within(place, 'conv'), { input, channels, init, ...window })]
}

type WindowOptions = Omit<Parameters<typeof depthwiseConvLayer>[1], 'input' | 'init'>

/** 1 x 1 convolution, k x k on each channel, 1 x 1 convolution, with nothing in between. */
function depthSeparable(
  place: Place,
  input: Shape3,
  channels: number,
  window: WindowOptions,
): readonly Layer[] {
  const { kernel, bias } = window
  const point = (name: string, from: Shape3): Layer =>
    convLayer(within(place, name), {
      input: from,
      channels,
      kernel: 1,
      bias,
      biasInit: constant(0),
      init: xavierNormal(from.channels, channels),
    })
  const first = point('in_depth_conv', input)
  const spatial = depthwiseConvLayer(within(place, 'spatial_conv'), {
    ...window,
    input: first.output,
    init: xavierNormal(kernel * kernel, kernel * kernel * channels),
  })
  return [first, spatial, point('out_depth_conv', spatial.output)]
}
