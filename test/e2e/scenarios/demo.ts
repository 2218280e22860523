import type { Page } from 'playwright-core'
import { pressTabTo } from '../keyboard.ts'
import { checkDrawn } from '../images.ts'
import type { Scenario } from '../scenario.ts'
import { check, eventually } from '../scenario.ts'

/** Three small runs one after another, on two cores that others may use too. */
const DEMO_MS = 220_000
const NAMES = ['Demo, classification only', 'Demo, co-trained', 'Demo, shuffled control']

const demoCard = (page: Page) => page.getByRole('region', { name: /^Does training on brain responses/ })

const allFinish = (page: Page) =>
  eventually(
    'all three runs finish',
    () => demoCard(page).getByText('finished', { exact: true }).count(),
    (n) => n === NAMES.length,
    DEMO_MS,
  )

/** One row for each run, each with an accuracy above chance. */
async function checkComparison(page: Page): Promise<void> {
  const rows = page.getByRole('region', { name: 'Comparison' }).locator('tbody tr[data-index]')
  await eventually(
    'one row for each run',
    () => rows.count(),
    (n) => n === NAMES.length,
  )
  for (const name of NAMES) {
    const cells = await rows.filter({ hasText: name }).locator('td').allInnerTexts()
    const accuracy = cells.map((cell) => Number.parseFloat(cell)).find((v) => v > 50 && v <= 100)
    check(`${name} has an accuracy`, accuracy !== undefined, cells)
  }
}

/** The last of the three: however fast the machine is, it is not over before its page opens. */
const WATCHED = NAMES.at(-1) as string

async function checkLiveRun(page: Page): Promise<void> {
  await page.getByRole('heading', { name: WATCHED }).waitFor()
  await page
    .getByRole('region', { name: 'Progress', exact: true })
    .getByText(/epoch \d/i)
    .waitFor({ timeout: DEMO_MS })
  const loss = page.getByRole('figure', { name: /Classification loss/ })
  await checkDrawn(loss.locator('canvas'))
}

/** The demo is trained once, and followed in two windows: in one by mouse alone, in the other by keyboard alone. */
const firstDemo: Scenario = {
  name: 'first demo, by mouse only and by keyboard only: start, watch live, compare',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const mouse = await stage.open()
    const card = demoCard(mouse)
    await card.getByText('Quick', { exact: true }).click()
    await card.getByRole('button', { name: 'Run the demo' }).click()
    await card.getByRole('link', { name: WATCHED }).waitFor()
    const keyboard = await stage.open()
    await Promise.all([watchByMouse(mouse), watchByKeyboard(keyboard)])
    await allFinish(mouse)
    await compareByMouse(mouse)
    await compareByKeyboard(keyboard)
  },
}

async function watchByMouse(page: Page): Promise<void> {
  await demoCard(page).getByRole('link', { name: WATCHED }).click()
  await checkLiveRun(page)
  await page.getByRole('link', { name: 'Start', exact: true }).click()
}

async function watchByKeyboard(page: Page): Promise<void> {
  await pressTabTo(page, demoCard(page).getByRole('link', { name: WATCHED }))
  await page.keyboard.press('Enter')
  await checkLiveRun(page)
  await pressTabTo(page, page.getByRole('link', { name: 'Start', exact: true }))
  await page.keyboard.press('Enter')
}

async function compareByMouse(page: Page): Promise<void> {
  await demoCard(page).getByRole('button', { name: 'Compare the three runs' }).click()
  await checkComparison(page)
  await page.getByRole('tab', { name: 'Curves' }).click()
  await checkDrawn(page.getByRole('figure').first().locator('canvas'))
  await page.getByRole('tab', { name: 'Robustness' }).click()
  await checkDrawn(
    page.getByRole('group', { name: /^By corruption, mean over severities/ }).locator('canvas'),
  )
  await page.getByRole('button', { name: /^By corruption, mean over severities: table and export/ }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Show as table' }).click()
  await page.getByRole('columnheader', { name: /jpeg/i }).waitFor()
}

async function compareByKeyboard(page: Page): Promise<void> {
  await pressTabTo(page, demoCard(page).getByRole('button', { name: 'Compare the three runs' }))
  await page.keyboard.press('Enter')
  await checkComparison(page)
  await pressTabTo(page, page.getByRole('tab', { name: 'Table' }))
  await page.keyboard.press('ArrowRight')
  await checkDrawn(page.getByRole('figure').first().locator('canvas'))
}

const stopByKeyboard: Scenario = {
  name: 'start the quick demo, pause the queue and stop a run by keyboard only',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    const card = demoCard(page)
    await pressTabTo(page, card.getByRole('radio', { name: 'To this machine' }))
    await page.keyboard.press('ArrowRight')
    await pressTabTo(page, card.getByRole('button', { name: 'Run the demo' }), 'Shift+Tab')
    await page.keyboard.press('Enter')
    await card.getByRole('link', { name: NAMES[0] as string }).waitFor()
    await pressTabTo(page, page.getByRole('navigation').getByRole('link', { name: /^Queue/ }))
    await page.keyboard.press('Enter')
    await pressTabTo(page, page.getByRole('button', { name: 'Pause queue' }))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Continue queue' }).waitFor()
    await pressTabTo(page, page.getByRole('button', { name: 'Stop now' }))
    await page.keyboard.press('Enter')
    await page
      .getByRole('region', { name: 'Finished and stopped' })
      .getByText('stopped: asked to stop')
      .waitFor()
  },
}

export const scenarios: readonly Scenario[] = [firstDemo, stopByKeyboard]
