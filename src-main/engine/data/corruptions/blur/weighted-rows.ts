/** Stretches of numbers to be added up: where each starts in the source, and its weight. */
export interface Stretches {
  readonly starts: Int32Array
  readonly weights: Float64Array
}

/** Room for `count` stretches, rounded up to whole groups of four; unused ones have weight 0. */
export function stretches(count: number): Stretches {
  const room = Math.ceil(count / 4) * 4
  return { starts: new Int32Array(room), weights: new Float64Array(room) }
}

/**
 * out[at + x] += sum of weights[k] * source[starts[k] + x] for x below length. Four at a time, because reading and writing the
 * sum costs more than the arithmetic.
 */
export function addStretches(
  source: Float64Array,
  { starts, weights }: Stretches,
  out: Float64Array,
  at: number,
  length: number,
): void {
  for (let k = 0; k < starts.length; k += 4) {
    const [a, b, c, d] = [starts[k]!, starts[k + 1]!, starts[k + 2]!, starts[k + 3]!]
    const [wa, wb, wc, wd] = [weights[k]!, weights[k + 1]!, weights[k + 2]!, weights[k + 3]!]
    for (let x = 0; x < length; x++) {
      out[at + x]! += wa * source[a + x]! + wb * source[b + x]! + wc * source[c + x]! + wd * source[d + x]!
    }
  }
}
