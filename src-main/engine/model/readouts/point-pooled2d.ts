import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, reshape, slice } from '@tensorflow/tfjs-core'
import { meanPool, sampleMap } from '../../tensor/index.ts'
import type { ForwardContext, ParamMap, ParamSpec } from '../../types.ts'
import { constant, parameter, uniform, valueOf } from '../base/param-spec.ts'
import type { Shape3 } from '../base/shape.ts'
import { slide } from '../base/shape.ts'
import { addBias, biasSpec, l1, pickUnits, readoutRow, weighChannels } from './features.ts'
import { placePositions } from './positions.ts'
import type { Readout, ReadoutSite, Reduction } from './readout.ts'

export interface PointPooled2dOptions {
  readonly initRange: number
  readonly poolSteps: number
  readonly poolKernel: number
  readonly bias: boolean
  readonly gamma: number
  readonly reduction?: Reduction
  readonly alignCorners?: boolean
}

/**
 * Point readout on a stack of ever coarser maps (`PointPooled2d`, formerly SpatialTransformerPooled2d, of neuralpredictors):
 * each unit reads one position on the map and on its average pools. Positions are never sampled.
 * @throws CotrainError where a pool is larger than the map before it
 */
export function pointPooled2d(site: ReadoutSite, o: PointPooled2dOptions): Readout {
  const { place, units, input } = site
  const scales = o.poolSteps + 1
  const pool = { kernel: o.poolKernel, stride: o.poolKernel, dilation: 1, before: 0, after: 0 }
  Array.from({ length: o.poolSteps }).reduce<Shape3>(
    (level, _, step) => slide(level, pool, input.channels, `pool step ${step + 1} of the point readout`),
    input,
  )
  const grid = parameter(place, 'grid', {
    shape: [units, 2],
    init: uniform(o.initRange),
    role: 'position',
    layout: { kind: 'reshape', shape: [1, units, 1, 2] },
  })
  const features = parameter(place, 'features', {
    shape: [scales, input.channels, units],
    init: constant(1 / input.channels),
    role: 'features',
    layout: { kind: 'reshape', shape: [1, scales * input.channels, 1, units] },
  })
  const bias = o.bias ? biasSpec(site) : null
  const specs: readonly ParamSpec[] = [grid, features, ...(bias === null ? [] : [bias])]
  return {
    specs,
    ranges: new Map([[grid.name, [-1, 1]]]),
    row: readoutRow(site, 'point readout', specs, units * input.channels * scales * 5),
    apply: (map, params, context, call) => {
      const weights = pickUnits(valueOf<Tensor3D>(params, features.name), call?.units, 2)
      const positions = pickUnits(pointPositions(grid.name, params, context), call?.units, 1)
      const parts = pyramid(map, o).map((level, i) => {
        const sampled = sampleMap(level, positions, { alignCorners: o.alignCorners ?? true })
        return weighChannels(sampled, levelWeights(weights, i))
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

/** Positions [1 or B, n, 2]: clamped, then shifted by gaze. */
export const pointPositions = (grid: string, params: ParamMap, context: ForwardContext): Tensor3D =>
  placePositions(valueOf<Tensor2D>(params, grid), null, context)

/** Weights of one level. [C, n] */
const levelWeights = (weights: Tensor3D, level: number): Tensor2D =>
  reshape(slice(weights, [level, 0, 0], [1, -1, -1]), [weights.shape[1], weights.shape[2]])

/** The map and its average pools, finest first. */
function pyramid(map: Tensor4D, o: PointPooled2dOptions): readonly Tensor4D[] {
  const levels = [map]
  for (let step = 0; step < o.poolSteps; step++) {
    levels.push(meanPool(levels.at(-1)!, o.poolKernel))
  }
  return levels
}
