/** Eight Okabe-Ito hues (tokens c0 to c7 in two lightnesses); after them the dash changes, so 32 runs stay apart without colour vision. */
export const HUES = 8
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [10, 3, 2, 3]]
const MARKERS = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'cross', 'crossRot', 'dash'] as const

export interface SeriesStyle {
  /** Name of the colour token. */
  readonly token: string
  readonly dash: readonly number[]
  readonly marker: (typeof MARKERS)[number]
}

export function styleOf(slot: number): SeriesStyle {
  const round = Math.floor(slot / HUES)
  return {
    token: `--c${slot % HUES}`,
    dash: DASHES[round % DASHES.length] ?? [],
    marker: MARKERS[(slot + round) % MARKERS.length] ?? 'circle',
  }
}

/**
 * Gives each new id the least used slot, in the order given (oldest first): neighbours in time get different colours, and an id
 * keeps its slot whatever comes or goes later.
 */
export function assignSlots(
  known: Readonly<Record<string, number>>,
  ids: readonly string[],
): Record<string, number> {
  const slots: Record<string, number> = { ...known }
  const used = new Set(Object.values(slots))
  let next = 0
  for (const id of ids) {
    if (slots[id] !== undefined) continue
    while (used.has(next)) next++
    slots[id] = next
    used.add(next)
  }
  return slots
}
