import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { mean, mul, scalar, square, tanh } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { normal, valueOf, within } from '../base/param-spec.ts'
import { linear } from './linear.ts'

/** Turns eye positions [B, k] into shifts of the readout positions [B, 2]. */
export interface Shifter {
  readonly specs: readonly ParamSpec[]
  shift(pupil: Tensor2D, params: ParamMap): Tensor2D
  penalty(params: ParamMap): Scalar
}

export interface MlpShifterOptions {
  readonly inputs: number
  readonly hidden: number
  readonly layers: number
  readonly bias: boolean
}

const AXES = 2

/** Linear layers with a tanh behind each (`MLPShifter` of neuralpredictors); its published regulariser is 0. */
export function mlpShifter(place: Place, o: MlpShifterOptions): Shifter {
  const widths = [o.inputs, ...Array<number>(o.layers - 1).fill(o.hidden), AXES]
  const layers = widths
    .slice(1)
    .map((out, i) => linear(within(place, `mlp.${2 * i}`), widths[i]!, out, o.bias))
  return {
    specs: layers.flatMap((l) => l.specs),
    shift: (pupil, params) => layers.reduce<Tensor2D>((x, layer) => tanh(layer.apply(x, params)), pupil),
    penalty: () => scalar(0),
  }
}

export interface AffineShifterOptions {
  readonly inputs: number
  readonly bias: boolean
  readonly gamma: number
}

/** Small enough to start without any shift (as published). */
const AFFINE_START_STD = 1e-6

/** tanh(W x + b) (`StaticAffine2dShifter`), penalised by the mean square of W. */
export function affineShifter(place: Place, o: AffineShifterOptions): Shifter {
  const layer = linear(place, o.inputs, AXES, o.bias, normal(AFFINE_START_STD))
  return {
    specs: layer.specs,
    shift: (pupil, params) => tanh(layer.apply(pupil, params)),
    penalty: (params) => mul(mean<Scalar>(square(valueOf<Tensor2D>(params, layer.weight.name))), o.gamma),
  }
}
