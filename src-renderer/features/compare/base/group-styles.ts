import type { SeriesStyle } from '../../../format/series-style.ts'
import { HUES, styleOf } from '../../../format/series-style.ts'

/**
 * One style per group of runs: the hue of its first run where no earlier group has it, else the next free one. Dashes come
 * only when all hues are used.
 */
export function groupStyles(
  groups: readonly { readonly groupId: string; readonly ids: readonly string[] }[],
  style: (id: string) => SeriesStyle,
): ReadonlyMap<string, SeriesStyle> {
  const used = new Set<number>()
  const slots = new Map<string, number>()
  for (const [n, { groupId, ids }] of groups.entries()) {
    const round = HUES * Math.floor(n / HUES)
    const own = round + Number(style(ids[0] ?? '').token.slice('--c'.length))
    let slot = own
    for (let i = 1; used.has(slot); i++) slot = round + ((own - round + i) % HUES)
    used.add(slot)
    slots.set(groupId, slot)
  }
  return new Map([...slots].map(([id, slot]) => [id, styleOf(slot)]))
}
