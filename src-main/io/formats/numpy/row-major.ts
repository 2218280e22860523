import type { NumpyValues } from './numpy-dtype.ts'

/** Values stored first-axis-fastest (Fortran, MATLAB) reordered to last-axis-fastest; the shape stays. */
export function toRowMajor<T extends NumpyValues>(values: T, shape: readonly number[]): T {
  return permuteAxes(
    values,
    [...shape].reverse(),
    shape.map((_, i) => shape.length - 1 - i),
  )
}

/** Reorders a row-major array of `shape` so that axis `i` of the result is axis `order[i]` of the input. */
export function permuteAxes<T extends NumpyValues>(
  values: T,
  shape: readonly number[],
  order: readonly number[],
): T {
  if (order.every((axis, i) => axis === i)) return values
  const strides = new Array<number>(shape.length).fill(1)
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1]! * shape[i + 1]!
  const sizes = order.map((axis) => shape[axis]!)
  const steps = order.map((axis) => strides[axis]!)
  const out = values.slice() as T
  const index = new Array<number>(sizes.length).fill(0)
  for (let to = 0, from = 0; to < out.length; to++) {
    out[to] = values[from] as never // same element type, which a union of arrays cannot express
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1
      from += steps[axis]!
      if (index[axis]! < sizes[axis]!) break
      from -= index[axis]! * steps[axis]!
      index[axis] = 0
    }
  }
  return out
}
