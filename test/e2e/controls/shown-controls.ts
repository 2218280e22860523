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

/** What the controls of a view, as it is first shown, have against them: no name, no place in the table, only for the pointer. */
export async function controlFaults(page: Page, view: string): Promise<string[]> {
  const rows = rowsOf(textOf(TABLE))
  const isKept = rows.length > 0
  for (const end = Date.now() + SETTLE_MS; ; await page.waitForTimeout(STEP_MS)) {
    const { controls, faults } = await inPage(page, 'list', ...areaOf(view))
    const address = addressOf(page, view)
    const shown = new Set(controls.filter(({ part }) => !OF_MACHINE.has(part)).map(namedCells))
    const told = new Set(rows.filter((row) => row.address === address).map(({ cells }) => cells))
    const expected = rows.filter(
      (row) => isSame(row.view, view) && row.isAtOnce && !OF_MACHINE.has(partOf(row.cells)),
    )
    const wrong = [
      ...faults,
      ...[...shown]
        .filter((cells) => isKept && !told.has(cells))
        .map((cells) => `${TABLE} lacks ${cells}; ${RENEW}`),
      ...expected
        .filter(({ cells }) => !shown.has(cells))
        .map(({ cells }) => `not shown, but in ${TABLE}: ${cells}; ${RENEW}`),
    ]
    if (wrong.length === 0 || Date.now() > end) return wrong
  }
}

const partOf = (cells: string): string => cells.split(' | ')[2] ?? ''
