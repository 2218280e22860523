import type { ComparedRow } from '../base/compared-rows.ts'

/**
 * Two different rows to compare unit by unit: those chosen, for as long as they are there. Instead of one that is gone comes the
 * baseline, and beside it one of another setting that shares a seed, which says most.
 */
export function pairOf(rows: readonly ComparedRow[], a: string, b: string): [a: string, b: string] {
  const isThere = (id: string): boolean => rows.some((r) => r.id === id)
  const fitting = rows.filter((r) => r.id !== (isThere(b) ? b : ''))
  const first = rows.find((r) => r.id === a) ?? fitting.find((r) => r.isBaseline) ?? fitting[0]
  if (isThere(b)) return [first?.id ?? '', b]
  const others = rows.filter((r) => r.groupId !== first?.groupId)
  const seeds = new Set(first?.seeds.map(({ seed }) => seed))
  const second =
    others.find((r) => r.seeds.some(({ seed }) => seeds.has(seed))) ??
    others[0] ??
    rows.find((r) => r !== first)
  return [first?.id ?? '', second?.id ?? '']
}
