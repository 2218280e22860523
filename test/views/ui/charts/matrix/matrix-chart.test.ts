import { screen } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import MatrixChart from '../../../../../src-renderer/ui/charts/matrix/MatrixChart.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { HEIGHT, WIDTH, drawCharts, drawn } from '../drawn-charts.ts'
import { catchFiles } from '../saved-files.ts'

const props = {
  title: 'Accuracy by corruption',
  rows: ['fog', 'snow', 'frost'],
  columns: ['1', '2'],
  values: [
    [96.25, 80],
    [90, null],
    [70, 11.04],
  ],
  rowTitle: 'Corruption',
  columnTitle: 'Severity',
  valueTitle: 'Accuracy, %',
}
const plot = (): HTMLElement => byRole('group', /^Accuracy by corruption\. Arrow keys/)
const words = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const said = (): string => words(screen.getByRole('status'))
const table = (): (string | null)[][] =>
  screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))

let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

async function opened(more: Record<string, unknown> = {}): Promise<Shown> {
  const shown = await show(MatrixChart, { props: { ...props, ...more } })
  await drawn()
  plot().focus()
  return shown
}

async function pointAt(x: number, y: number): Promise<void> {
  plot().dispatchEvent(new PointerEvent('pointermove', { offsetX: x, offsetY: y } as PointerEventInit))
  await settled()
}

describe('a matrix', () => {
  it('reads its cells by arrow keys, which stay within it', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowDown}')
    expect(said()).toBe('Corruption fogSeverity 1Accuracy, % 96.3')
    await user.keyboard('{ArrowUp}{ArrowLeft}')
    expect(said()).toContain('fogSeverity 1')
    await user.keyboard('{ArrowDown}{ArrowRight}')
    expect(said()).toBe('Corruption snowSeverity 2Accuracy, % not measured')
    await user.keyboard('{PageDown}{Home}')
    expect(said()).toContain('frostSeverity 1')
    await user.keyboard('{End}{PageUp}')
    expect(said()).toContain('fogSeverity 2')
  })

  it('chooses the cell that is read by Enter, and nothing before one is', async () => {
    const { user, emitted } = await opened()
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowRight}{Enter}')
    expect(emitted).toEqual([{ name: 'choose', values: [1, 1] }])
    plot().blur()
    await settled()
    expect(screen.queryByRole('status')).toBeNull()
  })

  it('reads and chooses the cell under the pointer, and none beside the plot', async () => {
    const { emitted } = await opened()
    await pointAt(WIDTH - 90, HEIGHT - 20)
    expect(said()).toContain('frostSeverity 2')
    plot().click()
    expect(emitted).toEqual([{ name: 'choose', values: [2, 1] }])
    await pointAt(WIDTH - 10, HEIGHT - 20)
    expect(screen.queryByRole('status')).toBeNull()
    plot().click()
    expect(emitted).toHaveLength(1)
  })

  it('writes differences with their sign and counts without decimals', async () => {
    const { user, change } = await opened({
      isDifference: true,
      values: [
        [1.25, -2],
        [0, 3],
        [4, 5],
      ],
    })
    await user.keyboard('{ArrowDown}')
    expect(said()).toContain('Accuracy, % +1.3')
    await user.keyboard('{ArrowRight}')
    expect(said()).toContain('Accuracy, % −2.0')
    await change({
      isDifference: false,
      digits: 0,
      values: [
        [1, 12345],
        [0, 3],
        [4, 5],
      ],
    })
    expect(said()).toContain('Accuracy, % 12 345')
  })

  it('reads and chooses no cell that is gone when it became smaller', async () => {
    const { user, emitted, change } = await opened()
    await user.keyboard('{ArrowDown}{PageDown}')
    await change({ rows: ['fog'], values: [[96.25, 80]] })
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
  })

  it('says what stripes mean at the cells that have them only', async () => {
    const cells = [[true, false]]
    const { user } = await opened({ hatched: { cells, meaning: 'no better than guessing' } })
    await user.keyboard('{ArrowDown}')
    expect(said()).toContain('no better than guessing')
    await user.keyboard('{ArrowRight}')
    expect(said()).not.toContain('no better than guessing')
  })

  it('says how large it is and between which numbers it lies, and that there is nothing', async () => {
    const { text, change } = await show(MatrixChart, { props: { ...props, note: 'one seed' } })
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      'Accuracy by corruption: 3 by 2 cells, Corruption by Severity, from 11.04 to 96.25. one seed',
    )
    await change({ values: [[null, null]], emptyText: 'No corruption was tested.' })
    expect(text()).toContain('No corruption was tested.')
    expect(screen.queryByRole('img')).toBeNull()
  })

  it('has the numbers as a table of its own shape', async () => {
    const { user } = await show(MatrixChart, { props })
    await user.click(byRole('button', 'Accuracy by corruption: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    expect(table()).toEqual([
      ['Corruption', 'Severity 1', 'Severity 2'],
      ['fog', '96.25', '80'],
      ['snow', '90', ''],
      ['frost', '70', '11.04'],
    ])
  })

  it('has a wide matrix as a list, greatest first, of which a part is shown and all is saved', async () => {
    const saved = catchFiles()
    const columns = Array.from({ length: 600 }, (_, i) => `c${i}`)
    const values = [columns.map((_, i) => i)]
    const { user, text } = await show(MatrixChart, { props: { ...props, rows: ['r'], columns, values } })
    await user.click(byRole('button', 'Accuracy by corruption: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    expect(table().slice(0, 2)).toEqual([
      ['Corruption', 'Severity', 'Accuracy, %'],
      ['r', 'c599', '599'],
    ])
    expect(table()).toHaveLength(501)
    expect(text()).toContain('The first 500 of 600 rows; the CSV file has all.')
    await user.click(byRole('button', 'Accuracy by corruption: table and export'))
    await user.click(byRole('menuitem', 'Save numbers (CSV)'))
    const file = await saved.only()
    saved.restore()
    expect(file.name).toBe('accuracy-by-corruption.csv')
    expect(file.text.trimEnd().split('\r\n')).toHaveLength(601)
    expect(file.text).toMatch(/r,c0,0\r\n$/)
  })

  it('saves a picture with the numbers in the cells and both axes named', async () => {
    const saved = catchFiles()
    const { user } = await show(MatrixChart, { props })
    await user.click(byRole('button', 'Accuracy by corruption: table and export'))
    await user.click(byRole('menuitem', 'Save picture (SVG)'))
    const { text } = await saved.only()
    saved.restore()
    const written = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1])
    expect(written).toEqual(
      expect.arrayContaining(['fog', 'snow', '96.3', '11.0', 'Corruption', 'Severity', 'Accuracy, %']),
    )
  })
})
