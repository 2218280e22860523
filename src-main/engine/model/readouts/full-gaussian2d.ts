import type { Scalar, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import { add, concat, expandDims, mean, mul, sqrt, square, sub, sum } from '@tensorflow/tfjs-core'
import { sampleMap } from '../../tensor/index.ts'
import type { Init, ParamMap, ParamSpec } from '../../types.ts'
import { constant, parameter, streamOf, uniform, valueOf, within } from '../base/param-spec.ts'
import { addBias, biasSpec, pickUnits, readoutRow, weighChannels } from './features.ts'
import type { FeatureSource } from './feature-source.ts'
import { ownFeatures, sharedFeatures } from './feature-source.ts'
import { diagonalSpread, drawnPositions, followGaze, positionNoise } from './positions.ts'
import type { PositionSource } from './position-source.ts'
import { freePositions, predictedPositions, sharedPositions } from './position-source.ts'
import type { PredictorOptions } from './position-source.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'
import type { RemapOptions } from './remapping.ts'
import { remapping } from './remapping.ts'
import type { SharedTensor } from './sharing-index.ts'

export type GaussType = 'isotropic' | 'uncorrelated' | 'full'

export interface FullGaussian2dOptions {
  readonly initMuRange: number
  readonly initSigma: number
  readonly gaussType: GaussType
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
  readonly batchSample?: boolean
  readonly alignCorners?: boolean
  /** Predicts positions from cortical coordinates instead of learning one per unit. */
  readonly predictor?: PredictorOptions
  readonly sharedFeatures?: SharedTensor
  readonly sharedGrid?: SharedTensor
  /** Moves positions by a field that depends on the image (`RemappedGaussian2d`). */
  readonly remap?: RemapOptions
  /** Numbers predicted per unit (more than one for encoders of distributions); they share positions. Output [B, numbers * units]. */
  readonly outputs?: number
}

const PER_CHANNEL = 5

/**
 * Gaussian readout with a full covariance (`FullGaussian2d` of neuralpredictors, Lurz et al. 2021): positions may be free,
 * predicted from cortical coordinates, or shared across sessions; features may be shared across sessions.
 */
export function fullGaussian2d(site: ReadoutSite, o: FullGaussian2dOptions): Readout {
  const { place, units, input } = site
  const positions = positionSource(site, o)
  const sigma = sigmaSpec(site, o)
  const heads = Array.from({ length: o.outputs ?? 1 }, (_, i) => headOf(numbered(site, i), o))
  const field = o.remap === undefined ? null : remapping(place, input, o.remap)
  const specs: readonly ParamSpec[] = [
    ...positions.specs,
    sigma,
    ...heads.flatMap((h) => h.specs),
    ...(field?.specs ?? []),
  ]
  return {
    specs,
    borrowed: new Map(
      [positions, ...heads.map((h) => h.features)].flatMap((source) => [...(source.borrowed ?? [])]),
    ),
    ranges: positions.ranges,
    row: readoutRow(site, `gaussian readout (${o.gaussType})`, specs, units * input.channels * PER_CHANNEL),
    apply: (map, params, context, call) => {
      const sampling = {
        stream: streamOf(place),
        batch: map.shape[0],
        units,
        batchSample: o.batchSample ?? true,
      }
      const noise = positionNoise(context, {
        ...sampling,
        ...(call?.sample === undefined ? {} : { sample: call.sample }),
      })
      const spread = spreadOf(o.gaussType, noise, params, sigma.name)
      const drawn = pickUnits(drawnPositions(positions.mean(params), spread), call?.units, 1)
      const moved = field === null ? drawn : field.move(drawn, map, params, context)
      const sampled = sampleMap(map, followGaze(moved, context), { alignCorners: o.alignCorners ?? true }) // [B, n, C]
      const read = heads.map((head) => head.read(sampled, params, call?.units))
      return read.length === 1 ? read[0]! : concat(read, 1)
    },
    penalty: (params) =>
      mul(
        heads.map((h) => h.features.l1(params, o.reduction ?? 'sum')).reduce((a, b) => add(a, b)),
        o.gamma,
      ),
  }
}

/** Channel weights and bias of one predicted number. */
function headOf(site: ReadoutSite, o: FullGaussian2dOptions) {
  const features: FeatureSource =
    o.sharedFeatures === undefined ? ownFeatures(site) : sharedFeatures(site, o.sharedFeatures)
  const bias = o.bias ? biasSpec(site) : null
  return {
    features,
    specs: [...features.specs, ...(bias === null ? [] : [bias])],
    read: (sampled: Tensor3D, params: ParamMap, units: readonly number[] | undefined): Tensor2D => {
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), units, 0)
      return addBias(weighChannels(sampled, pickUnits(features.values(params), units, 1)), offset)
    },
  }
}

/** The first number keeps the readout's own names; only its bias starts at the mean response. */
function numbered(site: ReadoutSite, i: number): ReadoutSite {
  if (i === 0) return site
  const { meanResponse: _mean, ...rest } = site
  return { ...rest, place: within(site.place, `parameter${i}`) }
}

function positionSource(site: ReadoutSite, o: FullGaussian2dOptions): PositionSource {
  if (o.predictor !== undefined) return predictedPositions(site, o.predictor)
  if (o.sharedGrid !== undefined) return sharedPositions(site, o.sharedGrid, o.initMuRange)
  return freePositions(site, o.initMuRange)
}

/** Entries per unit: one, two, or a 2 x 2 matrix A with covariance A A^T. */
function sigmaSpec({ place, units }: ReadoutSite, o: FullGaussian2dOptions): ParamSpec {
  const tail = o.gaussType === 'full' ? [2, 2] : [o.gaussType === 'isotropic' ? 1 : 2]
  const stored = o.gaussType === 'full' ? [1, units, 2, 2] : [1, units, 1, ...tail]
  const init: Init = o.gaussType === 'full' ? uniform(o.initSigma) : constant(o.initSigma)
  return parameter(place, 'sigma', {
    shape: [units, ...tail],
    init,
    role: 'spread',
    layout: { kind: 'reshape', shape: stored },
  })
}

function spreadOf(type: GaussType, noise: Tensor3D | null, params: ParamMap, sigma: string): Tensor3D | null {
  if (noise === null) return null
  if (type !== 'full') return diagonalSpread(noise, valueOf<Tensor2D>(params, sigma))
  const matrix = expandDims(valueOf<Tensor3D>(params, sigma), 0) // [1, n, 2, 2]
  return sum(mul(matrix, expandDims(noise, 2)), 3) // A e, [B, n, 2]
}

/** How far positions scatter: standard deviation over units (n - 1), summed over x and y; a possible penalty. [] */
export function positionDispersion(mu: Tensor2D): Scalar {
  const n = mu.shape[0]
  const variance = mul(mean(square(sub(mu, mean(mu, 0))), 0), n / (n - 1))
  return sum(sqrt(variance))
}
