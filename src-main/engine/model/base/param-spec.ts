import type { Tensor } from '@tensorflow/tfjs-core'
import type { Init, ParamMap, ParamSpec, TorchLayout } from '../../types.ts'

/** Where a layer lives: its name here, its path in the published state dict, its block. */
export interface Place {
  readonly name: string
  /** What its random streams are named after, where that is not its name. */
  readonly stream?: string
  readonly torch: string
  readonly block: string
  readonly frozen?: boolean
}

export interface SpecOptions {
  readonly shape: readonly number[]
  readonly init: Init
  readonly role: ParamSpec['role']
  readonly layout?: TorchLayout
  /** Name of the leaf in the published state dict, where it differs from ours. */
  readonly torchLeaf?: string
}

const SAME: TorchLayout = { kind: 'same' }

/** A trained tensor `place.leaf`. */
export const parameter = (place: Place, leaf: string, o: SpecOptions): ParamSpec =>
  spec(place, leaf, 'parameter', o)

/** A tensor that is saved but not trained, such as running statistics. */
export const buffer = (place: Place, leaf: string, o: SpecOptions): ParamSpec =>
  spec(place, leaf, 'buffer', o)

function spec(place: Place, leaf: string, kind: ParamSpec['kind'], o: SpecOptions): ParamSpec {
  return {
    name: `${place.name}.${leaf}`,
    ...(place.stream !== undefined && { stream: `${place.stream}.${leaf}` }),
    shape: o.shape,
    init: o.init,
    kind,
    role: o.role,
    block: place.block,
    frozen: kind === 'buffer' || place.frozen === true,
    torch: { name: `${place.torch}.${o.torchLeaf ?? leaf}`, layout: o.layout ?? SAME },
  }
}

/** A layer inside a place: `core` + `layer0` -> `core.layer0`. */
export function within(place: Place, name: string, torch: string = name): Place {
  const stream = place.stream === undefined ? {} : { stream: `${place.stream}.${name}` }
  return { ...place, ...stream, name: `${place.name}.${name}`, torch: `${place.torch}.${torch}` }
}

/** Name of the random stream of a place. */
export const streamOf = ({ name, stream = name }: Pick<Place, 'name' | 'stream'>): string => stream

/** The current value of a tensor; a missing one is a defect of the caller. */
export function valueOf<T extends Tensor>(params: ParamMap, name: string): T {
  const value = params.get(name)
  if (value === undefined) throw new Error(`no value for tensor ${name}`)
  return value as T // ParamMap holds tensors of every rank; the layer that made the spec knows which
}

/** Starts at one value. */
export const constant = (value: number): Init => ({ kind: 'constant', value })
/** Starts uniformly in [-range, range). */
export const uniform = (range: number): Init => ({ kind: 'uniform', low: -range, high: range })
/** Starts normally about 0; `std` is the standard deviation. */
export const normal = (std: number): Init => ({ kind: 'normal', std })

/** He et al. 2015 with fan_out and gain sqrt(2), torchvision's choice for VGG convolutions. */
export const kaimingFanOut = (kernel: number, channelsOut: number): Init =>
  normal(Math.sqrt(2 / (kernel * kernel * channelsOut)))

/** Glorot & Bengio 2010, normal form. */
export const xavierNormal = (fanIn: number, fanOut: number): Init => normal(Math.sqrt(2 / (fanIn + fanOut)))

/** torch's default for convolutions and linear layers, weights and biases: U(-1/sqrt(fan_in), 1/sqrt(fan_in)). */
export const torchDefault = (fanIn: number): Init => uniform(1 / Math.sqrt(fanIn))

/** Number of trained values (frozen ones included, buffers not) and of the tensors that hold them. */
export function countParameters(specs: readonly ParamSpec[]): {
  readonly values: number
  readonly tensors: number
} {
  const trained = specs.filter((s) => s.kind === 'parameter')
  const values = trained.reduce((sum, s) => sum + s.shape.reduce((product, n) => product * n, 1), 0)
  return { values, tensors: trained.length }
}
