/** Work on all tensors of a network is replayed in this many pieces at most: what is held twice meanwhile is that part of them. */
const MOST_PIECES = 8
/** Values that are not worth a piece of their own. */
const SMALL_PIECE = 1_000_000

/** Items one after the other in pieces of about equal size, `sizeOf` in values. A small network is one piece. */
export function inPieces<T>(items: readonly T[], sizeOf: (item: T) => number): readonly (readonly T[])[] {
  const total = items.reduce((sum, item) => sum + sizeOf(item), 0)
  const share = Math.max(SMALL_PIECE, total / MOST_PIECES)
  const pieces: T[][] = []
  let room = 0
  for (const item of items) {
    if (room <= 0) {
      pieces.push([])
      room = share
    }
    pieces.at(-1)!.push(item)
    room -= sizeOf(item)
  }
  return pieces
}
