import type { NumpyValues } from './numpy-dtype.ts'

/** Tuples and lists come as arrays, dicts as maps, bytes as Uint8Array, arrays and scalars of NumPy as themselves. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickledArray
  | PickledDtype
  | PickleGlobal

/** A NumPy array in row-major order. */
export interface PickledArray {
  readonly type: 'ndarray'
  shape: readonly number[]
  values: NumpyValues
  dtype: string
}

export interface PickledDtype {
  readonly type: 'dtype'
  readonly descr: string
  littleEndian: boolean
}

/** The only callables a pickle may name; none of them is ever run, each stands for a value we build ourselves. */
export interface PickleGlobal {
  readonly type: 'global'
  readonly what: 'reconstruct' | 'ndarray' | 'dtype' | 'scalar' | 'encode' | 'frombuffer' | 'bytes'
}
