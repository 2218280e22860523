import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { makeFinishedRun } from '../../support/made-runs.ts'
import { shippedConfig } from '../../support/shipped-config.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'

const SETTINGS = 3
const SEEDS = 4
/** Long enough to be thinned for the screen. */
const POINTS = 3000
const PROBES = Array.from({ length: 40 }, (_, i) => `Probe/v1/unit_${i}`)

async function addRuns(home: string): Promise<readonly string[]> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const ids: string[] = []
  for (let i = 0; i < SETTINGS * SEEDS; i++) {
    const setting = i % SETTINGS
    const config = shippedConfig('demo-cotrained', {
      name: `setting ${setting}`,
      seed: 1 + Math.floor(i / SETTINGS),
      trainer: { lr_decay: 0.1 + 0.1 * setting },
    })
    const skill = setting / SETTINGS
    ids.push(await makeFinishedRun(store, { config, skill, points: POINTS, moreKeys: PROBES }))
  }
  store.close()
  return ids
}

/** What stands beneath a chart; nothing when there is nothing to say. */
const noteOf = async (chart: Locator): Promise<string> =>
  (await chart.locator('p.note').allInnerTexts()).join(' ')

/** By keyboard: opens the chooser, finds one curve of many and shows it. */
async function chooseByKeyboard(page: Page): Promise<void> {
  await page.getByTitle('Choose curves').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('searchbox', { name: 'Search curves' }).fill('unit_37')
  const found = page.getByRole('listbox', { name: 'Curves' }).getByRole('option')
  await eventually(
    'one curve is found',
    () => found.count(),
    (n) => n === 1,
  )
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  checkEqual('it is chosen', await found.first().getAttribute('aria-selected'), 'true')
  await page.keyboard.press('Escape')
  await page.getByRole('figure', { name: /unit_37/ }).waitFor()
}

/** Zooms by dragging, sees more of fewer points, and goes back by a double click. */
async function zoom(page: Page, chart: Locator): Promise<void> {
  const whole = await eventually(
    'the chart says how much it shows',
    () => noteOf(chart),
    (text) => /shown [\d,]+ of 36,000 points/.test(text),
  )
  const box = await chart.getByRole('group').boundingBox()
  check('the chart has a place', box !== null)
  const at = (share: number): [number, number] => [box.x + share * box.width, box.y + box.height / 2]
  await page.mouse.move(...at(0.4))
  await page.mouse.down()
  await page.mouse.move(...at(0.5), { steps: 4 })
  await page.mouse.up()
  await eventually(
    'finer points of the part come',
    () => noteOf(chart),
    (text) => text !== whole && !text.includes('36,000'),
  )
  await page.mouse.dblclick(...at(0.5))
  await eventually(
    'everything is shown again',
    () => noteOf(chart),
    (text) => text === whole,
  )
}

async function pinValues(page: Page, chart: Locator): Promise<void> {
  const box = await chart.getByRole('group').boundingBox()
  check('the chart has a place', box !== null)
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  const close = chart.getByRole('button', { name: 'Close the values' })
  await close.waitFor()
  await page.mouse.move(0, 0)
  const values = await chart.getByRole('listitem').locator('strong').allInnerTexts()
  checkEqual('all lines are listed', values.length, SETTINGS * SEEDS)
  checkEqual(
    'the greatest first',
    values.map(Number),
    values.map(Number).toSorted((a, b) => b - a),
  )
  await close.click()
}

async function exportAll(page: Page, chart: Locator): Promise<void> {
  await chart.getByRole('button', { name: /table and export/ }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Save numbers (CSV)' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
  checkEqual('every point is in the file', lines.length, 1 + SETTINGS * SEEDS * POINTS)
}

const curves: Scenario = {
  name: 'curves of a comparison: choose, zoom, pin values, export, group over seeds, show one alone',
  onDesktop: 'when asked',
  run: async (stage) => {
    const ids = await addRuns(stage.home)
    await stage.serve()
    const page = await stage.open({ width: 1440, height: 1400 })
    const show = (query: string): Promise<void> =>
      page.evaluate((to) => void (location.hash = to), `/compare?runs=${ids.join(',')}&tab=curves${query}`)
    await show('')
    const chart = page.getByRole('figure', { name: /Classification loss/ })
    await chart.locator('canvas').waitFor()
    await chooseByKeyboard(page)
    await zoom(page, chart)
    await pinValues(page, chart)
    await exportAll(page, chart)

    await show('&group=seeds')
    const legend = page.getByRole('region', { name: 'Settings', exact: true })
    const boxes = legend.getByRole('checkbox')
    await eventually(
      'the legend lists settings',
      () => boxes.count(),
      (n) => n === SETTINGS,
    )
    const dashes = await legend
      .locator('line')
      .evaluateAll((all) => all.map((l) => l.getAttribute('stroke-dasharray')))
    check(
      'few settings need no dashes',
      dashes.every((dash) => (dash ?? '') === ''),
      dashes,
    )
    await legend.getByText('setting 1').click({ modifiers: ['Alt'] })
    await legend.getByText(`1 of ${SETTINGS}`).waitFor()
    checkEqual('one is shown alone', await legend.getByRole('checkbox', { checked: true }).count(), 1)
    await eventually(
      'its mean and band are stated',
      () => noteOf(chart),
      (text) => /mean over seeds, band: standard deviation/.test(text),
    )
  },
}

export const scenarios: readonly Scenario[] = [curves]
