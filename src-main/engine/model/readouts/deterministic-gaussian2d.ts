import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, div, exp, expandDims, mul, reshape, square, sub, sum, transpose } from '@tensorflow/tfjs-core'
import type { ParamMap, ParamSpec } from '../../types.ts'
import { buffer, constant, parameter, uniform, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow } from './features.ts'
import { readMasked } from './masks.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'

export interface DeterministicGaussianOptions {
  readonly initMuRange: number
  readonly initSigma: number
  /** Features stay at or above 0. */
  readonly positive: boolean
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
}

/**
 * Each unit weighs the map by a Gaussian of its own place and width, normalised to sum 1 (`DeterministicGaussian2d` of
 * neuralpredictors). Position axis 0 runs along rows. The widths are part of the regulariser.
 */
export function deterministicGaussian2d(site: ReadoutSite, o: DeterministicGaussianOptions): Readout {
  const { place, units, input } = site
  const mu = parameter(place, 'mu', { shape: [units, 2], init: uniform(o.initMuRange), role: 'position' })
  const logVariance = parameter(place, 'log_var', {
    shape: [units],
    init: constant(Math.log(o.initSigma ** 2)),
    role: 'spread',
  })
  const grid = gridSpec(site)
  const features = parameter(place, 'features', {
    shape: [input.channels, units],
    init: constant(1 / input.channels),
    role: 'features',
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [mu, logVariance, grid, features, ...(bias === null ? [] : [bias])]
  const masks = (params: ParamMap): Tensor3D => {
    const centre = reshape(valueOf<Tensor2D>(params, mu.name), [units, 1, 1, 2])
    const distance = sum(square(sub(valueOf<Tensor4D>(params, grid.name), centre)), 3) // [n, H, W]
    const variance = reshape(exp(valueOf<Tensor1D>(params, logVariance.name)), [units, 1, 1])
    const density = exp(mul(div(distance, variance), -0.5))
    return div(density, expandDims(expandDims(sum(density, [1, 2]), 1), 1))
  }
  return {
    specs,
    ranges: new Map([
      [mu.name, [-1, 1] as const],
      ...(o.positive ? [[features.name, [0, Infinity] as const] as const] : []),
    ]),
    row: readoutRow(
      site,
      'gaussian mask readout',
      specs,
      units * input.channels * (input.height * input.width + 1),
    ),
    apply: (map, params, context, call) => {
      if (context.shift !== undefined) throw new RangeError('a mask readout cannot follow the gaze')
      const weights = transpose(valueOf<Tensor2D>(params, features.name))
      const read = readMasked(
        map,
        pickUnits(masks(params), call?.units, 0),
        pickUnits(weights, call?.units, 0),
      )
      return addBias(
        read,
        bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0),
      )
    },
    penalty: (params) => {
      const reduction = o.reduction ?? 'sum'
      const widths = l1(exp(valueOf<Tensor1D>(params, logVariance.name)), reduction)
      return mul(add(l1(valueOf<Tensor2D>(params, features.name), reduction), widths), o.gamma)
    },
  }
}

/** Coordinates of every cell, repeated for each unit as in the published state dict. */
function gridSpec({ place, units, input }: ReadoutSite): ParamSpec {
  const { height, width } = input
  return buffer(place, 'grid', {
    shape: [units, height, width, 2],
    init: { kind: 'values', values: cellCoordinates(units, input) },
    role: 'statistic',
  })
}

function cellCoordinates(units: number, { height, width }: Shape3): Float32Array {
  const at = (i: number, size: number): number => (size === 1 ? -1 : -1 + (2 * i) / (size - 1))
  const one = Array.from({ length: height * width }, (_, i) => [
    at(Math.floor(i / width), height),
    at(i % width, width),
  ]).flat()
  const all = new Float32Array(units * one.length)
  for (let n = 0; n < units; n++) all.set(one, n * one.length)
  return all
}
