/** Number formats of the factors of products. */
export type NumberFormat = 'float32' | 'tf32' | 'bfloat16'

interface Tolerance {
  /** Significant bits of a factor, the hidden one included: half a unit of the last one is 2^-bits of its value. */
  readonly bits: number
  /** Greatest error of one sum of products, relative to the greatest right value of the output. */
  readonly sum: number
  /** Greatest error of a value behind several layers, or of its gradient, relative to the greatest right value. */
  readonly network: number
}

/**
 * How far numbers of each format may be from exact ones: by the proof of the engine, and where whole networks are compared with
 * published numbers. Rounding both factors of a product is off by at most 2 * 2^-bits, and errors of many products cancel more
 * than they add up: `sum` is four times that. In float32 the rounding of the sums themselves, over a few thousand terms, is
 * the greater part. Every layer rounds anew: `network` leaves room for four in a row.
 */
export const TOLERANCES: Readonly<Record<NumberFormat, Tolerance>> = {
  float32: { bits: 24, sum: 3e-5, network: 1.2e-4 },
  tf32: { bits: 11, sum: 8 * 2 ** -11, network: 32 * 2 ** -11 },
  bfloat16: { bits: 8, sum: 4 * 2 ** -8, network: 32 * 2 ** -8 },
}
