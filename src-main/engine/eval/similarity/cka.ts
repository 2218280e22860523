import { centredOverImages, gram, type Features, type ImageMatrix } from './features.ts'

/**
 * Linear centred kernel alignment (Kornblith et al. 2019) of two representations of the same images:
 * |Y'X|^2 / (|X'X| |Y'Y|), columns centred. 1 for representations equal up to rotation and scale; NaN when one does not vary.
 */
export const linearCka = (x: Features, y: Features): number => alignment(centredGram(x), centredGram(y))

/**
 * Linear CKA without the bias that few images and many features bring: HSIC by its unbiased estimate (Song et al. 2012). Near 0 for
 * unrelated representations, where it may fall below 0. Needs four images.
 */
export const debiasedCka = (x: Features, y: Features): number =>
  alignment(unbiasedGram(centredGram(x)), unbiasedGram(centredGram(y)))

/** Inner products of all pairs of images, columns centred. */
export const centredGram = (features: Features): ImageMatrix => gram(centredOverImages(features))

/**
 * Inner products (columns centred or not) with an empty diagonal, centred so that sums of products of two of them estimate HSIC without bias (Song et al. 2012,
 * U-centring as in Szekely and Rizzo 2014; `center_gram(unbiased=True)` of Kornblith's published notebook).
 */
export function unbiasedGram({ images, values }: ImageMatrix): ImageMatrix {
  const sums = Float64Array.from({ length: images }, (_, i) => {
    let sum = 0
    for (let j = 0; j < images; j++) if (j !== i) sum += values[i * images + j]!
    return sum / (images - 2)
  })
  const whole = sums.reduce((a, b) => a + b, 0) / (2 * (images - 1))
  const means = sums.map((v) => v - whole)
  return {
    images,
    values: values.map((v, k) => {
      const [i, j] = [Math.floor(k / images), k % images]
      return i === j ? 0 : v - means[i]! - means[j]!
    }),
  }
}

/** Cosine between two matrices over the same images. */
export function alignment(k: ImageMatrix, l: ImageMatrix): number {
  if (k.images !== l.images)
    throw new RangeError(`representations of ${k.images} and ${l.images} images cannot be compared`)
  return inner(k.values, l.values) / Math.sqrt(inner(k.values, k.values) * inner(l.values, l.values))
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** A measure of every layer of one list with every layer of another [first, second]. */
export const ofPairs = <T>(
  first: readonly T[],
  second: readonly T[],
  measure: (a: T, b: T) => number,
): number[][] => first.map((a) => second.map((b) => measure(a, b)))
