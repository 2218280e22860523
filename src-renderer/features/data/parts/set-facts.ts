import type { Result } from '../../../../src-shared/contract/contract.ts'
import { PART_NAMES } from '../../../../src-shared/contract/set-part.ts'

type Set = Result<'data.get'>

const PARTS: Readonly<Record<string, string>> = PART_NAMES
/** "training": a part of an image set in words; a session keeps its own name. */
export const partName = (name: string): string => PARTS[name] ?? name

/** "4", or "2 to 7" where the two differ. */
export const span = (least: number, most: number): string => {
  const text = (n: number): string => n.toLocaleString('en')
  return least === most ? text(least) : `${text(least)} to ${text(most)}`
}

/** ", 12 above and 3 below the bars": values that a histogram leaves out; empty where it shows all. */
export function beyondText(beyond: { readonly below: number; readonly above: number } | undefined): string {
  const sides = [
    ['above', beyond?.above ?? 0],
    ['below', beyond?.below ?? 0],
  ] as const
  const said = sides.filter(([, n]) => n > 0).map(([side, n]) => `${n.toLocaleString('en')} ${side}`)
  return said.length === 0 ? '' : `; ${said.join(' and ')} the bars are not shown`
}

/** Facts that the summary says already. */
const SHOWN: ReadonlySet<string> = new Set(['Sessions', 'Classes'])

/** Facts that the table of parts or sessions does not show already: theirs end with the name of a part or session. */
export function plainFacts(set: Set): Set['facts'] {
  if (set.parts === undefined && set.sessions === undefined) return set.facts
  const ends = [...['training', 'validation', 'test'], ...(set.sessions ?? []).map((s) => s.session)]
  return set.facts.filter(({ label }) => !SHOWN.has(label) && !ends.some((end) => label.endsWith(`, ${end}`)))
}
