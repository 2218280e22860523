/** Eight Okabe-Ito hues (tokens c0 to c7 in two lightnesses). */
const HUES = 8
/** One per round of hues, the solid line first; in pixels. No two are alike, so that thin lines without markers stay apart too. */
const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [16, 4],
  [7, 3, 2, 3, 2, 3],
  [3, 7],
  [16, 3, 5, 3],
]
/** Shapes with a surface, filled or open: crosses and stars are lost in their own error bars. */
const MARKERS = [
  'circle',
  'rect',
  'triangle',
  'rectRot',
  'triangleDown',
  'circleOpen',
  'rectOpen',
  'rectRotOpen',
] as const
export type Marker = (typeof MARKERS)[number]

export interface SeriesStyle {
  /** Name of the colour token. */
  readonly token: string
  readonly dash: readonly number[]
  readonly marker: Marker
}

/**
 * The style of a slot: first the eight hues with solid lines, then each further eight with another dash, and after all dashes with
 * other markers. No two of the first 512 slots have hue, dash and marker in common, nor two of the first 64 hue and dash.
 */
export function styleOf(slot: number): SeriesStyle {
  const hue = slot % HUES
  const round = Math.floor(slot / HUES)
  const shift = round + Math.floor(round / DASHES.length)
  return {
    token: `--c${hue}`,
    dash: DASHES[round % DASHES.length] ?? [],
    marker: MARKERS[(hue + shift) % MARKERS.length] ?? 'circle',
  }
}

/** The lowest slot of a hue that nobody else has: two things that were given one hue still differ in dash and marker. */
export function slotOfHue(hue: number, taken: Iterable<number>): number {
  const used = new Set(taken)
  let slot = hue % HUES
  while (used.has(slot)) slot += HUES
  return slot
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

/**
 * Slots that a person chose, out of a record of slots by run as it was kept before settings had styles: there a run got the lowest
 * free slot, hence its place in the record, and a choice was one of the first eight.
 */
export function chosenSlots(kept: Readonly<Record<string, number>>): Record<string, number> {
  const before = new Set<number>()
  const chosen: Record<string, number> = {}
  for (const [place, [id, slot]] of Object.entries(kept).entries()) {
    let free = 0
    while (before.has(free)) free++
    if (slot < HUES && slot !== place && slot !== free) chosen[id] = slot
    before.add(slot)
  }
  return chosen
}
