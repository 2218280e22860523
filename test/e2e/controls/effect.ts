import { masked } from '../aria-text.ts'
import type { Control, OwnState, Shown } from './control.ts'
import type { Watch } from './page-watch.ts'

/** Of parts that change together so many are named. */
const MOST_PARTS = 2
/** Longer names are those of runs and sets. */
const LONGEST = 70

/** A text as it is on every machine and at every time. */
export const plain = (text: string): string => masked(text).replaceAll(/\s+/g, ' ').trim()
/** As much of a text as tells it from others. */
export const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST).trimEnd()}…` : text
const steady = (text: string): string =>
  plain(text).replaceAll(/about <time>|<cost>|waits to be timed|being timed|not timed yet/g, '')
const quoted = (names: readonly string[]): string => names.map((name) => `“${short(plain(name))}”`).join(', ')
const address = (path: string): string => path.replace(/\?.*/, '')

export const isElsewhere = (before: Shown, after: Shown): boolean =>
  address(before.path) !== address(after.path)
/** Dialogs, and notes of buttons, that were not open before. */
export const openedIn = (before: Shown, after: Shown): string[] =>
  after.dialogs.filter((name) => !before.dialogs.includes(name))

/** What the control says of itself, by its role. */
const OWN: Readonly<Record<string, string>> = {
  checkbox: 'is switched on and off',
  switch: 'is switched on and off',
  menuitemcheckbox: 'is switched on and off',
  slider: 'moves',
  spinbutton: 'counts up and down',
  combobox: 'takes another choice',
  choice: 'takes each choice',
  tab: 'shows its part',
}

function ownWords(role: string, isText: boolean, before: OwnState | null, after: OwnState | null): string[] {
  if (before === null || after === null) return []
  const isOther = before.value !== after.value
  return [
    ...(isOther && isText ? ['takes what is typed'] : []),
    ...(isOther && !isText && role in OWN ? [OWN[role] ?? ''] : []),
    ...(before.isPressed === after.isPressed ? [] : ['is pressed and released']),
    ...(before.isUnfolded === after.isUnfolded || isText ? [] : ['unfolds and folds']),
  ]
}

function changedParts(before: Shown, after: Shown): string {
  const [was, is] = [new Map(before.parts), new Map(after.parts)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  const changed = names.filter((name) => steady(was.get(name) ?? '') !== steady(is.get(name) ?? ''))
  if (changed.length === 0) return ''
  const named = changed.filter((name) => name !== '')
  return named.length > 0 && named.length <= MOST_PARTS ? `changes ${quoted(named)}` : 'changes what is shown'
}

/** What came of a press, in words, the most telling first; none: nothing happened. */
export function effectOf(
  control: Control,
  isText: boolean,
  [before, after]: readonly [Shown, Shown],
  watch: Watch,
): string[] {
  const opened = openedIn(before, after)
  const isClosed = after.dialogs.length < before.dialogs.length
  const isMenu = after.menu !== '' && before.menu === ''
  const said = after.messages.filter((text) => !before.messages.includes(text))
  const words = [
    ...(isElsewhere(before, after) ? [`goes to ${short(plain(after.title))}`] : []),
    ...(opened.length > 0 ? [`opens ${quoted(opened)}`] : isClosed ? ['closes the dialog'] : []),
    ...(isMenu ? ['opens its menu'] : []),
    ...(watch.files.length > 0 ? [`saves ${watch.files.map(plain).join(', ')}`] : []),
    ...(watch.choosers() > 0 ? ['lets a file be chosen'] : []),
    ...(after.copies > before.copies ? ['copies'] : []),
    ...[...watch.calls].sort().map((call) => `asks for \`${call}\``),
    ...(said.length > 0 ? [`says ${quoted(said)}`] : []),
  ]
  if (isElsewhere(before, after) || opened.length > 0 || isMenu) return words
  const own = isClosed ? [] : ownWords(control.role, isText, before.own, after.own)
  const parts = isClosed ? '' : changedParts(before, after)
  words.unshift(...own)
  if (after.draws > before.draws) words.push('draws the charts anew')
  // The pressed button says so itself, and a copy is confirmed on its button.
  if (parts !== '' && after.copies === before.copies) words.push(parts)
  if (words.length === 0 && after.news !== before.news) words.push('tells a value')
  if (words.length === 0 && after.scrolls > before.scrolls) words.push('scrolls to its part')
  if (words.length === 0 && after.focus !== before.focus)
    words.push(`moves the focus to ${quoted([after.focus])}`)
  return words
}
