/** Number formats of the factors of products. */
export type NumberFormat = 'float32' | 'tf32' | 'bfloat16'

interface Tolerance {
  /** Significant bits of a factor, the hidden one included: rounding to them is off by up to 2^-bits of the value. */
  readonly bits: number
  /** Greatest error of one sum of products, relative to the greatest right value of its output. */
  readonly sum: number
}

/** Of a format that is shorter than the one in which networks are stored and published. */
interface ShortTolerance extends Tolerance {
  /** Greatest error of a value behind several layers, or of a gradient, relative to the greatest right value. */
  readonly network: number
}

/**
 * How far numbers of each format may be from exact ones: in the proof of the engine, and where networks are compared with
 * published numbers, whose files state what holds in float32.
 *
 * float32: rounding a factor (2^-24) hardly counts; the sums themselves, over a few thousand terms, are rounded at each.
 * tf32: both factors of a product are off by up to 2^-11, and the errors of many products cancel more than they add up: four
 * times what one product may be off. bfloat16: the proof's factors are exact in the format, so that only the result is rounded,
 * to 2^-8: four times that. Every layer of a network rounds anew, its gradients once more: eight times a product's error.
 */
export const TOLERANCES: {
  readonly float32: Tolerance
  readonly tf32: ShortTolerance
  readonly bfloat16: ShortTolerance
} = {
  float32: { bits: 24, sum: 3e-5 },
  tf32: { bits: 11, sum: 8 * 2 ** -11, network: 16 * 2 ** -11 },
  bfloat16: { bits: 8, sum: 4 * 2 ** -8, network: 16 * 2 ** -8 },
}
