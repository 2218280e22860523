import type { Page } from 'playwright-core'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml, yamlBox } from '../write-yaml.ts'

const summary = (page: Page) => page.getByRole('region', { name: 'Problems of this config' })

async function search(page: Page, words: string): Promise<void> {
  await page.getByLabel('Search options').fill(words)
}

/** A number out of range is refused beside its field; undo brings the last value back, in the form and in the text. */
async function errAndUndo(page: Page): Promise<void> {
  await search(page, 'learning rate')
  const field = page.locator('[id="field-trainer.config.optimizer_options.lr"]')
  await field.fill('-1')
  await field.press('Enter')
  const said = await page.locator('.field', { has: field }).last().locator('.wrong').first().innerText()
  check('the field says what is allowed', said.includes('above 0'), said)
  await summary(page).getByText('One problem').waitFor()
  await field.fill('0.01')
  await field.press('Enter')
  await summary(page).waitFor({ state: 'detached' })
  await yamlBox(page).filter({ hasText: 'lr: 0.01' }).waitFor()
  const undo = page.getByRole('button', { name: 'Undo' })
  await eventually(
    'undo brings the first value back',
    async () => {
      if ((await field.inputValue()) !== '0.003') await undo.click()
      return field.inputValue()
    },
    (value) => value === '0.003',
  )
  check('the text has it too', (await yamlBox(page).innerText()).includes('lr: 0.003'))
  check('comments are kept', (await yamlBox(page).innerText()).includes('# Noisy bars'))
}

/** An option that stands far down in the form. */
const IN_VIEW = '[id="field-dataset.config.batch_size"]'

/** Scrolls the form to an option and does something; the option must stand where it stood. */
async function keepsPlace(page: Page, act: () => Promise<void>): Promise<void> {
  const form = page.getByRole('region', { name: 'Options', exact: true })
  const field = page.locator(IN_VIEW)
  await field.scrollIntoViewIfNeeded()
  await form.hover()
  await page.mouse.wheel(0, 120)
  const top = async (): Promise<number> => (await field.boundingBox())?.y ?? Number.NaN
  // A wheel says nothing when it is done.
  await page.waitForTimeout(300)
  const before = await top()
  check('the form is scrolled', (await form.evaluate((e) => e.scrollTop)) > 0)
  await act()
  await eventually('the option in view stands where it stood', top, (y) => Math.abs(y - before) <= 2, 10_000)
}

/** An unknown key and a slip of the syntax are named with a place and a way there. */
async function errInText(page: Page, yaml: string): Promise<void> {
  await writeYaml(page, yaml.replace('patience:', 'patiense:'))
  await summary(page).getByText('Did you mean "patience"?').waitFor()
  await writeYaml(page, yaml.replace('  fn: cotrainer', '  fn: [cotrainer'))
  await summary(page).getByRole('link', { name: 'YAML' }).waitFor()
  check('the form stays', await page.getByRole('heading', { name: 'Trainer', exact: true }).isVisible())
  // With an unknown data set its options, among them those in view, are gone for the time being.
  await writeYaml(page, yaml.replace('_loader', '_loade'))
  await page.locator(IN_VIEW).waitFor({ state: 'detached' })
  await writeYaml(page, yaml)
  await summary(page).waitFor({ state: 'detached' })
}

/** Every difference to the preset is listed, leads to its field, and can be taken back. */
async function compareAndTakeBack(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Differences' }).click()
  await page.getByRole('button', { name: 'Compare with another' }).click()
  const picker = page.getByRole('dialog', { name: 'Compare with a preset or run' })
  await picker.getByRole('textbox').or(picker.getByRole('combobox')).first().fill('classification only')
  await page.keyboard.press('Enter')
  const row = page.getByRole('listitem').filter({ hasText: 'Most epochs' })
  await row.waitFor()
  await row.getByRole('button', { name: /^Take back/ }).click()
  await row.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Undo' }).click()
  await row.waitFor()
  await page.getByRole('tab', { name: 'YAML' }).click()
}

/** Three learning rates become three runs with one tag. */
async function vary(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Vary options' }).click()
  const dialog = page.getByRole('dialog', { name: 'Vary options' })
  await dialog.getByRole('button', { name: 'Choose an option to vary' }).click()
  const picker = page.getByRole('dialog', { name: 'Choose an option to vary' })
  await picker.getByLabel('Choose an option to vary').first().fill('learning rate')
  await page.keyboard.press('Enter')
  const values = dialog.getByRole('textbox', { name: 'Learning rate' })
  await values.fill('fast')
  await dialog.getByText('"fast" is not a number.').waitFor()
  await values.fill('0.001 to 0.1 in 3')
  await dialog.getByLabel('Group').fill('rates')
  await dialog.getByText('3 runs.').waitFor()
  const queue = dialog.getByRole('button', { name: 'Queue 3 runs' })
  await eventually(
    'the runs can be queued',
    () => queue.getAttribute('aria-disabled'),
    (blocked) => blocked === null,
  )
  await queue.click()
  await page.getByRole('heading', { name: 'Queue' }).first().waitFor()
}

const names = (page: Page): Promise<string[]> =>
  page
    .getByRole('main')
    .getByRole('link', { name: /^Tiny bars, lr/ })
    .allInnerTexts()

const editAndVary: Scenario = {
  name: 'write an experiment: err, undo, compare, vary an option into three runs',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    const yaml = tinyYaml(stage.home, 500)
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await writeYaml(page, yaml)
    await errAndUndo(page)
    await search(page, '')
    await keepsPlace(page, () => errInText(page, yaml))
    await compareAndTakeBack(page)
    await vary(page)
    const queued = await eventually(
      'three runs are there',
      () => names(page),
      (all) => new Set(all).size === 3,
    )
    checkEqual('each has its rate in its name', queued.map((n) => /lr ([\d.]+)/.exec(n)?.[1]).sort(), [
      '0.001',
      '0.01',
      '0.1',
    ])
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page
      .getByRole('searchbox')
      .or(page.getByLabel(/search/i))
      .first()
      .fill('tag:rates')
    await eventually(
      'the tag finds them',
      () => names(page),
      (all) => new Set(all).size === 3,
    )
  },
}

/** The check before queueing times real steps. */
const checkFirst: Scenario = {
  name: 'check before queueing: time and memory from real steps, a fault of the data named',
  onDesktop: 'when asked',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Experiment', exact: true }).click()
    await writeYaml(page, tinyYaml(stage.home, 3))
    await page.getByRole('button', { name: 'Check and queue' }).click()
    const dialog = page.getByRole('dialog', { name: 'Check and queue' })
    await dialog.getByText(/measured on the first steps/).waitFor({ timeout: 90_000 })
    const time = await dialog.getByText(/at most .*3 epochs of/).innerText()
    check('the time says how it is known', /by 8 steps of/.test(time), time)
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await writeYaml(
      page,
      tinyYaml(stage.home, 3).replace('batch_size: 20', 'batch_size: 20\n    filter_classes: [5, 40]'),
    )
    await page.getByRole('button', { name: 'Check and queue' }).click()
    await dialog
      .getByText(/ends at class 40, the set has 10/)
      .first()
      .waitFor({ timeout: 90_000 })
    checkEqual(
      'it cannot be queued',
      await dialog.getByRole('button', { name: 'Queue the run' }).getAttribute('aria-disabled'),
      'true',
    )
  },
}

export const scenarios: readonly Scenario[] = [editAndVary, checkFirst]
