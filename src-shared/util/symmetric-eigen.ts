import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** Values in descending order; vectors [n, n] with vector k in column k, of length 1. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: Float64Array
}

/** Eigenvalues and eigenvectors of a symmetric matrix [n, n] by rows, greatest first. @throws RangeError for values that are not finite */
export function symmetricEigen(a: Float64Array, n: number): Eigen {
  if (!a.every((v) => Number.isFinite(v)))
    throw new RangeError('a matrix with missing values has no eigenvalues')
  if (n === 0) return { values: new Float64Array(), vectors: new Float64Array() }
  const found = new EigenvalueDecomposition(Matrix.from1DArray(n, n, a), { assumeSymmetric: true })
  const order = Array.from(found.realEigenvalues.keys()).sort(
    (i, j) => found.realEigenvalues[j]! - found.realEigenvalues[i]!,
  )
  const vectors = new Float64Array(n * n)
  order.forEach((from, to) => {
    for (let row = 0; row < n; row++) vectors[row * n + to] = found.eigenvectorMatrix.get(row, from)
  })
  return { values: Float64Array.from(order, (i) => found.realEigenvalues[i]!), vectors }
}
