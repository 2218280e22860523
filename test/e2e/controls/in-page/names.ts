import axe from 'axe-core'
import { above, oneLine } from './elements.ts'

const LABELLED = 'fieldset, [aria-label], [aria-labelledby]'
const AROUND = 'section, fieldset, figure, form, nav, ul, ol, table, [role]'

/** Its types leave this out. */
const aria = axe.commons.aria as unknown as { getRole(e: Element): string | null }
const accessible = (e: Element): string => oneLine(axe.commons.text.accessibleText(e))
/** Named by the text in them, where nothing else names them. */
const BY_TEXT = 'a, button, summary, [role="tab"], [role="option"], [role^="menuitem"]'

/** The accessible name, between `axe.setup` and `axe.teardown`; of texts that stand apart as they are seen, parted by blanks. */
export function nameOf(e: HTMLElement): string {
  const name = accessible(e)
  const seen = e.matches(BY_TEXT) && !e.matches(LABELLED) ? oneLine(e.innerText) : ''
  return name === '' || seen === '' ? name : seen
}

export function roleOf(e: HTMLElement): string {
  if (e.tagName === 'SUMMARY') return 'summary'
  if (e.matches('[contenteditable]')) return 'textbox'
  if (e instanceof HTMLInputElement && e.type === 'radio') return 'choice'
  return aria.getRole(e) ?? e.tagName.toLowerCase()
}

/** Label of the closest labelled part around an element within the page or the dialog `root`. */
export function partOf(e: Element, root: Element): string {
  for (let at = above(e); at !== null && at !== root; at = above(at)) {
    const name = at.matches(AROUND) && at.matches(LABELLED) ? accessible(at) : ''
    if (name !== '') return name
  }
  return ''
}

/** The first of title and descriptions. */
export function reasonOf(e: Element): string {
  const described = (e.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.innerText)
  const said = [e.getAttribute('title'), e.getAttribute('aria-description'), ...described]
  return oneLine(said.find((text) => (text ?? '').trim() !== '') ?? '')
}
