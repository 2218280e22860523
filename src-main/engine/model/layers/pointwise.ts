import type { Tensor4D } from '@tensorflow/tfjs-core'
import { elu, mul, relu } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import { drawn } from '../../tensor/index.ts'
import type { Place } from '../base/param-spec.ts'
import { streamOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import type { Layer } from './layer.ts'

const plain = (place: Place, kind: string, input: Shape3, apply: Layer['apply']): Layer => ({
  name: place.name,
  torch: place.torch,
  kind,
  block: place.block,
  specs: [],
  output: input,
  multiplyAdds: 0,
  apply,
})

/** ReLU. */
export const reluLayer = (place: Place, input: Shape3): Layer => plain(place, 'relu', input, (x) => relu(x))

/** ELU with alpha 1. */
export const eluLayer = (place: Place, input: Shape3): Layer => plain(place, 'elu', input, (x) => elu(x))

/** A pointwise function as a layer. */
export const pointwiseLayer = (
  place: Place,
  kind: string,
  input: Shape3,
  f: (x: Tensor4D) => Tensor4D,
): Layer => plain(place, kind, input, (x) => f(x))

/** Inverted dropout in training: zero with probability `rate`, the rest scaled by 1/(1-rate). */
export const dropoutLayer = (place: Place, input: Shape3, rate: number): Layer =>
  plain(place, `dropout ${rate}`, input, (x, _params, context) =>
    context.training && rate > 0 ? mul(x, dropoutMask(context.rng, streamOf(place), x.shape, rate)) : x,
  )

/** 16 bits per draw: two draws from each word of the stream, rates exact to 2^-16. */
const DRAW_RANGE = 65536

/** Multipliers 0 or 1/(1-rate); the same on every backend. */
const dropoutMask = (rng: Rng, purpose: string, shape: readonly number[], rate: number): Tensor4D =>
  drawn(rng, { purpose, shape, fill: (stream, size) => keptOrNot(stream, size, rate) })

function keptOrNot(rng: Rng, size: number, rate: number): Float32Array {
  const keep = new Float32Array(size + 1)
  const threshold = Math.round(rate * DRAW_RANGE)
  const scale = 1 / (1 - rate)
  for (let i = 0; i < size; i += 2) {
    const word = rng.u32()
    keep[i] = (word & 0xffff) < threshold ? 0 : scale
    keep[i + 1] = word >>> 16 < threshold ? 0 : scale
  }
  return keep.subarray(0, size)
}
