/** Lengths of the straight, diagonal and knight's moves that approximate the Euclidean distance (Borgefors 1986, 5x5). */
const STRAIGHT = 1
const DIAGONAL = 1.4
const KNIGHT = 2.1969

/** Moves that a forward pass (top left to bottom right) looks back along; the backward pass looks the other way. */
const MOVES: readonly (readonly [dy: number, dx: number, length: number])[] = [
  [-2, -1, KNIGHT],
  [-2, 1, KNIGHT],
  [-1, -2, KNIGHT],
  [-1, -1, DIAGONAL],
  [-1, 0, STRAIGHT],
  [-1, 1, DIAGONAL],
  [-1, 2, KNIGHT],
  [0, -1, STRAIGHT],
]

const MARGIN = 2

/** Distance of every pixel to the nearest pixel where `isSource` is not 0 (Infinity if there is none), [height, width]. */
export function distanceTransform(isSource: Uint8Array, width: number, height: number): Float64Array {
  const line = width + 2 * MARGIN
  const padded = new Float64Array(line * (height + 2 * MARGIN)).fill(Infinity)
  const steps = Int32Array.from(MOVES, ([dy, dx]) => dy * line + dx)
  const lengths = Float64Array.from(MOVES, ([, , length]) => length)
  const start = MARGIN * line + MARGIN
  for (const sign of [1, -1]) {
    for (let n = 0; n < isSource.length; n++) {
      const i = sign === 1 ? n : isSource.length - 1 - n
      const at = start + ((i / width) | 0) * line + (i % width)
      let best = isSource[i] === 0 ? padded[at]! : 0
      for (let k = 0; k < steps.length; k++)
        best = Math.min(best, padded[at + sign * steps[k]!]! + lengths[k]!)
      padded[at] = best
    }
  }
  const out = new Float64Array(isSource.length)
  for (let y = 0; y < height; y++)
    out.set(padded.subarray(start + y * line, start + y * line + width), y * width)
  return out
}
