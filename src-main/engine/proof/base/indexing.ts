/** Place along each axis of a flat index. */
export function placeOf(index: number, shape: readonly number[]): number[] {
  const places = Array.from(shape, () => 0)
  let rest = index
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    places[axis] = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return places
}

/** Flat index of a place; null where it lies outside. */
export function indexOf(place: readonly number[], shape: readonly number[]): number | null {
  let index = 0
  for (const [axis, side] of shape.entries()) {
    const at = place[axis]!
    if (at < 0 || at >= side) return null
    index = index * side + at
  }
  return index
}
