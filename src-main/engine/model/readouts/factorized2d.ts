import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { add, div, maximum, mul, sqrt, square, sum } from '@tensorflow/tfjs-core'
import { magnitude, stopGradient } from '../../tensor/index.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import { normal, parameter, valueOf } from '../base/param-spec.ts'
import { addBias, biasSpec, pickUnits, readoutRow } from './features.ts'
import { readMasked } from './masks.ts'
import type { Ranges, Readout, ReadoutSite, Reduction } from './readout.ts'

export interface Factorized2dOptions {
  readonly initNoise: number
  /** Divide each spatial mask by its norm. */
  readonly normalize: boolean
  /** Keep features and spatial masks at or above 0. */
  readonly constrainPositive: boolean
  /** Use the absolute values of the spatial masks. */
  readonly positiveSpatial: boolean
  /** Keep the features at or above 0. */
  readonly positiveWeights: boolean
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
}

/** Added to the norm of a mask so that an empty one stays finite (as published). */
const NORM_FLOOR = 1e-6

/** Spatial mask times feature vector for each unit (`FullFactorized2d`, also SpatialXFeatureLinear, of neuralpredictors). */
export function factorized2d(site: ReadoutSite, o: Factorized2dOptions): Readout {
  const { place, units, input } = site
  const { height, width, channels } = input
  const spatial = parameter(place, 'spatial', {
    shape: [units, height, width],
    init: normal(o.initNoise),
    role: 'features',
  })
  const features = parameter(place, 'features', {
    shape: [units, channels],
    init: normal(o.initNoise),
    role: 'features',
    torchLeaf: '_features',
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [features, spatial, ...(bias === null ? [] : [bias])]
  const masks = (params: ParamMap): Tensor3D => effectiveMasks(valueOf<Tensor3D>(params, spatial.name), o)
  return {
    specs,
    ranges: allowed(spatial.name, features.name, o),
    row: readoutRow(site, 'factorised readout', specs, units * channels * (height * width + 1)),
    apply: (map, params, context, call) => {
      if (context.shift !== undefined) throw new RangeError('a factorised readout has no position to shift')
      const mask = pickUnits(masks(params), call?.units, 0)
      const weights = pickUnits(valueOf<Tensor2D>(params, features.name), call?.units, 0)
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0)
      return addBias(readMasked(map, mask, weights), offset)
    },
    penalty: (params) => {
      // As published: L1 of all masks times L1 of all features, units mixed; not the sum of each unit's own product.
      const product = mul(
        sum(magnitude(masks(params))),
        sum(magnitude(valueOf<Tensor2D>(params, features.name))),
      )
      const share = o.reduction === 'mean' ? 1 / (units * channels * height * width) : 1
      return mul(product, o.gamma * share)
    },
  }
}

/** What the published code clamps in place: features always, masks where they are not normalised first. */
function allowed(spatial: string, features: string, o: Factorized2dOptions): Ranges {
  const positive = [0, Infinity] as const
  const names = [
    ...(o.constrainPositive || o.positiveWeights ? [features] : []),
    ...(o.constrainPositive && !o.normalize ? [spatial] : []),
  ]
  return new Map(names.map((name) => [name, positive]))
}

function effectiveMasks(spatial: Tensor3D, o: Factorized2dOptions): Tensor3D {
  const norm = add(sqrt(sum(square(spatial), [1, 2], true)), NORM_FLOOR)
  const masks: Tensor3D = o.normalize ? div(spatial, norm) : spatial
  if (o.constrainPositive) return valuesOf(masks, maximum(masks, 0))
  return o.positiveSpatial ? magnitude(masks) : masks
}

/** The values of `shown` with the gradient of `x`: the published code changes the values behind the tape. */
const valuesOf = <T extends Tensor>(x: T, shown: T): T => add(x, stopGradient(add(shown, mul(x, -1))))
