import type { NumericValues } from './hdf5-values.ts'

/** Name of an element type for messages and lists: `uint8`, `float64`. */
export const toNumericType = (values: NumericValues): string =>
  values.constructor.name.replace('Array', '').toLowerCase()
