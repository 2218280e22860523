import { gram, type Features, type ImageMatrix } from './features.ts'

/** How far apart two images are in a representation. */
export type Dissimilarity = 'correlation' | 'squared-euclidean'

/**
 * Representational dissimilarity matrix (Kriegeskorte et al. 2008): 1 - Pearson correlation of the feature vectors of two
 * images, or their squared distance. Correlation with a constant feature vector is undefined (NaN).
 */
export function rdm(features: Features, kind: Dissimilarity = 'correlation'): ImageMatrix {
  const products = gram(kind === 'correlation' ? centredPerImage(features) : features)
  const { images, values } = products
  const diagonal = Float64Array.from({ length: images }, (_, i) => values[i * images + i]!)
  return {
    images,
    values: values.map((product, k) => {
      const [i, j] = [Math.floor(k / images), k % images]
      if (i === j) return 0
      const [a, b] = [diagonal[i]!, diagonal[j]!]
      return kind === 'correlation' ? 1 - product / Math.sqrt(a * b) : Math.max(0, a + b - 2 * product)
    }),
  }
}

function centredPerImage({ images, dims, values }: Features): Features {
  const centred = new Float64Array(values.length)
  for (let i = 0; i < images; i++) {
    const row = values.subarray(i * dims, (i + 1) * dims)
    // Deviations from the first value first, so that a constant row becomes exactly 0 and is recognised as undefined.
    const origin = row[0] ?? 0
    let sum = 0
    for (const value of row) sum += value - origin
    row.forEach((value, d) => (centred[i * dims + d] = value - origin - sum / dims))
  }
  return { images, dims, values: centred }
}

/** Entries above the diagonal, row by row: images * (images - 1) / 2 numbers. */
export function upperTriangle({ images, values }: ImageMatrix): Float64Array {
  const out = new Float64Array((images * (images - 1)) / 2)
  let at = 0
  for (let i = 0; i < images; i++) {
    for (let j = i + 1; j < images; j++) out[at++] = values[i * images + j]!
  }
  return out
}
