import type { Locator, Page } from 'playwright-core'

/** Time from a click to what follows. */
export interface ClickTime {
  readonly what: string
  /** Until the browser has drawn again, ms, in steps of 8 ms; 0 where it took less than 16 ms. */
  readonly paintMs: number
  /** Until what was asked for is there, ms, the way from and to this process included. */
  readonly shownMs: number
}

/** Runs in the page: keeps the longest time from an input to the next frame. */
const watchInputs = (): void => {
  const slowest = { ms: 0 }
  Object.assign(globalThis, { slowest })
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) slowest.ms = Math.max(slowest.ms, duration)
  }).observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit)
}
const forget = (): void =>
  void Object.assign(globalThis, {
    slowest: Object.assign((globalThis as { slowest?: object }).slowest ?? {}, { ms: 0 }),
  })
const slowestSeen = (): number => (globalThis as { slowest?: { ms: number } }).slowest?.ms ?? Number.NaN

/** Entries of the event timing come a little after their frame. */
const REPORTED_MS = 300

/** The main clicks of a day, in an order in which each finds what it needs. */
export async function measureClicks(page: Page): Promise<ClickTime[]> {
  await page.evaluate(watchInputs)
  const times: ClickTime[] = []
  const click = async (what: string, target: Locator, shown: Locator, type = ''): Promise<void> => {
    await target.waitFor()
    await page.waitForTimeout(REPORTED_MS)
    await page.evaluate(forget)
    const began = performance.now()
    if (type === '') await target.click()
    else await target.fill(type)
    await shown.first().waitFor()
    const shownMs = performance.now() - began
    await page.waitForTimeout(REPORTED_MS)
    times.push({ what, paintMs: await page.evaluate(slowestSeen), shownMs })
  }
  const main = page.getByRole('main')
  const to = (name: string): Locator =>
    page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name })
  const rows = page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]')
  await click('Data', to('Data'), main.getByRole('heading', { name: 'Data' }))
  await click('Experiment', to('Experiment'), main.getByRole('region', { name: 'Options' }))
  await click('Queue', to('Queue'), main.getByRole('heading', { name: 'Queue' }))
  await click('Families', to('Families'), main.getByRole('heading', { name: 'Families' }))
  await click('Settings', to('Settings'), main.getByRole('heading', { name: 'Settings' }))
  await click('Engine', to('Engine'), main.getByRole('heading', { name: 'Engine' }))
  await click('Start', to('Start'), main.getByRole('heading', { name: 'CoTrain' }))
  await click('Runs', to('Runs'), rows)
  const sorted = page.locator('th[aria-sort="ascending"], th[aria-sort="descending"]')
  await click('Runs: sort by accuracy', page.getByRole('button', { name: 'Accuracy %' }), sorted)
  await click(
    'Runs: filter by a word',
    page.getByLabel('Search runs'),
    page.getByText(/^\d+ of \d+ runs/),
    'setting 1',
  )
  await click('Runs: filter taken away', page.getByLabel('Search runs'), rows, ' ')
  const group = page.getByRole('group', { name: 'One row for each' })
  await click('Runs: by setting', group.getByText('Settings', { exact: true }), page.getByText(/settings$/))
  await click('Runs: single', group.getByText('Runs', { exact: true }), page.getByText(/^\d+ of \d+ runs/))
  await click('Runs: select all', page.getByLabel('Select all'), page.locator('tr.chosen'))
  await click('Runs: select none', page.getByLabel('Select all'), page.locator('tr[data-index]:not(.chosen)'))
  await click('Runs: open one', rows.first().getByRole('link'), page.getByRole('tab', { name: 'Curves' }))
  for (const name of ['Scores and notes', 'Robustness', 'Config', 'Log', 'Environment and files', 'Curves'])
    await click(
      `Run: ${name}`,
      page.getByRole('tab', { name }),
      page.getByRole('tab', { name, selected: true }),
    )
  await click('Compare', to('Compare'), main.getByRole('heading', { name: 'Compare' }))
  return times
}
