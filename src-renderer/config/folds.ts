import type { Problem } from '../../src-shared/contract/errors.ts'
import type { FieldState, Section } from './form-state.ts'
import { foundParts, isFound, problemsAt } from './form-state.ts'

/** Which options the form shows: those that people usually set, all, or only what differs from the defaults. */
export type Fold = 'common' | 'all' | 'changed'

/** What decides which options of the form are shown. */
export interface Showing {
  /** Words to look for; fields found are shown, folded or not. */
  readonly query: string
  readonly fold: Fold
  readonly problems: readonly Problem[]
  /** Path of the option that was looked at last: it stays where it is, whatever becomes of its value. */
  readonly focused: string
  /** Paths that a person flipped: of a group: closed; with {@link moreOf}: its advanced options are shown. */
  readonly flipped: ReadonlySet<string>
}

/** A form without folds, as dialogs show it. */
export const UNFOLDED: Showing = {
  query: '',
  fold: 'all',
  problems: [],
  focused: '',
  flipped: new Set(),
}

/** The key under which the advanced options below a path are shown. */
export const moreOf = (path: string): string => `${path}:more`

const isWithin = (path: string, at: string): boolean => path === at || path.startsWith(`${at}.`)

/** The options of a section, or the parts of a group, that are shown, and how many advanced ones there are to show or hide. */
export function shownOf(
  states: readonly FieldState[],
  path: string,
  showing: Showing,
): { readonly shown: readonly FieldState[]; readonly advanced: number } {
  const { query, fold, problems, focused, flipped } = showing
  if (query !== '') return { shown: states.filter((s) => isFound(s.field, query)), advanced: 0 }
  if (fold === 'all') return { shown: states, advanced: 0 }
  const isKept = (s: FieldState): boolean =>
    s.isChanged || problemsAt(problems, s.path).length > 0 || isWithin(focused, s.path.join('.'))
  if (fold === 'changed') return { shown: states.filter(isKept), advanced: 0 }
  const isAdvanced = (s: FieldState): boolean => s.field.advanced === true && !isKept(s)
  const advanced = states.filter(isAdvanced).length
  return { shown: flipped.has(moreOf(path)) ? states : states.filter((s) => !isAdvanced(s)), advanced }
}

/** The parts of a group that are shown; none while it is closed. A search and a problem inside open it. */
export function shownInside(group: FieldState, showing: Showing): ReturnType<typeof shownOf> {
  const path = group.path.join('.')
  if (!isOpen(group, showing)) return { shown: [], advanced: 0 }
  if (showing.query !== '') return { shown: foundParts(group.field, group.inner, showing.query), advanced: 0 }
  return shownOf(group.inner, path, showing)
}

/** Whether a group shows its parts. */
export const isOpen = ({ path }: FieldState, { query, flipped, problems }: Showing): boolean =>
  query !== '' ||
  !flipped.has(path.join('.')) ||
  problemsAt(problems, path).some((p) => p.path !== path.join('.'))

/** An option and all below it. */
const countOf = (states: readonly FieldState[], isCounted: (state: FieldState) => boolean): number =>
  states.reduce((n, state) => (isCounted(state) ? n + 1 + countOf(state.inner, isCounted) : n), 0)

/** The choices with how many options each shows, so that one sees what is folded away. */
export function foldChoices(sections: readonly Section[]): { value: Fold; label: string }[] {
  const states = sections.flatMap((section) => section.groups.flatMap((group) => group.fields))
  return [
    { value: 'common', label: `Usual ${countOf(states, (s) => s.field.advanced !== true || s.isChanged)}` },
    { value: 'all', label: `All ${countOf(states, () => true)}` },
    { value: 'changed', label: `Changed ${countOf(states, (s) => s.isChanged)}` },
  ]
}
