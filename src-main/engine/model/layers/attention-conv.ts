import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, addN, concat, mul, pad, reshape, slice, softmax, split, stack } from '@tensorflow/tfjs-core'
import { conv2d } from '../../tensor/index.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { kaimingFanOut, normal, parameter, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import type { Layer } from './layer.ts'

export interface AttentionConvOptions {
  readonly input: Shape3
  readonly channels: number
  readonly kernel: number
  readonly pad: number
  readonly stride: number
}

/** Projections of the image, and positions relative to the middle of a window. */
interface AttentionSpecs {
  readonly query: ParamSpec
  readonly key: ParamSpec
  readonly value: ParamSpec
  readonly rows: ParamSpec
  readonly columns: ParamSpec
}

/**
 * Local self-attention in place of a convolution (Ramachandran et al. 2019): per channel a softmax over the k x k window of
 * query times (key + relative position), applied to the values. Half of the channels learn row, half column positions.
 */
export function attentionConvLayer(place: Place, o: AttentionConvOptions): Layer {
  const { channels, kernel } = o
  const specs = attentionSpecs(place, o)
  const window = { kernel, stride: o.stride, dilation: 1, before: o.pad, after: o.pad }
  const output = slide(o.input, window, channels, place.name)
  if (o.stride !== 1 || 2 * o.pad !== kernel - 1) {
    throw new RangeError(
      'an attention convolution keeps the size of its input: stride 1, odd kernel, half of it as padding',
    )
  }
  return {
    name: place.name,
    torch: place.torch,
    kind: `attention ${kernel}x${kernel}`,
    block: place.block,
    specs: [specs.rows, specs.columns, specs.key, specs.query, specs.value],
    output,
    multiplyAdds: output.height * output.width * channels * (3 * o.input.channels + 2 * kernel * kernel),
    window,
    apply: (x, params) => attend(x, params, specs, o, output),
  }
}

function attentionSpecs(place: Place, { input, channels, kernel }: AttentionConvOptions): AttentionSpecs {
  const half = Math.floor(channels / 2)
  const projection = (leaf: string): ParamSpec =>
    parameter(place, `${leaf}.weight`, {
      shape: [1, 1, input.channels, channels],
      init: kaimingFanOut(1, channels),
      role: 'weight',
      layout: { kind: 'conv' },
    })
  const relative = (leaf: string, count: number, shape: readonly number[]): ParamSpec =>
    parameter(place, leaf, {
      shape: [count, kernel],
      init: normal(1),
      role: 'weight',
      layout: { kind: 'reshape', shape },
    })
  return {
    query: projection('query_conv'),
    key: projection('key_conv'),
    value: projection('value_conv'),
    rows: relative('rel_h', half, [half, 1, 1, kernel, 1]),
    columns: relative('rel_w', channels - half, [channels - half, 1, 1, 1, kernel]),
  }
}

function attend(
  x: Tensor4D,
  params: ParamMap,
  specs: AttentionSpecs,
  { kernel, pad: margin }: AttentionConvOptions,
  output: Shape3,
): Tensor4D {
  const project = (spec: ParamSpec, image: Tensor4D): Tensor4D =>
    conv2d(image, valueOf<Tensor4D>(params, spec.name))
  const around: [number, number][] = [
    [0, 0],
    [margin, margin],
    [margin, margin],
    [0, 0],
  ]
  const wide = pad(x, around)
  const keys = taps(project(specs.key, wide), kernel, output)
  const values = taps(project(specs.value, wide), kernel, output)
  const places = positions(specs.rows, specs.columns, params, kernel)
  const asked = project(specs.query, x)
  const scores = stack(
    keys.map((k, i) => mul(asked, add(k, places[i]!))),
    4,
  )
  const weights = softmax(scores) // [B, H, W, C, k * k]
  const parts = split(weights, kernel * kernel, 4)
  return addN(values.map((v, i) => mul<Tensor4D>(v, reshape(parts[i]!, v.shape))))
}

/** The k x k shifted views of a padded map, rows first. */
function taps(map: Tensor4D, kernel: number, output: Shape3): readonly Tensor4D[] {
  const size: [number, number, number, number] = [map.shape[0], output.height, output.width, map.shape[3]]
  return Array.from({ length: kernel * kernel }, (_, i) =>
    slice(map, [0, Math.floor(i / kernel), i % kernel, 0], size),
  )
}

/** Position term of each tap, rows for the first half of the channels and columns for the others. [C] each */
function positions(rows: ParamSpec, columns: ParamSpec, params: ParamMap, kernel: number): readonly Tensor[] {
  const column = (spec: ParamSpec, k: number): Tensor =>
    reshape(slice(valueOf(params, spec.name), [0, k], [-1, 1]), [-1])
  return Array.from({ length: kernel * kernel }, (_, i) =>
    concat([column(rows, Math.floor(i / kernel)), column(columns, i % kernel)]),
  )
}
