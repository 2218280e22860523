import { symmetricEigen } from '../../../../src-shared/util/symmetric-eigen.ts'
import type { Features, ImageMatrix } from './features.ts'

/** Leading principal components of a representation, each as a column of length 1 over images: [images, dims]. */
export type Components = Features

/** Share of the variance that the components hold (Raghu et al. 2017). */
const VARIANCE = 0.99
/** Values below this share of the largest are rounding. */
const ROUNDING = 1e-10

/** The fewest components that hold 99 % of the variance, at most `most`, from inner products of images, columns centred. */
export function principalComponents({ images, values }: ImageMatrix, most: number): Components {
  const eigen = symmetricEigen(values, images)
  const total = eigen.values.reduce((sum, v) => sum + Math.max(0, v), 0)
  let [dims, held] = [0, 0]
  while (
    dims < Math.min(most, images - 1) &&
    held < VARIANCE * total &&
    eigen.values[dims]! > ROUNDING * eigen.values[0]!
  )
    held += eigen.values[dims++]!
  const kept = new Float64Array(images * dims)
  for (let i = 0; i < images; i++)
    for (let d = 0; d < dims; d++) kept[i * dims + d] = eigen.vectors[i * images + d]!
  return { images, dims, values: kept }
}

/**
 * SVCCA (Raghu et al. 2017): mean canonical correlation of the leading components of two representations. Columns are orthonormal, so
 * that the canonical correlations are the singular values of A'B. NaN when one does not vary.
 */
export function svcca(a: Components, b: Components): number {
  if (a.images !== b.images)
    throw new RangeError(`representations of ${a.images} and ${b.images} images cannot be compared`)
  const [few, more] = a.dims <= b.dims ? [a, b] : [b, a]
  const cross = productsOf(few, more)
  const squares = new Float64Array(few.dims * few.dims)
  for (let p = 0; p < few.dims; p++)
    for (let q = 0; q < few.dims; q++)
      for (let d = 0; d < more.dims; d++)
        squares[p * few.dims + q] =
          squares[p * few.dims + q]! + cross[p * more.dims + d]! * cross[q * more.dims + d]!
  const { values } = symmetricEigen(squares, few.dims)
  return values.reduce((sum, v) => sum + Math.sqrt(Math.min(1, Math.max(0, v))), 0) / few.dims
}

/** a'b [dims of a, dims of b]. */
function productsOf(a: Components, b: Components): Float64Array {
  const out = new Float64Array(a.dims * b.dims)
  for (let i = 0; i < a.images; i++)
    for (let p = 0; p < a.dims; p++)
      for (let q = 0; q < b.dims; q++)
        out[p * b.dims + q] = out[p * b.dims + q]! + a.values[i * a.dims + p]! * b.values[i * b.dims + q]!
  return out
}
