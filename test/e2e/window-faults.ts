import type { Page } from 'playwright-core'

/** A bar that stays in view may cover so much of the height. */
const MOST_OF_HEIGHT = 1 / 3

/**
 * Runs in the page: what of the view cannot be seen or reached in a window of this size. The page itself must not scroll
 * sideways, dialogs lie within the window, and what takes the focus comes into view from under every bar that stays.
 */
const faultsHere = (mostOfHeight: number): string[] => {
  const nameOf = (e: Element): string => {
    const name = e.getAttribute('aria-label') ?? (e as HTMLElement).innerText?.trim().slice(0, 40) ?? ''
    return `${e.tagName.toLowerCase()}${e.id === '' ? '' : `#${e.id}`} "${name}"`
  }
  const faults: string[] = []
  const dialog = [...document.querySelectorAll('[role="dialog"]')].at(-1)
  const area = dialog ?? document.getElementById('main')
  if (area == null) return ['no main']
  const page = document.scrollingElement
  if (page !== null && page.scrollWidth > window.innerWidth)
    faults.push(`the page is ${page.scrollWidth} wide in a window of ${window.innerWidth}`)
  if (area.scrollWidth > area.clientWidth) {
    const edge = area.getBoundingClientRect().left + area.clientWidth
    const widest = [...area.querySelectorAll('*')].find((e) => e.getBoundingClientRect().right > edge + 1)
    faults.push(
      `${nameOf(area)} is ${area.scrollWidth} wide where ${area.clientWidth} are seen: ${widest === undefined ? '' : nameOf(widest)}`,
    )
  }
  if (dialog !== undefined) {
    const { left, top, right, bottom } = dialog.getBoundingClientRect()
    if (left < 0 || top < 0 || right > window.innerWidth || bottom > window.innerHeight)
      faults.push(`the dialog reaches out of the window: ${left}, ${top} to ${right}, ${bottom}`)
  }
  const within = area.getBoundingClientRect()
  for (const e of area.querySelectorAll<HTMLElement>('header *, footer *')) {
    const { left, right, width } = e.getBoundingClientRect()
    if (width > 1 && (left < within.left || right > within.right))
      faults.push(`beyond its edge: ${nameOf(e)}`)
  }
  for (const e of area.querySelectorAll<HTMLElement>('*')) {
    if (e.matches('tr, td, colgroup *') || !e.checkVisibility()) continue
    if (getComputedStyle(e).position === 'sticky' && e.offsetHeight > window.innerHeight * mostOfHeight)
      if (e.clientWidth > area.clientWidth / 2)
        faults.push(`a bar covers ${e.offsetHeight} of the height: ${nameOf(e)}`)
  }
  for (const e of area.querySelectorAll<HTMLElement>('*')) {
    if (
      getComputedStyle(e).textOverflow !== 'ellipsis' ||
      e.scrollWidth <= e.clientWidth ||
      e.matches('input, select')
    )
      continue
    if (e.checkVisibility() && e.closest('[title]') === null && e.querySelector('[title]') === null)
      faults.push(`cut without a title: ${nameOf(e)}`)
  }
  const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  for (const e of area.querySelectorAll<HTMLElement>(STOPS)) {
    if (
      !e.checkVisibility({ visibilityProperty: true }) ||
      e.tabIndex < 0 ||
      e.hasAttribute('data-focus-guard')
    )
      continue
    // A radio button is a point; its label is what is seen.
    if (e.matches('.hidden-visually')) continue
    e.focus()
    if (document.activeElement !== e) continue
    // Of a link over two lines, the first.
    const box = e.getClientRects()[0] ?? e.getBoundingClientRect()
    // The middle of what is seen of a large region; the whole of a control.
    const x = (Math.max(box.left, 0) + Math.min(box.right, window.innerWidth)) / 2
    const y = (Math.max(box.top, 0) + Math.min(box.bottom, window.innerHeight)) / 2
    const seen = document.elementFromPoint(x, y)
    const isSeen =
      seen !== null && (e.contains(seen) || seen.contains(e) || seen.closest('label')?.contains(e) === true)
    if (!isSeen)
      faults.push(`hidden with the focus: ${nameOf(e)} behind ${seen === null ? 'nothing' : nameOf(seen)}`)
  }
  return faults
}

/** What of the view that is shown cannot be seen or used in the window as it is. */
export const windowFaults = (page: Page): Promise<string[]> => page.evaluate(faultsHere, MOST_OF_HEIGHT)

/** Opens every menu of the view; returns those that do not lie within the window. */
export async function menuFaults(page: Page): Promise<string[]> {
  const faults: string[] = []
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 }
  const buttons = page.getByRole('main').locator('header [aria-haspopup="menu"]')
  for (const button of await buttons.all()) {
    await button.click()
    const menu = page.getByRole('menu').last()
    const box = await menu.boundingBox()
    if (box === null || box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
      faults.push(`the menu ${await button.innerText()} reaches out of the window: ${JSON.stringify(box)}`)
    await page.keyboard.press('Escape')
    await menu.waitFor({ state: 'detached' })
  }
  return faults
}

/** Runs in the page: of the table of runs, scrolled to its right end: the columns that are out of sight though they should stay. */
const columnsLost = (wanted: readonly string[]): string[] => {
  const box = document.querySelector<HTMLElement>('[role="region"][aria-label="Runs"]')
  if (box === null) return ['no table']
  if (box.scrollWidth <= box.clientWidth) return ['the table is not wider than its box']
  if (!box.hasAttribute('data-after')) return ['nothing shows that the table goes on']
  box.scrollLeft = box.scrollWidth
  const { left, right } = box.getBoundingClientRect()
  const heads = [...box.querySelectorAll<HTMLElement>('thead th')]
  return wanted.filter((name) => {
    const head = heads.find((h) => h.innerText.trim() === name)?.getBoundingClientRect()
    if (head === undefined || head.left < left - 1 || head.right > right + 1) return true
    const seen = document.elementFromPoint((head.left + head.right) / 2, (head.top + head.bottom) / 2)
    return seen?.closest('th')?.innerText.trim() !== name
  })
}

/** Of the table of runs: columns that should stay in view and do not. */
export const lostColumns = (page: Page): Promise<string[]> =>
  page.evaluate(columnsLost, ['Name', 'Status', 'Created'])
