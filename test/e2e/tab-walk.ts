import type { Page } from 'playwright-core'

/** Some components draw their ring a moment after they get the focus. */
const RING_MS = 1_000
/** Stops outside of the area that a walk may have to pass: the frame of the app has about 20. */
const AROUND = 40

/** What a walk by Tab through a page found wrong. */
export interface TabWalk {
  readonly stops: number
  /** Interactive elements that the walk never reached. */
  readonly missed: readonly string[]
  /** Elements that show nothing when they have the focus. */
  readonly unseen: readonly string[]
}

/**
 * Runs in the page: marks every element below `within` that Tab should reach, shadow roots included, and returns their
 * descriptions. An open dialog stands for the whole page, which is hidden behind it.
 */
const markStops = (area: string): string[] => {
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
  for (const old of document.querySelectorAll<HTMLElement>('[data-stop]')) delete old.dataset['stop']
  const isWithin = (e: Element): boolean => {
    const root = e.getRootNode()
    return (
      e.closest(`${area}, [role="dialog"]`) !== null || (root instanceof ShadowRoot && isWithin(root.host))
    )
  }
  return within(document)
    .filter((e) => isStop(e) && isWithin(e))
    .map((e, i) => {
      e.dataset['stop'] = String(i)
      const name = e.getAttribute('aria-label') ?? e.innerText?.trim().slice(0, 40) ?? ''
      return `${e.tagName.toLowerCase()}${e.id === '' ? '' : `#${e.id}`} "${name}"`
    })
}

/**
 * Runs in the page: which stop has the focus, and whether that can be seen on it or on what stands for it, at the latest after
 * `patience` ms. A focus that moves on by itself is no fault: a view may take it to its heading.
 */
const focusedStop = async (patience: number): Promise<{ stop: number; isSeen: boolean }> => {
  const focused = (): HTMLElement | null => {
    let e = document.activeElement as HTMLElement | null
    while (e?.shadowRoot?.activeElement != null) e = e.shadowRoot.activeElement as HTMLElement
    return e === document.body ? null : e
  }
  const e = focused()
  if (e === null) return { stop: -1, isSeen: true }
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
  const isSeen = (): boolean => [e, e.parentElement, e.nextElementSibling, frame].some(hasRing)
  const stop = Number(e.dataset['stop'] ?? -1)
  for (const began = performance.now(); stop >= 0 && !isSeen();) {
    if (focused() !== e) break
    if (performance.now() - began > patience) return { stop, isSeen: false }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { stop, isSeen: true }
}

/** Presses Tab from the beginning of an area of the page until all of its stops were reached, or once around. */
export async function walkByTab(page: Page, area = 'body'): Promise<TabWalk> {
  const names = await page.evaluate(markStops, area)
  await page.evaluate((selector) => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    // An open dialog holds the focus itself.
    if (document.querySelector('[role="dialog"]') === null)
      document.querySelector<HTMLElement>(selector)?.focus()
  }, area)
  const reached = new Set<number>()
  const unseen = new Set<string>()
  for (let i = 0; i < 2 * names.length + AROUND && reached.size < names.length; i++) {
    await page.keyboard.press('Tab')
    const { stop, isSeen } = await page.evaluate(focusedStop, RING_MS)
    if (stop < 0) continue
    reached.add(stop)
    if (!isSeen) unseen.add(names[stop] ?? '')
  }
  return { stops: names.length, missed: names.filter((_, i) => !reached.has(i)), unseen: [...unseen] }
}
