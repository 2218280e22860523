import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import {
  abs,
  add,
  clipByValue,
  concat,
  expandDims,
  mul,
  range,
  relu,
  reshape,
  slice,
  sub,
  sum,
  tile,
  transpose,
} from '@tensorflow/tfjs-core'
import { drawn, sampleMap } from '../../tensor/index.ts'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import { constant, parameter, streamOf, uniform, valueOf } from '../base/param-spec.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow } from './features.ts'
import type { Ranges, Readout, ReadoutSite, Reduction } from './readout.ts'
import { normals } from './positions.ts'

export interface UltraSparseOptions {
  readonly initMuRange: number
  readonly initSigmaRange: number
  /** Points that each unit reads. */
  readonly filters: number
  /** All points of a unit share their place in the image and differ in channel only. */
  readonly sharedMean: boolean
  readonly fixedSigma: boolean
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
}

/**
 * Each unit reads a few single points in (x, y, channel), interpolated in all three, drawn around their means in training
 * (`UltraSparse` of neuralpredictors; with one point `Gaussian3d`). Points of all units come first, then the next point of all.
 */
export function ultraSparse(site: ReadoutSite, o: UltraSparseOptions): Readout {
  const { place, units, input } = site
  const points = units * o.filters
  const where = o.sharedMean ? sharedSpecs(site, o, points) : ownSpecs(site, o, points)
  const features = parameter(place, 'features', {
    shape: [units, o.filters],
    init: constant(1 / input.channels),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, 1, units, o.filters] },
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [...where.specs, features, ...(bias === null ? [] : [bias])]
  return {
    specs,
    ranges: where.ranges,
    row: readoutRow(site, 'ultra-sparse readout', specs, points * input.channels * 5),
    apply: (map, params, context, call) => {
      const [batch, , , channels] = map.shape
      const placed = drawPoints(where, params, context, call?.sample, streamOf(place), batch, points)
      const rows = placed.shape[0]
      const xy = slice(placed, [0, 0, 0], [rows, points, 2])
      const sampled = sampleMap(map, shifted(xy, context), { alignCorners: true }) // [B, points, C]
      const depth = mul(add(slice(placed, [0, 0, 2], [rows, points, 1]), 1), (channels - 1) / 2)
      const hat = relu(sub(1, abs(sub(depth, range(0, channels, 1, 'float32'))))) // [rows, points, C]
      const values = reshape(sum(mul(sampled, hat), 2), [batch, o.filters, units])
      const weights = reshape(valueOf<Tensor2D>(params, features.name), [units, o.filters])
      const read = sum<Tensor2D>(mul(values, expandDims(transpose(weights), 0)), 1)
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0)
      return addBias(pickUnits(read, call?.units, 1), offset)
    },
    // The published class also asks for a penalty on widths that it does not define; the features are what it penalises.
    penalty: (params) => mul(l1(valueOf(params, features.name), o.reduction ?? 'sum'), o.gamma),
  }
}

interface PointSource {
  readonly specs: readonly ParamSpec[]
  readonly ranges: Ranges
  /** Means and spreads [points, 3]: x, y, channel. */
  mean(params: ParamMap): Tensor2D
  spread(params: ParamMap): Tensor2D
}

type Axes = 1 | 2 | 3

function pair(site: ReadoutSite, leaf: string, rows: number, axes: Axes, mu: number, o: UltraSparseOptions) {
  const layout = { kind: 'reshape', shape: [1, 1, rows, 1, axes] } as const
  const sigma = o.fixedSigma
    ? constant(o.initSigmaRange)
    : ({ kind: 'uniform', low: 0, high: o.initSigmaRange } as const)
  return {
    mu: parameter(site.place, `mu${leaf}`, {
      shape: [rows, axes],
      init: uniform(mu),
      role: 'position',
      layout,
    }),
    sigma: parameter(site.place, `sigma${leaf}`, {
      shape: [rows, axes],
      init: sigma,
      role: 'spread',
      layout,
    }),
  }
}

const bounds = (mu: ParamSpec, sigma: ParamSpec): [string, readonly [number, number]][] => [
  [mu.name, [-1, 1]],
  [sigma.name, [0, Infinity]],
]

function ownSpecs(site: ReadoutSite, o: UltraSparseOptions, points: number): PointSource {
  const { mu, sigma } = pair(site, '', points, 3, o.initMuRange, o)
  return {
    specs: [mu, sigma],
    ranges: new Map(bounds(mu, sigma)),
    mean: (params) => valueOf<Tensor2D>(params, mu.name),
    spread: (params) => valueOf<Tensor2D>(params, sigma.name),
  }
}

function sharedSpecs(site: ReadoutSite, o: UltraSparseOptions, points: number): PointSource {
  const xy = pair(site, '_xy', site.units, 2, o.initMuRange, o)
  const channel = pair(site, '_ch', points, 1, 1, o)
  const joined = (params: ParamMap, a: ParamSpec, b: ParamSpec): Tensor2D =>
    concat([tile(valueOf<Tensor2D>(params, a.name), [o.filters, 1]), valueOf<Tensor2D>(params, b.name)], 1)
  return {
    specs: [xy.mu, channel.mu, xy.sigma, channel.sigma],
    ranges: new Map([...bounds(xy.mu, xy.sigma), ...bounds(channel.mu, channel.sigma)]),
    mean: (params) => joined(params, xy.mu, channel.mu),
    spread: (params) => joined(params, xy.sigma, channel.sigma),
  }
}

function drawPoints(
  where: PointSource,
  params: ParamMap,
  context: ForwardContext,
  sample: boolean | undefined,
  stream: string,
  batch: number,
  points: number,
): Tensor3D {
  const centre = expandDims(where.mean(params), 0)
  if (!(sample ?? context.training)) return clipByValue(centre, -1, 1) as Tensor3D
  const noise =
    context.readoutNoise ?? drawn(context.rng, { purpose: stream, shape: [batch, points, 3], fill: normals })
  return clipByValue(add(centre, mul(noise, expandDims(where.spread(params), 0))), -1, 1)
}

const shifted = (xy: Tensor, context: ForwardContext): Tensor3D =>
  (context.shift === undefined ? xy : add(xy, expandDims(context.shift, 1))) as Tensor3D
