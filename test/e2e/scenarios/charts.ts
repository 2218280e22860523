import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { parseCsv } from '../../../src-main/io/importers/layouts/csv.ts'
import type { FullStore } from '../full-store.ts'
import { fillHome } from '../full-store.ts'
import type { Scenario, Stage } from '../scenario.ts'
import { check, checkEqual, eventually } from '../scenario.ts'

const CLEAN = 'FinalTest/img_classification/eval'

async function compared(
  stage: Stage,
  tab: string,
  group = 'runs',
): Promise<{ page: Page; store: FullStore }> {
  const store = await fillHome(stage.home)
  await stage.serve()
  const page = await stage.open()
  const query = `runs=${store.finished.join(',')}&baseline=${store.finished[0]}&group=${group}&tab=${tab}`
  await page.goto(`${new URL(page.url()).origin}/#/compare?${query}`)
  return { page, store }
}

const tip = (page: Page) => page.getByRole('main').getByRole('status').filter({ hasText: /\S/ })

const units: Scenario = {
  name: 'charts: a point of a scatter is read and opened by keyboard',
  async run(stage) {
    const { page } = await compared(stage, 'neurons')
    const chart = page.getByRole('group', { name: /unit by unit\. Arrow keys/ })
    await chart.focus()
    // The first drawing comes with the first look at the chart.
    await eventually(
      'the leftmost unit is named',
      async () => {
        await page.keyboard.press('Home')
        return chart
          .getByRole('status')
          .innerText()
          .catch(() => '')
      },
      (text) => /^unit \d+, session-1/.test(text),
    )
    const named = await chart.getByRole('status').innerText()
    const unit = /^unit \d+/.exec(named)?.[0] ?? ''
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `session-1 ${unit} in both` }).waitFor()
    const row = page.getByRole('row', { name: /^Corr\. to av/ }).last()
    const [, a = ''] = (await row.getByRole('cell').allInnerTexts()).join(' ').match(/^(\S+)/) ?? []
    check(
      'the tip and the table agree on the value in A',
      named.replaceAll('\n', ' ').includes(a.slice(0, 4)),
      {
        named,
        a,
      },
    )
  },
}

const matrix: Scenario = {
  name: 'charts: a matrix is read cell by cell and saved in full',
  async run(stage) {
    const { page, store } = await compared(stage, 'robustness')
    const chart = page.getByRole('group', { name: /^By corruption, mean over severities/ })
    await chart.focus()
    // From the corner to the fourth row: the first co-trained run.
    await eventually(
      'the cell of the fourth row is read',
      async () => {
        for (const key of ['PageUp', 'Home', 'ArrowDown', 'ArrowDown', 'ArrowDown'])
          await page.keyboard.press(key)
        return tip(page).allInnerTexts()
      },
      (texts) => texts.some((t) => /Run .+, seed 1/.test(t.replaceAll('\n', ' '))),
    )
    const scores = await Promise.all(
      [store.finished[0], store.finished[3]].map(async (id) => {
        const result = JSON.parse(await readFile(join(stage.home, 'runs', String(id), 'result.json'), 'utf8'))
        return Number(result.scores[CLEAN])
      }),
    )
    await page.getByRole('button', { name: /^By corruption, mean over severities: table and export/ }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'Save numbers (CSV)' }).click(),
    ])
    const { columns, rows } = parseCsv(await readFile((await file.path()) ?? '', 'utf8'), 'the saved matrix')
    checkEqual('first columns', columns.slice(0, 3), ['Run', 'Corruption clean', 'Corruption mean'])
    const found = Number(rows[3]?.[1])
    const expected = (scores[1] ?? 0) - (scores[0] ?? 0)
    check('the difference of clean accuracy is that of the runs', Math.abs(found - expected) < 1e-9, {
      found,
      expected,
    })
    await page.getByRole('button', { name: /^By corruption, mean over severities: table and export/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Show as table' }).click()
    await page.getByRole('columnheader', { name: /jpeg/i }).waitFor()
  },
}

const brush: Scenario = {
  name: 'charts: a range on a parallel axis keeps the runs within',
  async run(stage) {
    const { page } = await compared(stage, 'parallel')
    await page.getByText('6 of 6 runs within the chosen ranges').waitFor()
    const axes = page.locator('rect.grip')
    const last = await axes.nth((await axes.count()) - 1).boundingBox()
    check('there is an axis', last !== null)
    // From the middle to beyond the end, so that the greatest value is within.
    await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2)
    await page.mouse.down()
    await page.mouse.move(last.x + last.width / 2, last.y - 10, { steps: 5 })
    await page.mouse.up()
    const count = await eventually(
      'some runs are within',
      async () =>
        Number(/(\d+) of 6 runs/.exec(await page.getByText(/of 6 runs within/).innerText())?.[1] ?? 6),
      (n) => n > 0 && n < 6,
    )
    await page.getByRole('button', { name: 'Keep these runs only' }).click()
    await page.getByText(`${count} of ${count} runs within the chosen ranges`).waitFor()
  },
}

export const scenarios: readonly Scenario[] = [units, matrix, brush]
