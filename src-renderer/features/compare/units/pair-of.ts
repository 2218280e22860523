import type { RunSummary } from '../../../../src-shared/contract/run.ts'

/**
 * Two different runs to compare unit by unit: those chosen, for as long as they are there. Instead of one that is gone comes the
 * baseline, and beside it the same seed of another setting, which says most.
 */
export function pairOf(
  runs: readonly RunSummary[],
  baseline: string | null,
  a: string,
  b: string,
): [a: string, b: string] {
  const isThere = (id: string): boolean => runs.some((r) => r.id === id)
  const fitting = runs.filter((r) => r.id !== (isThere(b) ? b : ''))
  const first = runs.find((r) => r.id === a) ?? fitting.find((r) => r.id === baseline) ?? fitting[0]
  if (isThere(b)) return [first?.id ?? '', b]
  const others = runs.filter((r) => r.groupId !== first?.groupId)
  const second = others.find((r) => r.seed === first?.seed) ?? others[0] ?? runs.find((r) => r !== first)
  return [first?.id ?? '', second?.id ?? '']
}
