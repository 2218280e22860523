import type { Result } from '../../../../src-shared/contract/contract.ts'

export type Finding = Result<'data.get'>['findings'][number]

const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'info']

/** Findings with the grave ones first; those that were set aside last. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank = (f: Finding): number => (f.ignored ? ORDER.length : 0) + ORDER.indexOf(f.severity)
  return [...findings].sort((a, b) => rank(a) - rank(b))
}

/** Those that nobody has set aside. */
export const openOnes = (findings: readonly Finding[]): Finding[] => findings.filter((f) => !f.ignored)

/** The gravest of the open findings; null where there are none. */
export function worstSeverity(findings: readonly Finding[]): Finding['severity'] | null {
  return ORDER.find((s) => openOnes(findings).some((f) => f.severity === s)) ?? null
}

const WORDS = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
} as const

/** Causes among the findings that nobody has set aside: what the list, the tab and the page count. */
export const openCauses = (findings: readonly Finding[]): number =>
  new Set(openOnes(findings).map(({ code }) => code)).size

/** Causes by weight: "1 error, 2 warnings, 1 set aside". */
export function countFindings(findings: readonly Finding[]): string {
  const codes = [...new Set(findings.map(({ code }) => code))]
  const worst = codes.map((code) => worstSeverity(findings.filter((f) => f.code === code)))
  const counts = ORDER.flatMap((severity) => {
    const n = worst.filter((one) => one === severity).length
    return n === 0 ? [] : [`${n} ${WORDS[severity][n === 1 ? 0 : 1]}`]
  })
  const ignored = worst.filter((one) => one === null).length
  return [...counts, ...(ignored === 0 ? [] : [`${ignored} set aside`])].join(', ')
}

/** "session s1, responses", "part test, positions 3, 7": where a finding lies. */
export function placeText({ where }: Finding): string {
  if (where === undefined) return ''
  return [
    where.file ?? '',
    where.session === undefined ? '' : `session ${where.session}`,
    where.part === undefined ? '' : `part ${where.part}`,
    where.field ?? '',
  ]
    .filter((text) => text !== '')
    .join(', ')
}
