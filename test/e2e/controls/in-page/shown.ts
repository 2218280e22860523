import type { OwnState, Shown } from '../control.ts'
import { isShown, marked } from './elements.ts'

const counts = { draws: 0, copies: 0, scrolls: 0, changedAt: 0 }

/** Counts drawings and copies from now on, and notes when something changed last. */
export function startCounting(): void {
  const clear = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'clearRect')?.value as (
    ...box: number[]
  ) => void
  CanvasRenderingContext2D.prototype.clearRect = function (...box: number[]) {
    counts.draws += 1
    clear.apply(this, box)
  }
  const { clipboard } = navigator
  const write = clipboard.writeText.bind(clipboard)
  clipboard.writeText = (text) => {
    counts.copies += 1
    return write(text)
  }
  document.addEventListener('scroll', () => (counts.scrolls += 1), { capture: true, passive: true })
  const all = { subtree: true, childList: true, attributes: true, characterData: true }
  new MutationObserver(() => (counts.changedAt = performance.now())).observe(document, all)
}

/** For how many ms nothing has changed, once the page has done what it was about to do. */
export async function quietMs(): Promise<number> {
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return performance.now() - counts.changedAt
}

const STATES = ['aria-sort', 'aria-disabled', 'aria-current', 'data-state', 'aria-label']
/** News of work that goes on by itself. */
const FLEETING = '[role="progressbar"], progress, [role="status"]'
const PART = 'section, fieldset, figure, form, nav, ul, ol, table, [role]'
const NO_PART = 'button, a, input, [role="img"], [role="tab"], [role="option"], [role="row"]'

const labelOf = (e: Element): string =>
  e.getAttribute('aria-label') ??
  document.getElementById(e.getAttribute('aria-labelledby') ?? '')?.innerText.trim() ??
  (e.matches('fieldset') ? (e.querySelector('legend')?.innerText ?? '') : '')

function ownState(e: HTMLElement): OwnState {
  const { checked, value } = e as HTMLInputElement
  const fold = e.matches('summary') ? String((e.parentElement as HTMLDetailsElement).open) : ''
  const held = e.matches('input, select, textarea')
    ? `${String(checked)} ${value}`
    : e.matches('[contenteditable]')
      ? e.innerText
      : ''
  return {
    isPressed: e.getAttribute('aria-pressed') ?? '',
    isUnfolded: `${e.getAttribute('aria-expanded') ?? ''}${fold}`,
    value: `${e.ariaChecked ?? ''}${e.ariaSelected ?? ''}${held}`,
  }
}

/** What an element says itself, without the elements in it. */
function saidBy(e: HTMLElement, isOwn: boolean): string {
  const words = [...e.childNodes].map((node) =>
    node.nodeType === Node.TEXT_NODE ? (node.textContent ?? '').trim() : '',
  )
  const states = isOwn
    ? []
    : [...STATES.map((name) => e.getAttribute(name) ?? ''), ...Object.values(ownState(e))]
  return [...words, ...states].join('')
}

function partAround(e: Element, root: Element): string {
  for (let at = e; at !== root; at = at.parentElement ?? root) {
    if (at.matches(PART) && !at.matches(NO_PART) && labelOf(at) !== '') return labelOf(at)
  }
  return ''
}

function parts(own: HTMLElement | undefined): [string, string][] {
  const said = new Map<string, string>()
  for (const root of document.querySelectorAll<HTMLElement>('#main, [role="dialog"]')) {
    for (const e of [root, ...root.querySelectorAll<HTMLElement>('*')]) {
      if (!isShown(e) || e.closest(FLEETING) !== null) continue
      const name = partAround(e, root)
      said.set(name, `${said.get(name) ?? ''}${saidBy(e, e === own)}\n`)
    }
  }
  return [...said]
}

function focusName(): string {
  const active = document.activeElement as HTMLElement | null
  if (active === null || active === document.body) return ''
  if (active.id === 'main') return 'the content'
  return labelOf(active) || active.innerText?.trim().slice(0, 60) || active.tagName.toLowerCase()
}

/** What is shown now, and the state of a marked control. */
export function shown(mark: string): Shown {
  const own = marked(mark)
  const visible = (selector: string): HTMLElement[] =>
    [...document.querySelectorAll<HTMLElement>(selector)].filter(isShown)
  return {
    path: location.hash,
    title: document.title.replace(/^\d+ % /, '').replace(/ - CoTrain$/, ''),
    dialogs: visible('[role="dialog"]').map(labelOf),
    menu:
      visible('[role="menu"]')
        .map((e) => labelOf(e) || 'menu')
        .at(-1) ?? '',
    focus: focusName(),
    own: own === undefined ? null : ownState(own),
    parts: parts(own),
    news: visible('#main [role="status"], [role="dialog"] [role="status"]')
      .map((e) => e.innerText)
      .join('\n'),
    messages: visible('.toast .text').map((e) => e.innerText),
    draws: counts.draws,
    copies: counts.copies,
    scrolls: counts.scrolls,
  }
}
