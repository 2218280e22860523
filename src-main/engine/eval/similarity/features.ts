/** Representation of the same images by one layer or one population: [images, dims] row-major. */
export interface Features {
  readonly images: number
  readonly dims: number
  readonly values: Float32Array | Float64Array
}

/** Square symmetric matrix over images, row-major. */
export interface ImageMatrix {
  readonly images: number
  readonly values: Float64Array
}

/** Features with the mean over images removed from every dimension. */
export function centredOverImages({ images, dims, values }: Features): Features {
  const means = new Float64Array(dims)
  for (let i = 0; i < images; i++) {
    for (let d = 0; d < dims; d++) means[d] = means[d]! + values[i * dims + d]! / images
  }
  return {
    images,
    dims,
    values: Float64Array.from(values, (value, k) => value - means[k % dims]!),
  }
}

/** Only the dimensions that have a number for every image in both sets, for example units without missing responses. */
export function completeDimensions(a: Features, b: Features): readonly [Features, Features] {
  const complete = (features: Features, d: number): boolean => {
    for (let i = 0; i < features.images; i++)
      if (Number.isNaN(features.values[i * features.dims + d])) return false
    return true
  }
  const kept = Array.from({ length: a.dims }, (_, d) => d).filter((d) => complete(a, d) && complete(b, d))
  return [takeDimensions(a, kept), takeDimensions(b, kept)]
}

function takeDimensions({ images, dims, values }: Features, kept: readonly number[]): Features {
  const taken = new Float64Array(images * kept.length)
  for (let i = 0; i < images; i++)
    kept.forEach((d, k) => (taken[i * kept.length + k] = values[i * dims + d]!))
  return { images, dims: kept.length, values: taken }
}

/** Inner products of all pairs of images. */
export function gram({ images, dims, values }: Features): ImageMatrix {
  const out = new Float64Array(images * images)
  for (let i = 0; i < images; i++) {
    for (let j = i; j < images; j++) {
      let sum = 0
      for (let d = 0; d < dims; d++) sum += values[i * dims + d]! * values[j * dims + d]!
      out[i * images + j] = sum
      out[j * images + i] = sum
    }
  }
  return { images, values: out }
}
