import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core'
import { addBias, conv2d, depthwiseConv2d } from '../../tensor/index.ts'
import type { Init, ParamMap } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { constant, parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3, Window } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import type { Layer } from './layer.ts'

export interface ConvOptions {
  readonly input: Shape3
  readonly channels: number
  readonly kernel: number
  readonly stride?: number
  /** Zeros on every side (torch's symmetric padding). */
  readonly pad?: number
  readonly dilation?: number
  readonly bias: boolean
  readonly init: Init
  readonly biasInit?: Init
}

/** A convolution that can be fused with the norm behind it. */
export interface ConvLayer extends Layer {
  readonly conv: ConvTensors
}

export interface ConvTensors {
  readonly weight: string
  readonly bias: string | null
  readonly window: Window
}

/** Whether a layer is a convolution. */
export const isConv = (layer: Layer | undefined): layer is ConvLayer => layer !== undefined && 'conv' in layer

/** Convolution with explicit symmetric zero padding; kernel [k, k, in, out]. */
export function convLayer(place: Place, o: ConvOptions): ConvLayer {
  const window = squareWindow(o)
  const output = slide(o.input, window, o.channels, place.name)
  const weight = parameter(place, 'weight', {
    shape: [o.kernel, o.kernel, o.input.channels, o.channels],
    init: o.init,
    role: 'weight',
    layout: { kind: 'conv' },
  })
  const bias = o.bias
    ? parameter(place, 'bias', { shape: [o.channels], init: o.biasInit ?? constant(0), role: 'bias' })
    : null
  const conv: ConvTensors = { weight: weight.name, bias: bias?.name ?? null, window }
  return {
    name: place.name,
    torch: place.torch,
    kind: `conv ${o.kernel}x${o.kernel}`,
    block: place.block,
    specs: bias === null ? [weight] : [weight, bias],
    output,
    multiplyAdds: output.height * output.width * o.channels * o.input.channels * o.kernel * o.kernel,
    window,
    conv,
    apply: (x, params) => withBias(convolve(conv, x, params), bias?.name ?? null, params),
  }
}

/** The convolution without its bias. */
export function convolve({ weight, window }: ConvTensors, x: Tensor4D, params: ParamMap): Tensor4D {
  const { stride, dilation, before } = window
  return conv2d(x, valueOf<Tensor4D>(params, weight), { stride, dilation, padding: before })
}

const withBias = (x: Tensor4D, bias: string | null, params: ParamMap): Tensor4D =>
  bias === null ? x : addBias(x, valueOf<Tensor1D>(params, bias))

/** One k x k filter per channel; kernel [k, k, channels, 1]. */
export function depthwiseConvLayer(place: Place, o: Omit<ConvOptions, 'channels'>): Layer {
  const window = squareWindow(o)
  const channels = o.input.channels
  const output = slide(o.input, window, channels, place.name)
  const weight = parameter(place, 'weight', {
    shape: [o.kernel, o.kernel, channels, 1],
    init: o.init,
    role: 'weight',
    layout: { kind: 'depthwise' },
  })
  const bias = o.bias
    ? parameter(place, 'bias', { shape: [channels], init: o.biasInit ?? constant(0), role: 'bias' })
    : null
  return {
    name: place.name,
    torch: place.torch,
    kind: `depthwise conv ${o.kernel}x${o.kernel}`,
    block: place.block,
    specs: bias === null ? [weight] : [weight, bias],
    output,
    multiplyAdds: output.height * output.width * channels * o.kernel * o.kernel,
    window,
    apply: (x, params) =>
      withBias(
        depthwiseConv2d(x, valueOf<Tensor4D>(params, weight.name), {
          stride: window.stride,
          dilation: window.dilation,
          padding: window.before,
        }),
        bias?.name ?? null,
        params,
      ),
  }
}

function squareWindow(o: Pick<ConvOptions, 'kernel' | 'stride' | 'dilation' | 'pad'>): Window {
  const pad = o.pad ?? 0
  return { kernel: o.kernel, stride: o.stride ?? 1, dilation: o.dilation ?? 1, before: pad, after: pad }
}
