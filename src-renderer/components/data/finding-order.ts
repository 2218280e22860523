import type { Result } from '../../../src-shared/contract/contract.ts'

export type Finding = Result<'data.get'>['findings'][number]

const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'info']

/** Findings with the grave ones first; those that were set aside last. */
export function sortFindings(findings: readonly Finding[], ignored: ReadonlySet<string>): Finding[] {
  const rank = (f: Finding): number => (ignored.has(f.code) ? ORDER.length : ORDER.indexOf(f.severity))
  return [...findings].sort((a, b) => rank(a) - rank(b))
}

/** The gravest of some findings; null where there are none. */
export function worstSeverity(findings: readonly Finding[]): Finding['severity'] | null {
  return ORDER.find((s) => findings.some((f) => f.severity === s)) ?? null
}
