import { centredOverImages, gram, type Features } from './features.ts'

/**
 * Linear centred kernel alignment (Kornblith et al. 2019) of two representations of the same images:
 * |Y'X|^2 / (|X'X| |Y'Y|), columns centred, through whichever of feature products or Gram matrices is smaller.
 * 1 for representations equal up to rotation and scale; NaN when one does not vary.
 */
export function linearCka(x: Features, y: Features): number {
  if (x.images !== y.images)
    throw new RangeError(`representations of ${x.images} and ${y.images} images cannot be compared`)
  const [a, b] = [centredOverImages(x), centredOverImages(y)]
  const wide = Math.max(a.dims, b.dims) > a.images
  return wide ? throughGram(a, b) : throughProducts(a, b)
}

function throughGram(a: Features, b: Features): number {
  const [k, l] = [gram(a).values, gram(b).values]
  return inner(k, l) / Math.sqrt(inner(k, k) * inner(l, l))
}

function throughProducts(a: Features, b: Features): number {
  return squaredNorm(a, b) / Math.sqrt(squaredNorm(a, a) * squaredNorm(b, b))
}

function inner(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** Squared Frobenius norm of a' b. */
function squaredNorm(a: Features, b: Features): number {
  const product = new Float64Array(a.dims * b.dims)
  for (let i = 0; i < a.images; i++) {
    for (let p = 0; p < a.dims; p++) {
      const left = a.values[i * a.dims + p]!
      for (let q = 0; q < b.dims; q++) {
        product[p * b.dims + q] = product[p * b.dims + q]! + left * b.values[i * b.dims + q]!
      }
    }
  }
  return inner(product, product)
}

/** CKA of every layer of one run with every layer of another [layers of a, layers of b]. */
export function ckaMatrix(a: readonly Features[], b: readonly Features[]): readonly (readonly number[])[] {
  return a.map((x) => b.map((y) => linearCka(x, y)))
}
