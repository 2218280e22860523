/** A copy of the list with one item at a new place; positions beyond the ends mean the ends. */
export function moveItem<T>(items: readonly T[], isIt: (item: T) => boolean, to: number): T[] {
  const from = items.findIndex(isIt)
  const item = items[from]
  if (item === undefined) return [...items]
  const rest = items.filter((_, i) => i !== from)
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, item)
  return rest
}
