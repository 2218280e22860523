import { readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import type { Page } from 'playwright-core'
import { writeFileAtomic } from '../../../src-main/disk/atomic-write.ts'
import { parseCsv } from '../../../src-main/io/importers/layouts/csv.ts'
import { openRunStore } from '../../../src-main/store/run-store.ts'
import { makeFinishedRun } from '../../support/made-runs.ts'
import { shippedConfig } from '../../support/shipped-config.ts'
import type { Scenario } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'

const SETTINGS = [0.001, 0.002, 0.003, 0.004, 0.005].map((lr, i) => ({
  lr,
  name: `learning rate ${lr}`,
  skill: 0.2 + 0.2 * i,
}))
const SEEDS = [1, 2, 3]

async function fillStore(home: string): Promise<void> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  for (const { lr, name, skill } of SETTINGS) {
    for (const seed of SEEDS) {
      const trainer = { optimizer_options: { lr, weight_decay: 0.00001 } }
      await makeFinishedRun(store, {
        config: shippedConfig('demo-cotrained', { name, seed, trainer }),
        skill,
      })
    }
  }
  store.close()
}

const ACCURACY = 'FinalTest/img_classification/eval'
/** 97.5 % quantile of Student's t with 2 degrees of freedom, from a printed table. */
const T2 = 4.30265273

/** Accuracies by learning rate and seed, straight from the folders of the runs. */
async function accuraciesOnDisk(home: string): Promise<Map<number, Map<number, number>>> {
  const out = new Map<number, Map<number, number>>()
  for (const id of await readdir(join(home, 'runs'))) {
    const read = async (name: string) => JSON.parse(await readFile(join(home, 'runs', id, name), 'utf8'))
    const [{ config }, { scores }] = await Promise.all([read('run.json'), read('result.json')])
    const lr: number = config.trainer.config.optimizer_options.lr
    out.set(lr, (out.get(lr) ?? new Map<number, number>()).set(config.seed, scores[ACCURACY]))
  }
  return out
}

const meanOf = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length
const semOf = (v: readonly number[]): number =>
  Math.sqrt(v.reduce((a, x) => a + (x - meanOf(v)) ** 2, 0) / (v.length - 1) / v.length)

async function download(page: Page, entry: string): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: entry }).click(),
  ])
  return file.path()
}

function near(what: string, actual: unknown, expected: number): void {
  check(what, Math.abs(Number(actual) - expected) < 1e-6, { actual, expected })
}

/** Every number of the exported table against the run files. */
async function checkTable(page: Page, home: string): Promise<void> {
  const { columns: header, rows: lines } = parseCsv(
    await readFile(await download(page, 'Table as CSV'), 'utf8'),
    'the export',
  )
  checkEqual('one row for each setting', lines.length, SETTINGS.length)
  const at = (name: string): number => {
    const found = header.indexOf(name)
    check(`the export has ${name}`, found >= 0, header)
    return found
  }
  const title = 'Classification accuracy (test) [%]'
  const lr = at('trainer.config.optimizer_options.lr')
  const disk = await accuraciesOnDisk(home)
  const base = disk.get(SETTINGS[0]?.lr ?? 0) ?? new Map<number, number>()
  for (const line of lines) {
    const own = disk.get(Number(line[lr])) ?? new Map<number, number>()
    const values = [...own.values()]
    near('mean', line[at(title)], meanOf(values))
    checkEqual('n', Number(line[at(`${title} n`)]), SEEDS.length)
    near('standard error', line[at(`${title} standard error`)], semOf(values))
    checkEqual('hashes of the runs', String(line[at('runs')]).split(' ').length, SEEDS.length)
    const differences = [...own].map(([seed, v]) => v - (base.get(seed) ?? NaN))
    if (own === base) checkEqual('the baseline has no difference', line[at(`${title} delta`)], '')
    else {
      near('difference', line[at(`${title} delta`)], meanOf(differences))
      near('its lower end', line[at(`${title} delta low`)], meanOf(differences) - T2 * semOf(differences))
      near('its upper end', line[at(`${title} delta high`)], meanOf(differences) + T2 * semOf(differences))
    }
  }
}

/** The card opens from a file without script or network and holds figures; the archive holds what it says. */
async function checkPaper(page: Page): Promise<void> {
  const html = await readFile(await download(page, 'Paper card (HTML)'), 'utf8')
  const file = join(tmpdir(), `cotrain-card-${process.pid}.html`)
  await writeFileAtomic(file, html)
  const card = await page.context().newPage()
  const asked: string[] = []
  card.on('request', (request) => asked.push(request.url()))
  await card.goto(pathToFileURL(file).href)
  check('the card has figures', (await card.locator('figure svg').count()) >= 4)
  checkEqual('the card asks for nothing but itself', asked.length, 1)
  checkEqual('it runs no script', await card.locator('script').count(), 0)
  await card.getByRole('heading', { name: 'Is it real?' }).waitFor()
  await card.close()
  await rm(file)

  const archive = unzipSync(await readFile(await download(page, 'Paper folder (zip)')))
  const names = Object.keys(archive)
  for (const pattern of [
    /^comparison\.html$/,
    /^table\.csv$/,
    /^figures\/.+\.svg$/,
    /^runs\/.+\/config\.yaml$/,
  ])
    check(
      `the folder has ${pattern}`,
      names.some((n) => pattern.test(n)),
      names,
    )
  checkEqual(
    'metrics of every run',
    names.filter((n) => n.endsWith('metrics.csv')).length,
    SETTINGS.length * SEEDS.length,
  )
}

/** A view is kept, renamed, removed and brought back. */
async function checkViews(page: Page): Promise<void> {
  const menu = async (entry: string): Promise<void> => {
    await page.getByRole('button', { name: 'Views', exact: true }).click()
    await page.getByRole('menuitem', { name: entry, exact: true }).click()
  }
  await menu('Save this view')
  await page.getByRole('textbox', { name: 'Name' }).fill('rates')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await menu('Rename or remove views')
  const name = page.getByRole('textbox', { name: 'Name of rates' })
  await name.fill('learning rates')
  await name.press('Enter')
  await page.getByRole('button', { name: 'Remove learning rates' }).click()
  await page.getByText('No view is saved.').waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('textbox', { name: 'Name of learning rates' }).waitFor()
  await page.keyboard.press('Escape')
  await menu('Board: accuracy')
  await eventually(
    'the board is sorted by accuracy',
    () =>
      page.getByRole('region', { name: 'Comparison' }).locator('tbody tr[data-index]').first().innerText(),
    (text) => text.includes('learning rate 0.005'),
  )
  await menu('learning rates')
  await page
    .getByRole('region', { name: 'Comparison' })
    .getByText('baseline', { exact: true })
    .first()
    .waitFor()
}

const compareSeeds: Scenario = {
  name: 'compare five settings over three seeds, pin a baseline, find the differing option, export the table',
  run: async (stage) => {
    await fillStore(stage.home)
    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Runs' }).first().click()
    await page.getByRole('checkbox', { name: 'Select all' }).check()
    await page.getByRole('button', { name: 'Compare 15' }).click()

    await page
      .getByRole('combobox', { name: 'Baseline' })
      .selectOption({ label: 'learning rate 0.001, seed 1' })
    await page.getByText('Over seeds', { exact: true }).click()
    const table = page.getByRole('region', { name: 'Comparison' })
    const rows = table.locator('tbody tr[data-index]')
    await eventually(
      'one row for each setting',
      () => rows.count(),
      (n) => n === SETTINGS.length,
    )
    for (const row of await rows.all())
      check('a row says how many seeds it has', (await row.innerText()).includes('n = 3'))
    await table.getByText('baseline', { exact: true }).first().waitFor()

    await page.getByText('One option differs: Learning rate').waitFor()
    checkEqual(
      'the baseline is a setting, not a seed of it',
      await page.getByRole('combobox', { name: 'Baseline' }).locator('option:checked').innerText(),
      'learning rate 0.001, 3 seeds',
    )
    await page
      .getByText(/95 % interval .*, paired over 3 seeds: (not )?settled/)
      .first()
      .waitFor()
    const titles = await table
      .locator('thead th')
      .evaluateAll((cells) => cells.map((c) => c.getAttribute('title') ?? ''))
    const options = titles.filter((title) => /^(dataset|model|trainer)\./.test(title))
    checkEqual('the differing options', options.length, 1)
    check('it is the learning rate', options[0]?.startsWith('trainer.config.optimizer_options.lr') === true)
    await table.getByRole('button', { name: 'Seeds of learning rate 0.002' }).click()
    await eventually(
      'the seeds of a setting unfold',
      () => rows.count(),
      (n) => n === SETTINGS.length + SEEDS.length,
    )
    await table.getByRole('button', { name: 'Seeds of learning rate 0.002' }).click()

    await page.getByRole('tab', { name: 'Options' }).click()
    await page
      .getByRole('region', { name: 'Options that differ' })
      .getByText('Learning rate', { exact: true })
      .waitFor()

    await page.getByRole('tab', { name: 'Curves' }).click()
    await eventually(
      'curves are drawn',
      () => page.locator('canvas').count(),
      (n) => n >= 3,
    )
    await page
      .getByRole('figure')
      .first()
      .getByText(/standard deviation|mean over seeds/i)
      .first()
      .waitFor()

    await page.getByRole('tab', { name: 'Table' }).click()
    await checkTable(page, stage.home)
    await checkPaper(page)
    await checkViews(page)
  },
}

const RATES = [0.001, 0.002, 0.003, 0.004, 0.005]
const DECAYS = [0.1, 0.5]
const FIVE_SEEDS = [1, 2, 3, 4, 5]

/** Fifty runs: each learning rate with each decay, over five seeds. The rate makes the runs better, the decay does nothing. */
async function fillTenSettings(home: string): Promise<void> {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  for (const [i, lr] of RATES.entries())
    for (const lr_decay of DECAYS)
      for (const seed of FIVE_SEEDS) {
        const trainer = { optimizer_options: { lr, weight_decay: 0.00001 }, lr_decay }
        const config = shippedConfig('demo-cotrained', {
          name: `rate ${lr}, decay ${lr_decay}`,
          seed,
          trainer,
        })
        await makeFinishedRun(store, { config, skill: 0.25 * i, points: 24 })
      }
  store.close()
}

const whichOption: Scenario = {
  name: 'compare fifty runs of ten settings over five seeds: which option matters, and is it real',
  run: async (stage) => {
    await fillTenSettings(stage.home)
    await stage.serve()
    const page = await stage.open()
    await page.getByRole('link', { name: 'Runs', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Select all' }).check()
    await page.getByRole('button', { name: 'Compare 50' }).click()
    await page.getByText('Over seeds', { exact: true }).click()
    await page.getByRole('tab', { name: 'Parallel' }).click()
    const card = page.getByRole('region', { name: 'Which option matters?' })
    await card
      .getByText('Of 2 options, Learning rate matters for Classification accuracy (test).', { exact: true })
      .waitFor()
    const lines = await card.getByRole('listitem').allInnerTexts()
    checkEqual('a line for each option', lines.length, 2)
    check(
      'the best rate against the worst, with interval, n and verdict',
      /^Learning rate: 0\.005 is \d+\.\d points more accurate than 0\.001, 95 % interval \+.* to \+.*, paired over 5 seeds in 2 pairs of settings: settled\.$/.test(
        lines[0] ?? '',
      ),
      lines,
    )
    check(
      'the decay is not settled',
      /^Decay factor: .*paired over 5 seeds in 5 pairs of settings: not settled; /.test(lines[1] ?? ''),
      lines,
    )
    await card.getByText('The intervals hold for all 11 comparisons together (Bonferroni).').waitFor()
    await page.getByRole('tab', { name: 'Options' }).click()
    await card.getByRole('combobox', { name: 'Score' }).selectOption({ label: 'Mean corrupted accuracy' })
    await card.getByText(/Learning rate matters for Mean corrupted accuracy\.$/).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [compareSeeds, whichOption]
