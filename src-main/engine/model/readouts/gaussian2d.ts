import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { mul } from '@tensorflow/tfjs-core'
import { sampleMap } from '../../tensor/index.ts'
import type { ParamSpec } from '../../types.ts'
import { constant, parameter, streamOf, uniform, valueOf } from '../base/param-spec.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow, weighChannels } from './features.ts'
import { diagonalSpread, placePositions, positionNoise } from './positions.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'

export interface Gaussian2dOptions {
  readonly initMuRange: number
  readonly initSigmaRange: number
  readonly bias: boolean
  /** Weight of the L1 of the features. */
  readonly gamma: number
  readonly reduction?: Reduction
  readonly batchSample?: boolean
  readonly alignCorners?: boolean
  /** Start every spread at `initSigmaRange` instead of drawing it. */
  readonly fixedSigma?: boolean
}

/** Multiply-adds of one bilinear sample per channel and its weight. */
const PER_CHANNEL = 5

/**
 * Gaussian readout of the shared network (the 2020 class of neuralpredictors, identical to its `Gaussian2d`): each unit
 * reads one position, drawn around its mean in training and the mean itself in evaluation.
 */
export function gaussian2d(site: ReadoutSite, o: Gaussian2dOptions): Readout {
  const { place, units, input } = site
  const mu = parameter(place, 'mu', {
    shape: [units, 2],
    init: uniform(o.initMuRange),
    role: 'position',
    layout: { kind: 'reshape', shape: [1, units, 1, 2] },
  })
  const sigma = parameter(place, 'sigma', {
    shape: [units, 2],
    init:
      o.fixedSigma === true
        ? constant(o.initSigmaRange)
        : { kind: 'uniform', low: 0, high: o.initSigmaRange },
    role: 'spread',
    layout: { kind: 'reshape', shape: [1, units, 1, 2] },
  })
  const features = parameter(place, 'features', {
    shape: [input.channels, units],
    init: constant(1 / input.channels),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, input.channels, 1, units] },
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [mu, sigma, features, ...(bias === null ? [] : [bias])]
  const penaltyOf = (x: Tensor2D): Scalar => mul(l1(x, o.reduction ?? 'sum'), o.gamma)
  return {
    specs,
    ranges: new Map([
      [mu.name, [-1, 1]],
      [sigma.name, [0, Infinity]],
    ]),
    row: readoutRow(site, 'gaussian readout', specs, units * input.channels * PER_CHANNEL),
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
      const spread = diagonalSpread(noise, valueOf<Tensor2D>(params, sigma.name))
      const positions = placePositions(valueOf<Tensor2D>(params, mu.name), spread, context)
      const chosen = pickUnits(positions, call?.units, 1)
      const sampled = sampleMap(map, chosen, { alignCorners: o.alignCorners ?? true }) // [B, n, C]
      const weights = pickUnits(valueOf<Tensor2D>(params, features.name), call?.units, 1)
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0)
      return addBias(weighChannels(sampled, weights), offset)
    },
    penalty: (params) => penaltyOf(valueOf<Tensor2D>(params, features.name)),
  }
}
