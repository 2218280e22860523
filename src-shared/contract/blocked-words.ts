import type { Ancestor } from './calls/recipe.ts'

/** "V1 model, seed 3" or "Co-training, MTL-Monkey, seed 3". */
const ancestorName = ({ step, label, seed }: Ancestor): string =>
  [step, ...(label === '' || label === step ? [] : [label]), `seed ${seed}`].join(', ')

/** Why a run cannot begin: "blocked: V1 model, seed 3 failed". */
export const blockedText = (by: Ancestor): string =>
  `blocked: ${ancestorName(by)} ${by.status ?? 'is missing'}`

/** "waits for V1 model, seed 1 and 4 more". */
export function waitsText(waitsFor: readonly Ancestor[]): string {
  const [first] = waitsFor
  if (first === undefined) return ''
  const more = waitsFor.length > 1 ? ` and ${waitsFor.length - 1} more` : ''
  return `waits for ${ancestorName(first)}${more}`
}

/** What to do about a run that blocks others. */
export const blockedHint = ({ status, id }: Ancestor): string =>
  status === 'diverged'
    ? 'It would diverge again: change its step, or take its seed away.'
    : `Continue the family, or \`cotrain queue retry ${id?.slice(0, 10) ?? ''}\`.`
