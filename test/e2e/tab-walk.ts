import type { Page } from 'playwright-core'

/** Some components draw their ring a moment after they get the focus. */
const RING_MS = 1_000
/** Stops outside of the area that a walk may have to pass: the frame of the app has about 20. */
const AROUND = 40
/** Keys pressed without looking. */
const AT_ONCE = 16

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

interface Visited {
  readonly reached: number[]
  /** Stops that showed nothing at the moment at which they got the focus. */
  readonly doubtful: number[]
}

/** Runs in the page: notes from now on which stops get the focus, and whether that is seen. */
const watchFocus = (): void => {
  const hasRing = (x: Element | null): boolean => {
    if (x === null) return false
    const style = getComputedStyle(x)
    return (
      (style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1) ||
      style.boxShadow.includes('inset')
    )
  }
  /** Editors and switches draw the ring on their frame or label. */
  const isSeen = (e: Element): boolean =>
    [e, e.parentElement, e.nextElementSibling, e.closest('.cm-editor')].some(hasRing)
  const visited: Visited = { reached: [], doubtful: [] }
  const here = globalThis as {
    visited?: Visited
    isSeen?: (e: Element) => boolean
    note?: (event: Event) => void
  }
  if (here.note !== undefined) document.removeEventListener('focusin', here.note, true)
  here.visited = visited
  here.isSeen = isSeen
  here.note = (event) => {
    const [e] = event.composedPath()
    if (!(e instanceof HTMLElement) || e.dataset['stop'] === undefined) return
    const stop = Number(e.dataset['stop'])
    visited.reached.push(stop)
    if (!isSeen(e)) visited.doubtful.push(stop)
  }
  document.addEventListener('focusin', here.note, true)
}
const visitedStops = (): Visited =>
  (globalThis as { visited?: Visited }).visited ?? { reached: [], doubtful: [] }

/**
 * Runs in the page: of these stops, those that show nothing `patience` ms after they got the focus once more. A focus that moves on
 * by itself is no fault: a view may take it to its heading.
 */
const stillUnseen = async ([stops, patience]: [readonly number[], number]): Promise<number[]> => {
  const { isSeen = () => true } = globalThis as { isSeen?: (e: Element) => boolean }
  const unseen: number[] = []
  for (const stop of new Set(stops)) {
    const e = document.querySelector<HTMLElement>(`[data-stop="${stop}"]`)
    e?.focus()
    for (const began = performance.now(); e !== null && !isSeen(e);) {
      if (document.activeElement !== e) break
      if (performance.now() - began > patience) {
        unseen.push(stop)
        break
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return unseen
}

/** Presses Tab from the beginning of an area of the page until all of its stops were reached, or once around. */
export async function walkByTab(page: Page, area = 'body'): Promise<TabWalk> {
  const names = await page.evaluate(markStops, area)
  await page.evaluate(watchFocus)
  await page.evaluate((selector) => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    // An open dialog holds the focus itself.
    if (document.querySelector('[role="dialog"]') === null)
      document.querySelector<HTMLElement>(selector)?.focus()
  }, area)
  const most = 2 * names.length + AROUND
  let visited: Visited = { reached: [], doubtful: [] }
  for (let i = 0; i < most && new Set(visited.reached).size < names.length; i += AT_ONCE) {
    // All at once: the page needs no answer between two keys.
    await Promise.all(Array.from({ length: AT_ONCE }, () => page.keyboard.press('Tab')))
    visited = await page.evaluate(visitedStops)
  }
  const reached = new Set(visited.reached)
  const unseen =
    visited.doubtful.length === 0
      ? []
      : await page.evaluate(stillUnseen, [visited.doubtful, RING_MS] as [number[], number])
  return {
    stops: names.length,
    missed: names.filter((_, i) => !reached.has(i)),
    unseen: unseen.map((stop) => names[stop] ?? ''),
  }
}
