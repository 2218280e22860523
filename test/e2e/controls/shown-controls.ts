import type { Page } from 'playwright-core'
import { textOf } from '../kept-file.ts'
import { inPage } from './page-side.ts'
import { namedCells, RENEW, rowsOf, TABLE } from './table.ts'
import { addressOf, areaOf } from './walk.ts'

/** What is offered here depends on the engines of the machine. */
const OF_MACHINE = new Set(['Welcome'])
/** So long a view may still change. */
const SETTLE_MS = 3_000
const STEP_MS = 100

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Of what stands in each row of a list the first is told, and which that is depends on order and folds: its kind alone is compared. */
function comparable(cells: string): string {
  const [name = '', kind = ''] = cells.split(' | ')
  const each = /\(each [^)]*\)$/.exec(name)
  return each === null ? cells : `${each[0]} | ${kind}`
}
const isOfEach = (cells: string): boolean => comparable(cells) !== cells

/** What the controls of a view, as it is first shown, have against them: no name, no place in the table, only for the pointer. */
export async function controlFaults(page: Page, view: string): Promise<string[]> {
  const rows = rowsOf(textOf(TABLE))
  for (const end = Date.now() + SETTLE_MS; ; await page.waitForTimeout(STEP_MS)) {
    const { controls, faults } = await inPage(page, 'list', ...areaOf(view))
    const address = addressOf(page, view)
    const shown = controls.filter(({ part }) => !OF_MACHINE.has(part)).map(namedCells)
    const told = new Set(rows.filter((row) => row.address === address).map(({ cells }) => comparable(cells)))
    const expected = rows
      .filter(({ cells, ...row }) => isSame(row.view, view) && row.isAtOnce && !isOfEach(cells))
      .map(({ cells }) => cells)
      .filter((cells) => !OF_MACHINE.has(partOf(cells)))
    const wrong = [
      ...faults,
      ...shown
        .filter((cells) => !told.has(comparable(cells)))
        .map((cells) => `${TABLE} lacks ${cells}; ${RENEW}`),
      ...expected
        .filter((cells) => !shown.includes(cells))
        .map((cells) => `not shown, but in ${TABLE}: ${cells}; ${RENEW}`),
    ]
    if (wrong.length === 0 || Date.now() > end) return wrong
  }
}

const partOf = (cells: string): string => cells.split(' | ')[2] ?? ''
