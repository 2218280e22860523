import type { NativeAttr } from '../base/native-ops.ts'

/** Numbers that the program has given on its way, such as a shape or a factor. */
export interface Constant {
  readonly shape: readonly number[]
  /** TensorFlow's number of the type. */
  readonly dtype: number
  readonly bytes: Uint8Array
  /** All numbers are the one in `bytes`. */
  readonly isUniform: boolean
}

/** Where a tensor comes from: output `out` of the operation at position `op`, the k-th tensor given, or a constant. */
export type Source =
  { readonly op: number; readonly out: number } | { readonly given: number } | { readonly constant: number }

export interface Operation {
  readonly name: string
  readonly attrs: readonly NativeAttr[]
  readonly sources: readonly Source[]
  /** TensorFlow's numbers of their types. */
  readonly outputs: readonly number[]
}

/** Operations in the order in which they were done, and which of what they made is wanted. */
export interface Trace {
  /** Types of the tensors given. */
  readonly given: readonly number[]
  readonly constants: readonly Constant[]
  readonly operations: readonly Operation[]
  readonly wanted: readonly Source[]
  /** Values that all operations together make. */
  readonly values: number
}

/** Whether both do the same, with the same numbers in it. */
export const sameTrace = (a: Trace, b: Trace): boolean =>
  same(a.given, b.given) &&
  same(a.operations, b.operations) &&
  same(a.wanted, b.wanted) &&
  a.constants.length === b.constants.length &&
  a.constants.every((constant, i) => sameConstant(constant, b.constants[i]!))

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

const sameConstant = (a: Constant, b: Constant): boolean =>
  a.dtype === b.dtype &&
  a.isUniform === b.isUniform &&
  same(a.shape, b.shape) &&
  Buffer.compare(a.bytes, b.bytes) === 0
