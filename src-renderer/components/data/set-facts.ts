import type { Result } from '../../../src-shared/contract/contract.ts'

type Set = Result<'data.get'>

/** "4", or "2 to 7" where the two differ. */
export const span = (least: number, most: number): string => {
  const text = (n: number): string => n.toLocaleString('en')
  return least === most ? text(least) : `${text(least)} to ${text(most)}`
}

/** Facts that the summary says already. */
const SHOWN: ReadonlySet<string> = new Set(['Sessions', 'Classes'])

/** Facts that the table of parts or sessions does not show already: theirs end with the name of a part or session. */
export function plainFacts(set: Set): Set['facts'] {
  if (set.parts === undefined && set.sessions === undefined) return set.facts
  const ends = [...['training', 'validation', 'test'], ...(set.sessions ?? []).map((s) => s.session)]
  return set.facts.filter(({ label }) => !SHOWN.has(label) && !ends.some((end) => label.endsWith(`, ${end}`)))
}
