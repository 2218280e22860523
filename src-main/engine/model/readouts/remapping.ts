import type { Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, tanh } from '@tensorflow/tfjs-core'
import { sampleMap } from '../../tensor/index.ts'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import { chain } from '../layers/chain.ts'
import { normLayer } from '../layers/norm.ts'
import { pointwiseLayer } from '../layers/pointwise.ts'
import type { Place } from '../base/param-spec.ts'
import { within } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { smallNetwork } from './attention.ts'

export interface RemapOptions {
  readonly layers: number
  readonly kernel: number
  /** Largest offset, in units of half the map. */
  readonly amplitude: number
}

/** Moves positions by a field that depends on the image. */
export interface Remapping {
  readonly specs: readonly ParamSpec[]
  /** Positions [B or 1, n, 2] -> [B, n, 2]. */
  move(positions: Tensor3D, map: Tensor4D, params: ParamMap, context: ForwardContext): Tensor3D
}

const OFFSETS = 2
/** Published for every kernel: with one of a single cell the field grows by a margin that answers to zeros. */
const PAD = 1

/** The offset field of `RemappedGaussian2d`: small network, batch norm and tanh, sampled where the units read. */
export function remapping(place: Place, input: Shape3, o: RemapOptions): Remapping {
  const site = within(place, 'remap_field')
  const inner = smallNetwork(site, input, { ...o, outputs: OFFSETS, pad: PAD })
  const shape = inner.at(-1)?.output ?? input
  const network = chain([
    ...inner,
    normLayer(within(site, `norm${o.layers}`), { input: shape }),
    pointwiseLayer(within(site, `nonlin${o.layers}`), 'tanh', shape, (x) => tanh(x)),
  ])
  return {
    specs: network.layers.flatMap((l) => l.specs),
    move: (positions, map, params, context) => {
      const field = mul<Tensor4D>(network.apply(map, params, context, new Map()), o.amplitude)
      return add(positions, sampleMap(field, positions, { alignCorners: true }))
    },
  }
}
