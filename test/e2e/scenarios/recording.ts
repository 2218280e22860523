import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { smallV4Yaml } from '../../support/small-recording.ts'
import { UNITS, writeRecording } from '../array-recording.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { writeYaml } from '../write-yaml.ts'

const SET = 'untested'

async function addRecording(page: Page, folder: string): Promise<void> {
  await page.getByRole('link', { name: 'Data', exact: true }).click()
  await page.getByRole('main').getByRole('button', { name: 'Add data' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Add data' })
  await dialog.getByLabel('Folder or file on this machine').fill(folder)
  await dialog.getByRole('button', { name: 'Look into it' }).click()
  await dialog.getByLabel('Name in the list').fill(SET)
  await dialog.getByRole('combobox', { name: /^Area of the units/ }).selectOption({ label: 'V4' })
  await dialog.getByRole('button', { name: 'Add and check' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: SET }).waitFor()
}

/** The check offers to keep test images; taking the offer writes the option, and the run is queued with it. */
async function trainWithTestPart(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Experiment', exact: true }).click()
  const yaml = smallV4Yaml({ set: SET, seed: 1 })
  await writeYaml(page, yaml.replace('max_iter: 1', 'max_iter: 2\n    chkpt_options: { keep_every_n: 1 }'))
  await page.getByRole('button', { name: 'Check and queue' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText(/no test part, so nothing is tested there/).waitFor()
  await dialog.getByRole('button', { name: 'Keep 20 % of the V4 images for testing' }).click()
  await dialog.getByText(/no test part/).waitFor({ state: 'detached' })
  const text = await page.locator('.cm-content').innerText() // behind the dialog, where roles are hidden
  check('the option is in the text', text.includes('test_frac: 0.2'), text)
  await dialog
    .getByRole('button', { name: /^Queue/ })
    .first()
    .click()
}

async function finished(page: Page, count: number): Promise<void> {
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const rows = page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]')
  await eventually(
    `${count} finished`,
    () => rows.allInnerTexts(),
    (texts) => texts.filter((text) => text.includes('finished')).length === count,
  )
  await rows.first().getByRole('link').click()
}

const scoresOf = async (page: Page): Promise<string> => {
  await page.getByRole('tab', { name: 'Scores and notes' }).click()
  return page.getByRole('tabpanel').innerText()
}

const menuItem = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('button', { name: 'More' }).first().click()
  await page.getByRole('menuitem', { name }).click()
}

const recording: Scenario = {
  name: 'recording without a test part: add, keep test images, read unit scores, rewind, score again',
  run: async (stage) => {
    const folder = join(stage.home, '../pair')
    writeRecording(folder, 3)
    const later = join(stage.home, '../later/pair')
    writeRecording(later, 4)
    await stage.serve()
    const page = await stage.open()
    await addRecording(page, folder)
    await trainWithTestPart(page)
    await finished(page, 1)
    check('there is a test score of V4', /V4 .*test/i.test(await scoresOf(page)), await scoresOf(page))

    await page.getByRole('tab', { name: 'Neurons' }).click()
    const units = page.getByRole('region', { name: 'Units', exact: true }).locator('tbody tr')
    await eventually(
      'each unit has its row',
      () => units.count(),
      (n) => n === UNITS,
    )
    const session = page.getByRole('region', { name: 'Scores by session' }).locator('tbody tr')
    checkEqual('the session has its row of scores', await session.count(), 1)
    const scored = await session.innerText()
    check('with its units and a score', new RegExp(`\\b${UNITS}\\b.*-?\\d\\.\\d+`, 's').test(scored), scored)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      menuItem(page, 'Save neurons (CSV)'),
    ])
    const [head = '', ...rows] = (await readFile(await download.path(), 'utf8')).trim().split('\n')
    const at = head.split(',').indexOf('correlation')
    check('the file names a test correlation', at >= 0, head)
    checkEqual('a row for each unit', rows.length, UNITS)
    for (const row of rows)
      check('a number', Number.isFinite(Number.parseFloat(row.split(',')[at] ?? '')), row)

    await menuItem(page, 'Train longer, or rewind')
    const longer = page.getByRole('dialog', { name: 'Train longer' })
    await longer.getByLabel('Go on after epoch').selectOption('1')
    await longer.getByLabel('Epochs of the whole training').fill('3')
    await longer.getByRole('button', { name: 'Queue' }).click()
    await longer.waitFor({ state: 'detached' })
    await finished(page, 2)
    await page.getByRole('tab', { name: 'Scores and notes' }).click()
    await page.getByText('trained on from epoch 1').waitFor()

    await menuItem(page, 'Score on other data')
    const elsewhere = page.getByRole('dialog', { name: 'Score on other data' })
    await elsewhere
      .getByRole('combobox', { name: /^Data/ })
      .selectOption({ label: 'a place on this machine…' })
    await elsewhere.getByLabel('Folder, archive or data file').fill(later)
    await elsewhere.getByRole('button', { name: 'Score', exact: true }).click()
    await elsewhere.getByText('the recording has no test trials').waitFor()
    await elsewhere.getByRole('combobox', { name: /^What is scored/ }).selectOption('all')
    await elsewhere.getByRole('button', { name: 'Score', exact: true }).click()
    await elsewhere.waitFor({ state: 'detached' })
    await page.getByText('Scored later').first().waitFor()
  },
}

const THREE_FINDINGS = [
  [/1 unit never changes/, 'Leave these units out'],
  [/1 image has the pixels of another one/, 'Give equal images one id'],
  [/names no test trials/, 'Set 20 % as test, seed 1'],
] as const

const threeFindings: Scenario = {
  name: 'recording with three findings: each mended by a click, then trained',
  run: async (stage) => {
    const folder = join(stage.home, '../faulty')
    writeRecording(folder, 6, true)
    await stage.serve()
    const page = await stage.open()
    await addRecording(page, folder)
    const tab = page.getByRole('tab', { name: /^Findings\s*\d/ })
    for (const [what, button] of THREE_FINDINGS) {
      await tab.click()
      const finding = page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: what })
      await finding.getByRole('button', { name: button }).click()
      await page.getByText(`${SET}: ${button}. Done.`, { exact: true }).waitFor()
      // A set that was written anew has a page of its own; what was set aside by the step only says so.
      await eventually(
        `${button} mends its finding`,
        () => page.getByRole('tabpanel').getByRole('button', { name: button }).count(),
        (count) => count === 0,
      )
    }
    await page.getByRole('main').getByRole('button', { name: 'New experiment' }).click()
    const text = page.getByRole('textbox', { name: 'The config as YAML' })
    await text.filter({ hasText: 'test_frac: 0.2' }).waitFor()
    await writeYaml(page, smallV4Yaml({ set: SET, seed: 1, extra: ', test_frac: 0.2' }))
    await page.getByRole('button', { name: 'Check and queue' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog
      .getByRole('button', { name: /^Queue/ })
      .first()
      .click()
    await finished(page, 1)
    check('there is a test score of V4', /V4 .*test/i.test(await scoresOf(page)), await scoresOf(page))
    await page.getByRole('tab', { name: 'Neurons' }).click()
    const units = page.getByRole('region', { name: 'Units', exact: true }).locator('tbody tr')
    await eventually(
      'the dead unit was left out',
      () => units.count(),
      (n) => n === UNITS - 1,
    )
  },
}

export const scenarios: readonly Scenario[] = [recording, threeFindings]
