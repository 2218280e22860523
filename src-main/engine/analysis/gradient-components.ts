/** What the gradients of one unit at many images have in common. */
export interface GradientComponents {
  /** Mean gradient [size]: what a linear unit would weigh pixels with. */
  readonly mean: Float32Array
  /** Mean squared gradient [size]: how much each pixel matters, whatever its sign. */
  readonly energy: Float32Array
  /** Leading eigenvectors of the mean outer product, unit length, each [size]; the sign is that of the largest value. */
  readonly components: readonly Float32Array[]
  /** Part of the summed squared gradients along each of them. */
  readonly shares: readonly number[]
}

/** Steps of the power iteration: components as far apart as 0.9 to 1 differ by 1e-9 then. */
const STEPS = 200

/**
 * Eigen-analysis of the gradients [images, size] of one unit: leading eigenvectors of G'G / n by power iteration on the smaller
 * GG' / n, deflated after each. A simple cell has one large component, a complex cell two (Rust et al. 2005 on spike-triggered
 * covariance; here with the exact gradient in place of spikes).
 */
export function gradientComponents(
  gradients: Float32Array,
  images: number,
  size: number,
  wanted = 2,
): GradientComponents {
  const mean = new Float32Array(size)
  const energy = new Float32Array(size)
  for (let i = 0; i < gradients.length; i++) {
    const at = i % size
    mean[at] = mean[at]! + gradients[i]! / images
    energy[at] = energy[at]! + gradients[i]! ** 2 / images
  }
  const products = productsOf(gradients, images, size)
  const total = Array.from({ length: images }, (_, i) => products[i * images + i]!).reduce((a, b) => a + b, 0)
  const components: Float32Array[] = []
  const shares: number[] = []
  for (let k = 0; k < Math.min(wanted, images); k++) {
    const { value, vector } = leading(products, images)
    if (!(value > 0)) break
    shares.push(value / total)
    components.push(throughRows(gradients, vector, size))
    deflate(products, vector, value)
  }
  return { mean, energy, components, shares }
}

function productsOf(rows: Float32Array, n: number, size: number): Float64Array {
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      let sum = 0
      for (let d = 0; d < size; d++) sum += rows[i * size + d]! * rows[j * size + d]!
      out[i * n + j] = out[j * n + i] = sum
    }
  return out
}

/** Power iteration from the row of the largest norm: no random start, so that results repeat. */
function leading(
  products: Float64Array,
  n: number,
): { readonly value: number; readonly vector: Float64Array } {
  let first = 0
  for (let i = 1; i < n; i++) if (products[i * n + i]! > products[first * n + first]!) first = i
  let vector = unit(products.slice(first * n, (first + 1) * n))
  let value = 0
  for (let step = 0; step < STEPS; step++) {
    const next = new Float64Array(n)
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) next[i] = next[i]! + products[i * n + j]! * vector[j]!
    value = Math.sqrt(next.reduce((sum, v) => sum + v * v, 0))
    if (!(value > 0)) return { value: 0, vector }
    vector = unit(next)
  }
  return { value, vector }
}

function deflate(products: Float64Array, vector: Float64Array, value: number): void {
  const n = vector.length
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) products[i * n + j] = products[i * n + j]! - value * vector[i]! * vector[j]!
}

function throughRows(rows: Float32Array, vector: Float64Array, size: number): Float32Array {
  const sum = new Float64Array(size)
  vector.forEach((weight, i) => {
    for (let d = 0; d < size; d++) sum[d] = sum[d]! + weight * rows[i * size + d]!
  })
  const made = unit(sum)
  const largest = made.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
  return Float32Array.from(made, (v) => (largest < 0 ? -v : v))
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, v) => sum + v * v, 0))
  return length > 0 ? vector.map((v) => v / length) : vector
}
