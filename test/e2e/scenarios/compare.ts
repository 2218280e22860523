import { readFile } from 'node:fs/promises'
import { writeFileAtomic } from '../../../src-main/io/atomic-write.ts'
import { parseCsv } from '../../../src-main/io/importers/csv.ts'
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

    const titles = await table
      .locator('thead th')
      .evaluateAll((cells) => cells.map((c) => c.getAttribute('title') ?? ''))
    const options = titles.filter((title) => /^(dataset|model|trainer)\./.test(title))
    checkEqual('the only differing option', options, ['trainer.config.optimizer_options.lr'])

    await page.getByRole('tab', { name: 'Options' }).click()
    await page
      .getByRole('region', { name: 'Options that differ' })
      .getByText('optimizer_options.lr', { exact: true })
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

    await page.getByRole('button', { name: 'Export', exact: true }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Table as CSV' }).click(),
    ])
    const { columns: header, rows: lines } = parseCsv(
      await readFile(await download.path(), 'utf8'),
      'the export',
    )
    checkEqual('rows of the exported table', lines.length, SETTINGS.length * SEEDS.length)
    const lr = header.indexOf('trainer.config.optimizer_options.lr')
    check('the exported table has the differing option', lr > 0, header)
    checkEqual(
      'its values',
      [...new Set(lines.map((line) => Number(line[lr])))].sort(),
      SETTINGS.map((s) => s.lr),
    )
    const delta = header.findIndex((title) => title.includes('accuracy') && title.endsWith('delta'))
    check('the exported table has differences to the baseline', delta > 0, header)
    check(
      'a difference of 0 is the baseline itself',
      lines.filter((line) => Number(line[delta]) === 0).length === 1,
    )
  },
}

export const scenarios: readonly Scenario[] = [compareSeeds]
