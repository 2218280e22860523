import type { NamedArray } from '../../engine/types.ts'

/** One axis of a new shape: its size, or what is left (-1), which is the batch. */
type Sizes = readonly number[]

/** An operation on values that are named; images and feature maps are [batch, channels, height, width]. */
export type GraphOp = { readonly inputs: readonly string[]; readonly output: string } & (
  | {
      /** Inputs: map, kernel [out, in, rows, columns], and a bias [out] where there is one. */
      readonly op: 'conv'
      readonly stride: number
      readonly pads: readonly [rows: number, columns: number]
      readonly dilation: number
      readonly groups: number
    }
  /** Inputs: map, scale, shift, mean, variance, each [channels]. */
  | { readonly op: 'batchNorm'; readonly epsilon: number }
  | {
      readonly op: 'maxPool' | 'meanPool'
      readonly size: number
      readonly stride: number
      readonly pad: number
    }
  /** Inputs: rows [batch, in], weight [out, in], and a bias [out] where there is one. */
  | { readonly op: 'linear' }
  /** Bilinear samples of a map at positions [batch or 1, units, 2] in [-1, 1], x first; zero outside: [batch, units, channels]. */
  | {
      readonly op: 'sample'
      readonly alignCorners: boolean
      readonly units: number
      readonly rows: 'one' | 'batch'
    }
  | { readonly op: UnaryOp }
  | { readonly op: BinaryOp }
  | { readonly op: 'matmul' }
  | { readonly op: 'softmax'; readonly axis: number }
  | { readonly op: 'clip'; readonly low: number; readonly high: number }
  | { readonly op: 'reshape'; readonly sizes: Sizes }
  | { readonly op: 'transpose'; readonly order: readonly number[] }
  | { readonly op: 'concat'; readonly axis: number }
  | { readonly op: 'slice'; readonly axes: readonly { axis: number; begin: number; end: number }[] }
  | { readonly op: 'sum' | 'mean' | 'max'; readonly axes: readonly number[]; readonly keep: boolean }
  | { readonly op: 'repeat'; readonly times: readonly number[] }
)

export type UnaryOp =
  'relu' | 'elu' | 'sigmoid' | 'tanh' | 'exp' | 'softplus' | 'sin' | 'sqrt' | 'abs' | 'neg'
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum'

/** What one output of a network computes from images [batch, channels, height, width], under the published names of its weights. */
export interface ExchangeGraph {
  readonly images: {
    readonly name: string
    readonly channels: number
    readonly height: number
    readonly width: number
  }
  readonly ops: readonly GraphOp[]
  /** Weights by published name, in the published layout: those that the operations read. */
  readonly weights: ReadonlyMap<string, NamedArray>
  /** Numbers that the network is made with. */
  readonly constants: ReadonlyMap<string, NamedArray>
  readonly output: { readonly name: string; readonly columns: number }
}
