import type { Page } from 'playwright-core'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml } from '../write-yaml.ts'

/** Longer than any of these runs is let live. */
const EPOCHS = 500

async function writeConfig(page: Page, yaml: string): Promise<void> {
  await page.getByRole('link', { name: 'Experiment', exact: true }).click()
  await writeYaml(page, yaml)
}

/** A wrong number shows beside its field and in the summary, and blocks the way; the summary leads to the field. */
async function makeAndMendAnError(page: Page): Promise<void> {
  await page
    .getByRole('searchbox', { name: 'Search options' })
    .or(page.getByLabel('Search options'))
    .fill('batch size')
  const field = page.getByRole('textbox', { name: 'Batch size' })
  await field.fill('-5')
  await field.press('Enter')
  const summary = page.getByRole('region', { name: 'Problems of this config' })
  await summary.getByText('One problem').waitFor()
  const beside = page.locator('.field', { has: field }).locator('.wrong')
  await beside.waitFor()
  const said = (await beside.innerText()).trim()
  check('the message beside the field says what is wrong', said.length > 10, said)
  check(
    'the summary says the same',
    (await summary.innerText()).includes(said.split('\n')[0]?.slice(0, 20) ?? '?'),
    said,
  )
  checkEqual(
    'the button says why it is blocked',
    await page.getByRole('button', { name: 'Check and queue' }).getAttribute('aria-disabled'),
    'true',
  )
  await summary.getByRole('link', { name: 'dataset.config.batch_size' }).click()
  check('the summary leads to the field', await field.evaluate((e) => e === document.activeElement))
  await field.fill('10')
  await field.press('Enter')
  await summary.waitFor({ state: 'detached' })
  await page
    .getByRole('textbox', { name: 'The config as YAML' })
    .filter({ hasText: 'batch_size: 10' })
    .waitFor()
}

const waitingSeeds = (page: Page): Promise<string[]> =>
  page
    .getByRole('list', { name: 'Waiting runs, in the order in which they start' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => /seed (\d+)/.exec(link.textContent ?? '')?.[1] ?? '?'))

const runningSeed = (page: Page, seed: number) =>
  page.getByRole('article').filter({ hasText: `seed ${seed}` })
const overLine = (page: Page, seed: number) =>
  page
    .getByRole('region', { name: 'Finished and stopped' })
    .getByRole('listitem')
    .filter({ hasText: `seed ${seed}` })

const editAndQueue: Scenario = {
  name: 'edit a config, mend an error, queue three runs, reorder, stop one and resume it',
  onDesktop: 'each time',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    await writeConfig(page, tinyYaml(stage.home, EPOCHS))
    await makeAndMendAnError(page)

    await page.getByRole('button', { name: 'Check and queue' }).click()
    const dialog = page.getByRole('dialog', { name: 'Check and queue' })
    await dialog.getByLabel('Seeds').fill('1, 2, 3')
    await eventually(
      'the check ends',
      () => dialog.getByRole('button', { name: 'Queue 3 runs' }).getAttribute('aria-disabled'),
      (blocked) => blocked === null,
    )
    await dialog.getByRole('button', { name: 'Queue 3 runs' }).click()

    await runningSeed(page, 1)
      .getByText(/epoch \d/i)
      .waitFor()
    await eventually(
      'two runs wait',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '2,3',
    )
    await page.getByRole('listitem', { name: /^2: / }).getByRole('button', { name: 'Start earlier' }).click()
    await eventually(
      'the order changes',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '3,2',
    )

    await runningSeed(page, 1).getByRole('button', { name: 'Stop now' }).click()
    await overLine(page, 1).getByText('stopped').waitFor()
    await runningSeed(page, 3).waitFor()
    await eventually(
      'one run waits',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '2',
    )

    await overLine(page, 1).getByRole('button', { name: 'Resume' }).click()
    await eventually(
      'the resumed run waits at the end',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '2,1',
    )
    await page.getByRole('listitem', { name: /^2: / }).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await eventually(
      'the keyboard moves it up',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '1,2',
    )
    const priority = page.getByRole('listitem', { name: /^2: / }).getByRole('spinbutton')
    await priority.fill('5')
    await priority.press('Enter')
    await eventually(
      'the higher priority comes first',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '2,1',
    )
    await page
      .getByRole('listitem', { name: /^1: / })
      .getByRole('button', { name: 'Take out of the queue' })
      .click()
    await page.getByRole('button', { name: 'Put back' }).click()
    await eventually(
      'it is back in its place',
      () => waitingSeeds(page),
      (seeds) => seeds.join() === '2,1',
    )
    await page.getByRole('listitem', { name: /^1: / }).focus()
    await page.keyboard.press('Delete')
    await runningSeed(page, 3).getByRole('button', { name: 'Stop now' }).click()

    await runningSeed(page, 1).getByRole('link').click()
    await page.getByRole('tab', { name: 'Log' }).click()
    await page
      .getByText(/goes on from step \d+/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Stop now' }).click()
    await page.getByRole('main').getByText('stopped: asked to stop').first().waitFor()
    await page.getByRole('button', { name: 'Resume' }).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [editAndQueue]
