import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, pad, reshape, slice, sub, tensor2d, tile } from '@tensorflow/tfjs-core'
import { depthwiseConv2d, sampleMap } from '../../tensor/index.ts'
import type { ParamSpec } from '../../types.ts'
import { buffer, constant, parameter, uniform, valueOf } from '../base/param-spec.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow, weighChannels } from './features.ts'
import { pointPositions } from './point-pooled2d.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'

/** The published Gaussian is a table rounded to six places, not quite the product of two rows. */
const GAUSS_EDGE = [0.003765, 0.015019, 0.023792, 0.015019, 0.003765]
const GAUSS_INNER = [0.015019, 0.059912, 0.094907, 0.059912, 0.015019]
const GAUSS_MIDDLE = [0.023792, 0.094907, 0.150342, 0.094907, 0.023792]

/** Smoothing filters of the published pyramid; each sums to about 1. */
const FILTERS = {
  gauss5x5: [GAUSS_EDGE, GAUSS_INNER, GAUSS_MIDDLE, GAUSS_INNER, GAUSS_EDGE],
  gauss3x3: outer([0.25, 0.5, 0.25]),
  laplace5x5: outer([1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]),
} as const
export type PyramidFilter = keyof typeof FILTERS

function outer(row: readonly number[]): readonly (readonly number[])[] {
  return row.map((a) => row.map((b) => a * b))
}

export interface PointPyramidOptions {
  readonly initRange: number
  /** Band-pass levels; the low-pass rest comes on top. */
  readonly scales: number
  readonly downsample: boolean
  readonly filter: PyramidFilter
  /** Features stay at or above 0. */
  readonly positive: boolean
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
}

/** Point readout on a Laplacian pyramid of the map (`PointPyramid2d` of neuralpredictors, Burt & Adelson 1983). */
export function pointPyramid2d(site: ReadoutSite, o: PointPyramidOptions): Readout {
  const { place, units, input } = site
  const levels = o.scales + 1
  const grid = parameter(place, 'grid', {
    shape: [units, 2],
    init: uniform(o.initRange),
    role: 'position',
    layout: { kind: 'reshape', shape: [1, units, 1, 2] },
  })
  const features = parameter(place, 'features', {
    shape: [levels, input.channels, units],
    init: constant(1 / input.channels),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, levels * input.channels, 1, units] },
  })
  const rows = FILTERS[o.filter]
  const filter = buffer(place, 'gauss_pyramid.filter', {
    shape: [rows.length, rows.length],
    init: { kind: 'values', values: Float32Array.from(rows.flat()) },
    role: 'statistic',
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [grid, features, filter, ...(bias === null ? [] : [bias])]
  return {
    specs,
    ranges: new Map([
      [grid.name, [-1, 1] as const],
      ...(o.positive ? [[features.name, [0, Infinity] as const] as const] : []),
    ]),
    row: readoutRow(site, 'pyramid readout', specs, units * input.channels * levels * 5),
    apply: (map, params, context, call) => {
      const positions = pickUnits(pointPositions(grid.name, params, context), call?.units, 1)
      const weights = pickUnits(valueOf<Tensor3D>(params, features.name), call?.units, 2)
      const parts = laplacePyramid(map, valueOf<Tensor2D>(params, filter.name), o).map((level, i) => {
        const own: Tensor2D = reshape(slice(weights, [i, 0, 0], [1, -1, -1]), [
          weights.shape[1],
          weights.shape[2],
        ])
        return weighChannels(sampleMap(level, positions, { alignCorners: true }), own)
      })
      const offset = bias === null ? null : pickUnits(valueOf<Tensor1D>(params, bias.name), call?.units, 0)
      return addBias(
        parts.reduce((a, b) => add(a, b)),
        offset,
      )
    },
    penalty: (params) => mul(l1(valueOf(params, features.name), o.reduction ?? 'sum'), o.gamma),
  }
}

/** Differences of successive smoothings, finest first, and the smooth rest. */
export function laplacePyramid(
  map: Tensor4D,
  filter: Tensor2D,
  o: Pick<PointPyramidOptions, 'scales' | 'downsample'>,
): readonly Tensor4D[] {
  const levels: Tensor4D[] = []
  let current = map
  for (let i = 0; i < o.scales; i++) {
    const smooth = smoothed(current, filter)
    const low = o.downsample ? everySecond(smooth) : smooth
    const back = o.downsample ? mul<Tensor4D>(smoothed(spreadOut(low, current), filter), 4) : low
    levels.push(sub(current, back))
    current = low
  }
  return [...levels, current]
}

function smoothed(map: Tensor4D, filter: Tensor2D): Tensor4D {
  const side = filter.shape[0]
  const kernels: Tensor4D = tile(reshape(filter, [side, side, 1, 1]), [1, 1, map.shape[3], 1])
  return depthwiseConv2d(map, kernels, { padding: Math.floor(side / 2) })
}

/** Every second row and column; zeros in between on the way back, which a transposed convolution with step 2 amounts to. */
function everySecond(map: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = map.shape
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)]
  const even = pad(map, [
    [0, 0],
    [0, 2 * rows - height],
    [0, 2 * columns - width],
    [0, 0],
  ])
  const blocks = reshape(even, [batch, rows, 2, columns, 2 * channels])
  return reshape(slice(blocks, [0, 0, 0, 0, 0], [batch, rows, 1, columns, channels]), [
    batch,
    rows,
    columns,
    channels,
  ])
}

function spreadOut(low: Tensor4D, like: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = low.shape
  const apart = pad(reshape(low, [batch, height, 1, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, 1],
    [0, 0],
    [0, 1],
    [0, 0],
  ])
  const wide: Tensor4D = reshape(apart, [batch, 2 * height, 2 * width, channels])
  return slice(wide, [0, 0, 0, 0], [batch, like.shape[1], like.shape[2], channels])
}

/** A filter as a tensor, for tests of the pyramid. */
export const pyramidFilter = (name: PyramidFilter): Tensor2D => tensor2d(FILTERS[name].map((row) => [...row]))
