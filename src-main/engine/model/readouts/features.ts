import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { add, gather, mean, mul, sum, tensor1d, transpose } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { magnitude } from '../../tensor/index.ts'
import type { Init, LayerRow, ParamSpec } from '../../types.ts'
import { sizeOf } from '../layers/layer-table.ts'
import { constant, parameter } from '../base/param-spec.ts'
import type { ReadoutSite, Reduction } from './readout.ts'

/** Bias [units]: the mean response where it is known, else 0. */
export function biasSpec(site: ReadoutSite): ParamSpec {
  const init: Init =
    site.meanResponse === undefined
      ? constant(0)
      : { kind: 'values', values: Float32Array.from(site.meanResponse) }
  return parameter(site.place, 'bias', { shape: [site.units], init, role: 'bias' })
}

/** Sum over channels of sampled values [B, n, C] times features [C, n]. -> [B, n] */
export const weighChannels = (sampled: Tensor3D, features: Tensor2D): Tensor2D =>
  sum(mul(sampled, transpose(features)), 2)

/** Values of a subset of units; `axis` is where the units are. */
export function pickUnits<T extends Tensor>(x: T, units: readonly number[] | undefined, axis: number): T {
  return units === undefined ? x : gather(x, tensor1d([...units], 'int32'), axis)
}

/** Responses y [batch, units] plus one bias per unit, where there is one. */
export const addBias = (y: Tensor2D, bias: Tensor1D | null): Tensor2D => (bias === null ? y : add(y, bias))

/** Sum or mean of absolute values. [] */
export const l1 = (x: Tensor, reduction: Reduction): Scalar =>
  reduction === 'sum' ? sum<Scalar>(magnitude(x)) : mean<Scalar>(magnitude(x))

/** The row of a readout in the layer table; memory in bytes per image (float32). */
export function readoutRow(
  site: ReadoutSite,
  kind: string,
  specs: readonly ParamSpec[],
  multiplyAdds: number,
): LayerRow {
  return {
    name: site.place.name,
    kind,
    block: site.place.block,
    outputShape: [site.units],
    parameters: sizeOf(specs),
    activationBytes: 4 * site.units,
    multiplyAdds,
  }
}
