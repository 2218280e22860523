import { screen } from '@testing-library/dom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import ChartFrame from '../../../../../src-renderer/ui/charts/frame/ChartFrame.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../../features/in-app.ts'
import { drawCharts } from '../drawn-charts.ts'
import { catchFiles } from '../saved-files.ts'

const table = {
  head: ['Name', 'Value'],
  rows: [
    ['=SUM(A1)', 1.5],
    ['two\nlines', null],
  ],
}
const props = { title: 'V1: corr. (test)', table: () => table, svg: () => '<svg viewBox="0 0 4 3"></svg>' }
const MENU = 'V1: corr. (test): table and export'

let saved = catchFiles()
saved.restore()
beforeEach(() => {
  saved = catchFiles()
})
afterEach(() => saved.restore())

const opened = (more: Record<string, unknown> = {}): Promise<Shown> =>
  show(inApp(ChartFrame), { props: { ...props, ...more } })
const choose = async ({ user }: Shown, item: string): Promise<void> => {
  await user.click(byRole('button', MENU))
  await user.click(byRole(item === 'Show as table' ? 'menuitemcheckbox' : 'menuitem', item))
  await settled()
}

describe('the frame of a chart', () => {
  it('names files after the title, and saves words that are no formulas', async () => {
    await choose(await opened(), 'Save numbers (CSV)')
    expect(await saved.only()).toEqual({
      name: 'v1-corr-test-.csv',
      type: 'text/csv',
      text: `Name,Value\r\n'=SUM(A1),1.5\r\n"two\nlines",\r\n`,
    })
  })

  const drawAs = (result: Blob | null) => {
    const sizes: string[] = []
    const restore = drawCharts()
    const spies = [
      vi.spyOn(HTMLImageElement.prototype, 'decode').mockResolvedValue(undefined),
      vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation(function (
        this: HTMLCanvasElement,
        done,
      ) {
        sizes.push(`${this.width} × ${this.height}`)
        done(result)
      }),
    ]
    return {
      sizes,
      restore: () => [restore, ...spies.map((s) => () => s.mockRestore())].forEach((undo) => undo()),
    }
  }

  it('saves a picture with three pixels to a unit of the drawing', async () => {
    const { sizes, restore } = drawAs(new Blob(['p'], { type: 'image/png' }))
    await choose(await opened(), 'Save picture (PNG)')
    const { name, type } = await saved.only()
    restore()
    expect([name, type, ...sizes]).toEqual(['v1-corr-test-.png', 'image/png', '12 × 9'])
  })

  it('says that a picture could not be written', async () => {
    const { restore } = drawAs(null)
    const page = await opened()
    await choose(page, 'Save picture (PNG)')
    restore()
    expect(page.text()).toContain('the picture could not be written')
    expect(saved.files).toEqual([])
  })

  it('offers only what the chart has', async () => {
    const page = await opened({ table: null })
    await page.user.click(byRole('button', MENU))
    expect(screen.getAllByRole('menuitem').map((i) => i.textContent?.trim())).toEqual([
      'Save picture (PNG)',
      'Save picture (SVG)',
    ])
    const numbers = await opened({ svg: null })
    await numbers.user.click(byRole('button', MENU))
    expect(screen.getAllByRole('menuitemcheckbox').map((i) => i.textContent.trim())).toEqual([
      'Show as table',
    ])
    expect(screen.getAllByRole('menuitem').map((i) => i.textContent.trim())).toEqual(['Save numbers (CSV)'])
  })

  it('is worked by keyboard', async () => {
    const { user } = await opened()
    byRole('button', MENU).focus()
    await user.keyboard('{Enter}{Enter}')
    await settled()
    expect(byRole('region', 'V1: corr. (test) as a table').tagName).toBe('DIV')
  })

  it('prefers data that were not thinned for the screen, in both kinds of files', async () => {
    const full = () => Promise.resolve({ table: { head: ['All'], rows: [[1]] }, svg: '<svg>all</svg>' })
    const page = await opened({ full })
    await choose(page, 'Save picture (SVG)')
    await choose(page, 'Save numbers (CSV)')
    expect(await Promise.all(saved.files.map(({ content }) => content.text()))).toEqual([
      '<svg>all</svg>',
      'All\r\n1\r\n',
    ])
  })

  it('says why a file could not be made, and saves none', async () => {
    const page = await opened({ full: () => Promise.reject(new Error('the disk is full')) })
    await choose(page, 'Save numbers (CSV)')
    expect(page.text()).toContain('the disk is full')
    expect(saved.files).toEqual([])
  })

  it('shows its note under a chart, a table and nothing alike', async () => {
    const page = await opened({ note: 'mean of 3 seeds' })
    expect(page.text()).toContain('mean of 3 seeds')
    await choose(page, 'Show as table')
    expect(page.text()).toContain('mean of 3 seeds')
    const empty = await opened({ note: 'mean of 3 seeds', isEmpty: true, emptyText: 'Nothing yet.' })
    expect(empty.text()).toContain('Nothing yet.mean of 3 seeds')
  })

  it('says that there is nothing when it becomes empty while it is shown as a table', async () => {
    const page = await opened()
    await choose(page, 'Show as table')
    await page.change({ isEmpty: true, emptyText: 'Nothing yet.' })
    expect(page.text()).toContain('Nothing yet.')
    expect(screen.queryByRole('table')).toBeNull()
  })
})
