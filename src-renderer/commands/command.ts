/** Something a person can do from anywhere, by name or by keys. */
export interface Command {
  readonly id: string
  readonly title: string
  readonly group: string
  /** "Mod+Shift+P"; several combinations are separated by a space. */
  readonly keys?: string
  readonly run: () => void
  /** Why it cannot be done now. */
  readonly blocked?: string
  /** Words by which it is found as well. */
  readonly also?: string
}

/** Letters of the query appear in the text in order; the fewer the gaps and the earlier the start, the higher the score. Null: no match. */
export function matchScore(text: string, query: string): number | null {
  const hay = text.toLowerCase()
  const needle = query.trim().toLowerCase()
  if (needle === '') return 0
  const whole = hay.indexOf(needle)
  if (whole >= 0) return 1000 - whole - (whole > 0 && /\w/.test(hay[whole - 1] ?? '') ? 200 : 0)
  let at = -1
  let gaps = 0
  for (const letter of needle.replaceAll(' ', '')) {
    const next = hay.indexOf(letter, at + 1)
    if (next < 0) return null
    gaps += next - at - 1
    at = next
  }
  return 300 - gaps
}

/** Things whose text matches, best first; an empty query keeps the order. */
export function matching<T>(items: readonly T[], query: string, text: (item: T) => string): T[] {
  return items
    .map((item, i) => ({ item, i, score: matchScore(text(item), query) }))
    .filter((m) => m.score !== null)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.i - b.i)
    .map((m) => m.item)
}
