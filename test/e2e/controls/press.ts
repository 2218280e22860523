import type { Page } from 'playwright-core'
import type { Control, Shown } from './control.ts'
import { effectOf, isElsewhere, openedIn } from './effect.ts'
import { inPage } from './page-side.ts'
import type { Watch } from './page-watch.ts'

/** What came of a press. */
export interface Effect {
  /** None: nothing happened. */
  readonly words: readonly string[]
  /** The dialog, or the note, that it opened; empty: none. */
  readonly dialog: string
  readonly menu: string
  /** Where the page is afterwards. */
  readonly leaves: 'as before' | 'changed' | 'elsewhere'
  /** Takes it back; null where there is nothing to take back, or no way. */
  readonly undo: (() => Promise<unknown>) | null
}

const NOTHING: Effect = { words: [], dialog: '', menu: '', leaves: 'as before', undo: null }
/** A press that has shown nothing by then has no effect. */
const PATIENCE_MS = 2_500
/** Boxes that search wait for the next letter before they do. */
const TYPING_MS = 500
/** So long the code of another page may take. */
const PAGE_MS = 30_000
/** Keys that use a control, and those that take it back. */
const KEYS: Readonly<Record<string, readonly [string, string?]>> = {
  checkbox: ['Space', 'Space'],
  switch: ['Space', 'Space'],
  slider: ['ArrowRight', 'ArrowLeft'],
  spinbutton: ['ArrowUp', 'ArrowDown'],
  group: ['ArrowRight', 'Escape'],
  listitem: ['Alt+ArrowDown'],
}

/** Presses a control as a person does at the keyboard, and says what came of it. */
export async function press(page: Page, watch: Watch, control: Control): Promise<Effect> {
  const { mark, role } = control
  if (role === 'tab' && (await inPage(page, 'isChosen', mark)))
    return { ...NOTHING, words: ['shows its part'] }
  // The focus alone takes a tab; proposals below a box go when it loses the focus.
  const early = role === 'tab' ? await inPage(page, 'shown', mark) : null
  const kind = role === 'option' ? 'other' : await inPage(page, 'focus', mark)
  await watch.quiet()
  const before = early ?? (await inPage(page, 'shown', mark))
  watch.reset()
  const undo = await use(page, control, kind, before)
  if (undo === 'one choice') return { ...NOTHING, words: ['offers one choice now'] }
  const isText = kind === 'text'
  const look = async (): Promise<{ after: Shown; words: string[] }> => {
    await watch.quiet(isText ? TYPING_MS : 0)
    const after = await inPage(page, 'shown', mark)
    return { after, words: effectOf(control, isText, [before, after], watch) }
  }
  let { after, words } = await look()
  for (const end = Date.now() + PATIENCE_MS; words.length === 0 && Date.now() < end;)
    ({ after, words } = await look())
  // A row that leads nowhere is chosen, or the others are reached from it.
  for (const key of role === 'row' ? ['Space', 'ArrowDown'] : []) {
    if (words.length > 0) break
    await page.keyboard.press(key)
    ;({ after, words } = await look())
  }
  return resultOf(words, [before, after], undo)
}

function resultOf(words: string[], [before, after]: readonly [Shown, Shown], undo: Effect['undo']): Effect {
  const dialog = openedIn(before, after).at(-1) ?? ''
  const result = { words, dialog, menu: before.menu === '' ? after.menu : '', undo }
  if (isElsewhere(before, after) || after.dialogs.length < before.dialogs.length)
    return { ...result, leaves: 'elsewhere', undo: null }
  if (dialog !== '' || result.menu !== '') return { ...result, leaves: 'changed' }
  return {
    ...result,
    leaves:
      undo !== null || words.every((word) => /^(?:copies|saves|lets)/.test(word)) ? 'as before' : 'changed',
  }
}

/** Uses a control that has the focus; how that is taken back. */
async function use(
  page: Page,
  { mark, role, choices }: Control,
  kind: string,
  before: Shown,
): Promise<Effect['undo'] | 'one choice'> {
  const again = async (...keys: string[]): Promise<void> => {
    await inPage(page, 'focus', mark)
    for (const key of keys) await page.keyboard.press(key)
  }
  if (role === 'choice') {
    if (choices.length < 2) return 'one choice'
    const had = await inPage(page, 'chosenRadio', mark)
    await inPage(page, 'pressRadio', mark, had === 0 ? 1 : 0)
    return () => inPage(page, 'pressRadio', mark, Math.max(had, 0))
  }
  if (kind === 'select') {
    if (!(await inPage(page, 'choose', mark, false))) return 'one choice'
    return () => inPage(page, 'choose', mark, true)
  }
  if (kind === 'text') {
    await page.keyboard.press('End')
    await page.keyboard.type('x')
    return () => again('End', 'Backspace')
  }
  if (role === 'option') {
    await page.locator(`[data-control="${mark}"]`).click()
    return null
  }
  const [key, back] = KEYS[role] ?? ['Enter']
  const arrives = role === 'link' ? inPage(page, 'arrived', mark, before.path, PAGE_MS) : null
  await page.keyboard.press(key)
  await arrives
  return back === undefined ? null : () => again(back)
}
