import type { Page } from 'playwright-core'
import { eventually } from './scenario.ts'

const RING_MS = 1_000

/** What a walk by Tab through a page found wrong. */
export interface TabWalk {
  readonly stops: number
  /** Interactive elements that the walk never reached. */
  readonly missed: readonly string[]
  /** Elements that show nothing when they have the focus. */
  readonly unseen: readonly string[]
}

/** Runs in the page: marks every element that Tab should reach, shadow roots included, and returns their descriptions. */
const markStops = (): string[] => {
  const SELECTOR = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable="true"]'
  const within = (root: Document | ShadowRoot): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((e) => [
      ...(e.matches(SELECTOR) ? [e] : []),
      ...(e.shadowRoot === null ? [] : within(e.shadowRoot)),
    ])
  /** What is hidden behind a dialog hides what is in its shadow roots too. */
  const isHidden = (e: Element): boolean => {
    const root = e.getRootNode()
    return (
      e.closest('[inert], [aria-hidden="true"]') !== null ||
      (root instanceof ShadowRoot && isHidden(root.host))
    )
  }
  /** Of a group of radio buttons only the chosen one is a stop, and a list of tabs hands the focus to its tab. */
  const isStop = (e: HTMLElement): boolean => {
    if (
      e.tabIndex < 0 ||
      !e.checkVisibility({ visibilityProperty: true }) ||
      (e as HTMLButtonElement).disabled
    )
      return false
    if (isHidden(e) || e.role === 'tablist' || e.hasAttribute('data-focus-guard')) return false
    return !(e instanceof HTMLInputElement && e.type === 'radio' && !e.checked)
  }
  return within(document)
    .filter(isStop)
    .map((e, i) => {
      e.dataset['stop'] = String(i)
      const name = e.getAttribute('aria-label') ?? e.innerText?.trim().slice(0, 40) ?? ''
      return `${e.tagName.toLowerCase()}${e.id === '' ? '' : `#${e.id}`} "${name}"`
    })
}

/** Runs in the page: which stop has the focus, and whether that can be seen on it or on what stands for it. */
const focusedStop = (): { stop: number; isSeen: boolean } => {
  let e = document.activeElement as HTMLElement | null
  while (e?.shadowRoot?.activeElement != null) e = e.shadowRoot.activeElement as HTMLElement
  if (e === null || e === document.body) return { stop: -1, isSeen: true }
  const hasRing = (x: Element | null): boolean => {
    if (x === null) return false
    const style = getComputedStyle(x)
    return (
      (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) ||
      style.boxShadow.includes('inset')
    )
  }
  // Editors and switches draw the ring on their frame or label.
  const frame = e.closest('.cm-editor')
  const isSeen = [e, e.parentElement, e.nextElementSibling, frame].some(hasRing)
  return { stop: Number(e.dataset['stop'] ?? -1), isSeen }
}

/** Presses Tab through the whole page, once around. */
export async function walkByTab(page: Page): Promise<TabWalk> {
  const names = await page.evaluate(markStops)
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  const reached = new Set<number>()
  const unseen = new Set<string>()
  for (let i = 0; i < 2 * names.length + 10 && reached.size < names.length; i++) {
    await page.keyboard.press('Tab')
    const { stop } = await page.evaluate(focusedStop)
    if (stop < 0) continue
    reached.add(stop)
    if (!(await seenSoon(page, stop))) unseen.add(names[stop] ?? '')
  }
  return { stops: names.length, missed: names.filter((_, i) => !reached.has(i)), unseen: [...unseen] }
}

/** Some components draw their ring a moment after they get the focus; a view may also take the focus to its heading meanwhile. */
async function seenSoon(page: Page, stop: number): Promise<boolean> {
  const look = () => page.evaluate(focusedStop)
  return eventually('the focus shows', look, (now) => now.isSeen || now.stop !== stop, RING_MS).then(
    () => true,
    () => false,
  )
}
