import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { homeLayout } from '../../../src-main/disk/home-layout.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { makeFinishedRun } from '../../support/made-runs.ts'
import { shippedConfig } from '../../support/shipped-config.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'
import { tinyYaml } from '../tiny-training.ts'
import { writeYaml } from '../write-yaml.ts'

const EPOCHS = 2
const tab = (page: Page, name: string): Promise<void> => page.getByRole('tab', { name }).click()

async function trainTiny(page: Page, home: string): Promise<void> {
  await page.getByRole('link', { name: 'Experiment', exact: true }).click()
  await writeYaml(page, tinyYaml(home, EPOCHS))
  await page.getByRole('button', { name: 'Check and queue' }).first().click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Queue/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'Runs', exact: true }).click()
  const row = page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]').first()
  await eventually(
    'the run finishes',
    () => row.innerText(),
    (text) => text.includes('finished'),
    120_000,
  )
  await row.getByRole('link').click()
}

/** Images are data URLs that the browser has decoded. */
async function checkImages(page: Page, list: string, atLeast: number): Promise<void> {
  const images = page.getByRole('list', { name: list }).getByRole('img')
  await eventually(
    `${list} are decoded`,
    () => images.evaluateAll((all) => all.map((i) => (i as HTMLImageElement).naturalWidth)),
    (widths) => widths.length >= atLeast && widths.slice(0, atLeast).every((w) => w > 0),
  )
}

const realRun: Scenario = {
  name: 'run-page: look at the mistakes, corruptions, files and seeds of a run that was trained',
  onDesktop: 'each time',
  run: async (stage) => {
    await stage.serve()
    const page = await stage.open()
    await trainTiny(page, stage.home)

    await tab(page, 'Confusion')
    await checkImages(page, 'Worst-classified images', 1)
    const all = await page
      .getByRole('list', { name: 'Worst-classified images' })
      .getByRole('listitem')
      .count()
    await page
      .getByRole('button', { name: /^Show the images of/ })
      .or(page.locator('button.as-link'))
      .first()
      .click()
    await page.getByRole('button', { name: 'All mistakes' }).waitFor()
    const some = await eventually(
      'the images of one cell',
      () => page.getByRole('list', { name: 'Worst-classified images' }).getByRole('listitem').count(),
      (n) => n > 0 && n <= all,
    )
    check('one kind of mistake has fewer images than all', some <= all, { some, all })

    await tab(page, 'Robustness')
    const matrix = page.getByRole('group', { name: /^Accuracy under corruption/ })
    await matrix.focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Enter')
    await checkImages(page, 'Examples of contrast, severity 3', 2)

    await tab(page, 'Environment and files')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save run.json' }).click(),
    ])
    const record = JSON.parse(await readFile(await download.path(), 'utf8')) as { status: string }
    checkEqual('the saved file is the stored one', record.status, 'finished')

    await tab(page, 'Moments')
    const moments = page.getByRole('slider', { name: 'Checkpoint' })
    await moments.press('Home')
    const first = (await moments.getAttribute('aria-valuetext')) ?? ''
    await moments.press('End')
    const last = await eventually(
      'the last checkpoint is looked at',
      async () => (await moments.getAttribute('aria-valuetext')) ?? '',
      (text) => text !== first,
    )
    check('the slider says where it stands', /^epoch 2\b.*, last, 2 of 2$/.test(last), { first, last })
    check('the address keeps the moment', page.url().includes('at=2'), page.url())
    await page.getByRole('button', { name: 'Verify' }).click()
    await page.getByText('Verified: every byte is as it was written.').waitFor()

    await tab(page, 'Log')
    await page
      .getByRole('log')
      .getByText(/finished/)
      .first()
      .waitFor()
    await tab(page, 'Scores and notes')
    await page.getByRole('spinbutton', { name: /Complete to/ }).fill('2')
    await page.getByRole('button', { name: 'Queue seed 2' }).click()
    await page.getByRole('link', { name: 'seed 2', exact: true }).waitFor()
  },
}

const failure: Scenario = {
  name: 'run-page: a run that diverged offers a copy with a lower rate',
  onDesktop: 'when asked',
  run: async (stage) => {
    const store = openRunStore({ home: stage.home, disk: { writeFile: writeFileAtomic } })
    const id = await makeFinishedRun(store, {
      config: shippedConfig('demo-cotrained', { seed: 1 }),
      skill: 0.2,
    })
    const problem = { code: 'non-finite', message: 'the loss is not finite in epoch 3.', hint: 'Lower it.' }
    await store.write({ ...store.read(id), status: 'failed', problem, scores: {} })
    store.close()
    await stage.serve()
    const page = await stage.open()
    await page.goto(`${new URL(page.url()).origin}/#/runs/${id}`)
    const buttons = page.getByRole('alert').getByRole('button')
    await eventually(
      'the first step is a copy',
      () => buttons.first().innerText(),
      (text) => text === 'Edit a copy with a lower learning rate',
    )
    await buttons.first().click()
    await page
      .getByRole('textbox', { name: 'The config as YAML' })
      .filter({ hasText: /lr: 0\.0009/ })
      .waitFor()
  },
}

const rowsOf = (page: Page) =>
  page.getByRole('region', { name: 'Runs', exact: true }).locator('tbody tr[data-index]')
const rowCount = (page: Page, what: string, count: number): Promise<number> =>
  eventually(
    what,
    () => rowsOf(page).count(),
    (n) => n === count,
  )

const list: Scenario = {
  name: 'run-page: filter by an option, group, remove, restore from the trash, add runs of a cluster',
  run: async (stage) => {
    const store = openRunStore({ home: stage.home, disk: { writeFile: writeFileAtomic } })
    for (const [i, decay] of [0.1, 0.3, 0.5].entries())
      for (const seed of [1, 2]) {
        const config = shippedConfig('demo-cotrained', {
          name: `decay ${decay}`,
          seed,
          trainer: { lr_decay: decay },
        })
        await makeFinishedRun(store, { config, skill: i / 3 })
      }
    const cluster = join(stage.home, '../cluster')
    const [first] = store.list().runs
    check('there is a run to copy', first !== undefined)
    cpSync(store.files(first.id).folder, join(cluster, 'old run'), { recursive: true })
    mkdirSync(join(cluster, 'a'.repeat(64)), { recursive: true })
    writeFileSync(join(cluster, 'a'.repeat(64), 'run.json'), '{ "format": 1, "id')
    store.remove(first.id)
    mkdirSync(join(homeLayout(stage.home).runs, 'b'.repeat(64)))
    writeFileSync(join(homeLayout(stage.home).runs, 'b'.repeat(64), 'run.json'), 'garbled')
    store.close()
    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await rowCount(page, 'five runs and a damaged one', 6)

    const box = page.getByRole('combobox', { name: 'Search runs' })
    await box.fill('lr_dec')
    await page.getByRole('option', { name: /trainer\.lr_decay= / }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    check('the proposal is taken', (await box.inputValue()).startsWith('trainer.lr_decay'))
    await box.fill('trainer.lr_decay>0.2 accuracy>0')
    await eventually(
      'runs above 0.2',
      () => rowsOf(page).count(),
      (n) => n === 3 || n === 4,
    )
    await box.fill('trainer.lr_decya>0.2')
    await page.getByText('Did you mean trainer.lr_decay?').waitFor()
    await box.fill('is:damaged')
    await rowCount(page, 'the damaged run', 1)
    await box.fill('')
    const rowsAre = page.getByRole('group', { name: 'One row for each' })
    await rowsAre.getByText('Settings', { exact: true }).click()
    await rowCount(page, 'three settings and the damaged run', 4)
    await rowsAre.getByText('Runs', { exact: true }).click()
    await rowCount(page, 'single runs again', 6)

    await page.getByRole('button', { name: 'More for runs' }).click()
    await page.getByRole('menuitem', { name: 'Add runs from a folder' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add runs' })
    await dialog.getByRole('textbox').fill(cluster)
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await dialog.getByText('1 run added.').waitFor()
    await dialog.getByText('These could not be read and were left out').waitFor()
    await page.keyboard.press('Escape')
    await rowCount(page, 'the added run', 7)

    await page.getByRole('button', { name: 'More for runs' }).click()
    await page.getByRole('menuitem', { name: 'Trash' }).click()
    const trash = page.getByRole('dialog', { name: 'Trash' })
    await trash.getByRole('button', { name: 'Delete for good' }).click()
    await trash.getByRole('button', { name: /^Really delete decay/ }).click()
    await trash.getByText('The trash is empty').waitFor()
  },
}

export const scenarios: readonly Scenario[] = [realRun, failure, list]
