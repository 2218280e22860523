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
  const at = (i: number): number => (Math.floor(i / width) + MARGIN) * line + (i % width) + MARGIN
  const relax = (i: number, sign: 1 | -1): void => {
    let best = isSource[i] === 0 ? padded[at(i)]! : 0
    for (const [dy, dx, length] of MOVES)
      best = Math.min(best, padded[at(i) + sign * (dy * line + dx)]! + length)
    padded[at(i)] = best
  }
  for (let i = 0; i < isSource.length; i++) relax(i, 1)
  for (let i = isSource.length - 1; i >= 0; i--) relax(i, -1)
  return Float64Array.from(isSource, (_, i) => padded[at(i)]!)
}
