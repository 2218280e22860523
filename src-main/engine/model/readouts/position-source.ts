import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { add, elu, gather, matMul, tanh, tensor1d } from '@tensorflow/tfjs-core'
import { dense } from '../../tensor/index.ts'
import type { ParamMap, ParamSpec } from '../../types.ts'
import type { Place } from '../base/param-spec.ts'
import { buffer, parameter, torchDefault, uniform, valueOf, within } from '../base/param-spec.ts'
import type { Ranges, ReadoutSite } from './readout.ts'
import type { SharedTensor } from './sharing-index.ts'
import { sharingIndex } from './sharing-index.ts'

/** Where a readout has the mean positions of its units from. */
export interface PositionSource {
  readonly specs: readonly ParamSpec[]
  /** Another session's tensor -> its name here in the published state dict. */
  readonly borrowed?: ReadonlyMap<string, string>
  readonly ranges: Ranges
  /** [units, 2], x before y. */
  mean(params: ParamMap): Tensor2D
}

const muSpec = (place: Place, rows: number, range: number): ParamSpec =>
  parameter(place, 'mu', {
    shape: [rows, 2],
    init: uniform(range),
    role: 'position',
    layout: { kind: 'reshape', shape: [1, rows, 1, 2] },
    torchLeaf: '_mu',
  })

const inField = (name: string): Ranges => new Map([[name, [-1, 1]]])

/** A position per unit. */
export function freePositions({ place, units }: ReadoutSite, range: number): PositionSource {
  const mu = muSpec(place, units, range)
  return { specs: [mu], ranges: inField(mu.name), mean: (params) => valueOf<Tensor2D>(params, mu.name) }
}

export interface PredictorOptions {
  /** [units, dimensions] row-major, raw cortical coordinates. */
  readonly source: { readonly values: ArrayLike<number>; readonly dimensions: number }
  readonly hiddenLayers: number
  readonly hiddenFeatures: number
  readonly finalTanh: boolean
}

/** Positions predicted from cortical coordinates, which are centred and scaled to at most 1 first. */
export function predictedPositions({ place, units }: ReadoutSite, o: PredictorOptions): PositionSource {
  const grid = buffer(place, 'source_grid', {
    shape: [units, o.source.dimensions],
    init: { kind: 'values', values: centredGrid(o.source.values, units, o.source.dimensions) },
    role: 'statistic',
  })
  const widths = [o.source.dimensions, ...Array<number>(o.hiddenLayers).fill(o.hiddenFeatures), 2]
  const layers = widths
    .slice(1)
    .map((out, i) => linearSpecs(within(place, `mu_transform.${2 * i}`), widths[i]!, out))
  return {
    specs: [grid, ...layers.flat()],
    ranges: new Map(),
    mean: (params) => {
      const y = layers.reduce<Tensor2D>(
        (x, [weight, bias], i) => {
          const input = i === 0 ? x : elu(x)
          return dense(input, valueOf<Tensor2D>(params, weight.name), {
            bias: valueOf<Tensor1D>(params, bias.name),
          })
        },
        valueOf<Tensor2D>(params, grid.name),
      )
      return o.finalTanh ? tanh(y) : y
    },
  }
}

function linearSpecs(place: Place, inputs: number, outputs: number): readonly [ParamSpec, ParamSpec] {
  const init = torchDefault(inputs)
  return [
    parameter(place, 'weight', { shape: [inputs, outputs], init, role: 'weight', layout: { kind: 'dense' } }),
    parameter(place, 'bias', { shape: [outputs], init, role: 'bias' }),
  ]
}

function centredGrid(values: ArrayLike<number>, units: number, dimensions: number): Float32Array {
  const out = Float64Array.from(Array.from(values))
  for (let d = 0; d < dimensions; d++) {
    let total = 0
    for (let n = 0; n < units; n++) total += out[n * dimensions + d]!
    for (let n = 0; n < units; n++) out[n * dimensions + d] = out[n * dimensions + d]! - total / units
  }
  const extent = out.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0)
  return Float32Array.from(out, (v) => (extent > 0 ? v / extent : v))
}

/** Positions of matched units owned by the first session; each later session maps them by a linear transform, first the identity. */
export function sharedPositions({ place }: ReadoutSite, shared: SharedTensor, range: number): PositionSource {
  const { index, count } = sharingIndex(shared.matchIds)
  const lookup = buffer(place, 'grid_sharing_index', {
    shape: [index.length],
    init: { kind: 'values', values: Float32Array.from(index) },
    role: 'statistic',
  })
  const pick = (all: Tensor2D): Tensor2D => gather(all, tensor1d(index, 'int32'), 0)
  const owner = shared.owner
  if (owner === null) {
    const mu = muSpec(place, count, range)
    return {
      specs: [mu, lookup],
      ranges: inField(mu.name),
      mean: (params) => pick(valueOf<Tensor2D>(params, mu.name)),
    }
  }
  const transform = within(place, 'mu_transform')
  const weight = parameter(transform, 'weight', {
    shape: [2, 2],
    init: { kind: 'values', values: Float32Array.of(1, 0, 0, 1) },
    role: 'weight',
    layout: { kind: 'dense' },
  })
  const bias = parameter(transform, 'bias', {
    shape: [2],
    init: { kind: 'constant', value: 0 },
    role: 'bias',
  })
  return {
    specs: [weight, bias, lookup],
    borrowed: new Map([[owner, `${place.torch}._mu`]]),
    ranges: new Map(),
    mean: (params) => {
      const own = pick(valueOf<Tensor2D>(params, owner))
      return add(matMul(own, valueOf<Tensor2D>(params, weight.name)), valueOf<Tensor1D>(params, bias.name))
    },
  }
}
