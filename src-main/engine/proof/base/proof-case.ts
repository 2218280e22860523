import type { Tensor } from '@tensorflow/tfjs-core'

/** Number format of what an operation reads; bfloat16 exists inside convolutions only. */
type ProofFormat = 'float32' | 'bfloat16' | 'int32' | 'bool'

/** Right values of one output, computed when asked for, so that a large output can be checked at a sample of places. */
export interface Right {
  readonly size: number
  /** Value at a flat index, in double precision. */
  at(index: number): number
  /** Multiplications behind one value. */
  readonly cost: number
  /** Size of the terms behind the values, where they nearly cancel; errors are measured against it. */
  readonly terms?: number
}

/** Inputs that are made, and the operation ready to be run on them. */
export interface PreparedCase {
  /** Issues the operation once; outputs in the order of `right`. */
  run(): Tensor[]
  readonly right: readonly Right[]
  /** Frees what is not a tensor of the surrounding scope. */
  readonly dispose?: () => void
}

/** One operation of the library at one shape. */
export interface ProofCase {
  /** TensorFlow's name of what is proved; other operations may be issued on the way. */
  readonly operation: string
  readonly format: ProofFormat
  /** Shapes and options in words. */
  readonly shape: string
  /** Whether values are sums of products, whose precision depends on the device. */
  readonly product: boolean
  prepare(): PreparedCase
}

/** Right values that are known as a whole. */
export const known = (values: ArrayLike<number>, terms?: number): Right => ({
  size: values.length,
  at: (index) => values[index]!,
  cost: 1,
  ...(terms === undefined ? {} : { terms }),
})

/** Right values by a rule over the flat index. */
export const byRule = (size: number, at: (index: number) => number, cost = 1): Right => ({ size, at, cost })

/** Number of values in a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((n, side) => n * side, 1)
