import { screen } from '@testing-library/dom'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createChartLink } from '../../../../../src-renderer/ui/charts/line/chart-link.ts'
import LineChart from '../../../../../src-renderer/ui/charts/line/LineChart.vue'
import type { Series } from '../../../../../src-renderer/ui/charts/frame/series.ts'
import type { Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { WIDTH, drawCharts, drawn } from '../drawn-charts.ts'
import { catchFiles } from '../saved-files.ts'

const line = (id: string, values: readonly (number | null)[], more: Partial<Series> = {}): Series => ({
  id,
  label: id,
  token: '--c0',
  dash: [],
  points: values.map((y, x) => ({ x, y })),
  ...more,
})
/** From 0 to 6, so that an arrow key goes by a tenth of an epoch. */
const lines = [line('baseline', [0, 1, 2, 3, 4, 5, 6]), line('co-trained', [9, 8, 7, 6, 5, 4, 3])]
const props = { title: 'Accuracy', series: lines, xTitle: 'Epoch' }
const plot = (): HTMLElement => byRole('group', /^Accuracy\. Arrow keys/)
const words = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const values = (): string[] => screen.queryAllByRole('listitem').map(words)
const crowd = Array.from({ length: 12 }, (_, i) => line(`run ${i}`, [i, i]))

let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

async function opened(more: Record<string, unknown> = {}): Promise<Shown> {
  const shown = await show(LineChart, { props: { ...props, ...more } })
  await drawn()
  plot().focus()
  return shown
}

/** The pointer at a place of the plot, in pixels. */
async function point(type: string, x: number, y: number): Promise<void> {
  const at = { offsetX: x, offsetY: y, clientX: x, clientY: y, bubbles: true }
  const event = new PointerEvent(type, at)
  // happy-dom does not know the short names.
  Object.assign(event, { x, y })
  plot().dispatchEvent(event)
  await settled()
}

describe('a chart of lines by keyboard', () => {
  it('reads all lines at the place that the arrow keys go to, greatest first', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    await user.keyboard('{PageDown}{PageDown}{PageDown}')
    expect(link.x).toBeCloseTo(1.2)
    expect(words(screen.getByRole('status'))).toMatch(/^Epoch 1\.200/)
    expect(values()).toEqual(['co-trained8', 'baseline1'])
    await user.keyboard('{ArrowRight}')
    expect(link.x).toBeCloseTo(1.3)
    await user.keyboard('{PageUp>9/}')
    expect(link.x).toBe(6)
    expect(values()).toEqual(['baseline6', 'co-trained3'])
  })

  it('keeps the values open by Enter until Escape or the button closes them', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowLeft}')
    expect(screen.queryByRole('button', { name: 'Close the values' })).toBeNull()
    await user.keyboard('{Enter}')
    await user.click(byRole('button', 'Close the values'))
    expect(values()).toEqual([])
    plot().focus()
    await user.keyboard('{ArrowLeft}{Enter}{Escape}')
    expect(values()).toEqual([])
  })

  it('zooms with plus and minus around the place that is read, and shows all again with 0', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    await user.keyboard('+')
    expect(link.range?.map((v) => Number(v.toFixed(3)))).toEqual([0.9, 5.1])
    await user.keyboard('-')
    expect(link.range?.map((v) => Number(v.toFixed(3)))).toEqual([0, 6])
    await user.keyboard('{PageDown}{PageDown}+')
    expect(link.range?.map((v) => Number(v.toFixed(3)))).toEqual([0.54, 4.74])
    expect(link.x).toBeNull()
    await user.keyboard('0')
    expect(link.range).toBeNull()
  })

  it('leaves other keys to the page and stays within the shown range', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    link.zoomTo([2, 3])
    await user.keyboard('a{Home}')
    expect(link.x).toBeNull()
    await user.keyboard('{PageDown>20/}')
    expect(link.x).toBe(2)
  })

  it('lists ten values while the place moves and all of them once they are kept open', async () => {
    const { user, text } = await opened({ series: crowd })
    await user.keyboard('{ArrowLeft}')
    expect(values()).toHaveLength(10)
    expect(values()[0]).toBe('run 1111')
    expect(text()).toContain('and 2 more; click to list all')
    await user.keyboard('{Enter}')
    expect(values()).toHaveLength(12)
    expect(text()).not.toContain('click to list all')
  })

  it('names the value before smoothing beside the smoothed one', async () => {
    const smooth = line('smoothed', [1, 1, 1], { raw: [0, 3, 0].map((y, x) => ({ x, y })) })
    const { user } = await opened({ series: [smooth] })
    await user.keyboard('{ArrowRight}')
    expect(values()).toEqual(['smoothed1raw 3'])
  })
})

describe('a chart of lines by pointer', () => {
  it('tells which line is looked at, and that none is once the pointer leaves', async () => {
    const link = createChartLink()
    const { emitted } = await opened({ link, series: [line('flat', [5, 5, 5]), line('low', [0, 0, 0])] })
    await point('pointermove', WIDTH - 100, 6)
    expect(emitted.at(-1)).toEqual({ name: 'look', values: ['flat'] })
    expect(values()).toEqual(['flat5', 'low0'])
    await point('pointermove', WIDTH - 100, 120)
    expect(emitted.at(-1)).toEqual({ name: 'look', values: [null] })
    await point('pointerleave', 0, 0)
    expect(values()).toEqual([])
    expect(link.x).toBeNull()
  })

  it('reads nothing outside of the plot', async () => {
    const link = createChartLink()
    await opened({ link })
    await point('pointermove', WIDTH - 1, 100)
    expect(link.x).toBeNull()
    expect(values()).toEqual([])
  })

  it('keeps the values open by a click that stays where it is, but not by dragging', async () => {
    const link = createChartLink()
    await opened({ link })
    await point('pointermove', 300, 100)
    await point('pointerdown', 300, 100)
    await point('pointerup', 340, 100)
    expect(screen.queryByRole('button', { name: 'Close the values' })).toBeNull()
    await point('pointerdown', 300, 100)
    await point('pointerup', 302, 100)
    const kept = link.x
    await point('pointermove', 400, 100)
    expect(link.x).toBe(kept)
    await point('pointerleave', 0, 0)
    expect(screen.queryAllByRole('button', { name: 'Close the values' })).toHaveLength(1)
    await point('pointerdown', 300, 100)
    await point('pointerup', 300, 100)
    expect(screen.queryByRole('button', { name: 'Close the values' })).toBeNull()
  })

  it('lists no values while the cursor is in another chart of the page', async () => {
    const link = createChartLink()
    await opened({ link })
    link.lookAt(3)
    await settled()
    expect(values()).toEqual([])
  })

  it('reads values again by pointer after values that were kept open are zoomed away', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    await user.keyboard('{ArrowRight}{Enter}')
    link.zoomTo([1, 4])
    await settled()
    await point('pointermove', 300, 100)
    expect(link.x).not.toBeNull()
  })

  it('reads values by pointer after Enter where no line has a value', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    link.lookAt(100)
    await user.keyboard('{Enter}')
    await point('pointermove', 300, 100)
    expect(link.x).not.toBe(100)
  })

  it('shows the whole range again by a double click', async () => {
    const link = createChartLink()
    const { user } = await opened({ link })
    link.zoomTo([1, 2])
    await user.dblClick(plot())
    expect(link.range).toBeNull()
  })
})

describe('what a chart of lines says and saves', () => {
  let saved = catchFiles()
  beforeAll(() => saved.restore())
  afterEach(() => saved.restore())

  const choose = async (user: Shown['user'], item: string): Promise<void> => {
    await user.click(byRole('button', 'Accuracy: table and export'))
    await user.click(byRole(item === 'Show as table' ? 'menuitemcheckbox' : 'menuitem', item))
    await settled()
  }

  it('says where every line ends and which moments are marked', async () => {
    const marks = [{ x: 3, label: 'best', tone: 'good' }]
    await show(LineChart, { props: { ...props, marks } })
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      'Accuracy: baseline ends at 6; co-trained ends at 3. Marks: best at 3.',
    )
  })

  it('says beneath what it is made of, what was clipped and what crosses mean', async () => {
    const spiky = line('spiky', [1000, ...Array.from({ length: 200 }, (_, i) => i % 7)], {
      gaps: [{ x: 5, y: 1 }],
    })
    const { text, change } = await show(LineChart, { props: { ...props, series: [spiky], note: 'n = 3' } })
    expect(text()).toContain('n = 3; crosses: values that were not finite')
    await change({ clips: true })
    expect(text()).toContain('n = 3; clipped to 1–99 %: 1 points lie outside; crosses')
  })

  it('says that there is nothing, and does not offer to save it', async () => {
    const { user, text } = await show(LineChart, {
      props: { ...props, series: [line('empty', [null, null])], emptyText: 'No epoch has ended.' },
    })
    expect(text()).toContain('No epoch has ended.')
    await user.click(byRole('button', 'Accuracy: table and export'))
    const items = [...screen.getAllByRole('menuitemcheckbox'), ...screen.getAllByRole('menuitem')]
    expect(items.map((i) => [words(i), i.getAttribute('aria-disabled'), i.title])).toEqual(
      ['Show as table', 'Save numbers (CSV)', 'Save picture (PNG)', 'Save picture (SVG)'].map((label) => [
        label,
        'true',
        'There is nothing to show yet',
      ]),
    )
  })

  it('shows the numbers as a table and the picture again', async () => {
    const { user } = await show(LineChart, { props: { ...props, yTitle: '%' } })
    await choose(user, 'Show as table')
    const table = byRole('region', 'Accuracy as a table')
    expect(screen.getAllByRole('columnheader').map(words)).toEqual(['Series', 'Epoch', '%'])
    expect(screen.getAllByRole('row').slice(7, 9).map(words)).toEqual(['baseline66', 'co-trained09'])
    expect(screen.queryByRole('img')).toBeNull()
    await choose(user, 'Show as table')
    expect(document.body.contains(table)).toBe(false)
    expect(screen.getByRole('img').tagName).toBe('CANVAS')
  })

  it('saves the numbers of every point, not of those that were thinned for the screen', async () => {
    saved = catchFiles()
    const all = line('baseline, "wide"', [0, 0.5, 1])
    const { user } = await show(LineChart, { props: { ...props, fullSeries: () => Promise.resolve([all]) } })
    await choose(user, 'Save numbers (CSV)')
    expect(await saved.only()).toEqual({
      name: 'accuracy.csv',
      type: 'text/csv',
      text:
        'Series,Epoch,Accuracy\r\n' +
        [0, 0.5, 1].map((y, x) => `"baseline, ""wide""",${x},${y}\r\n`).join(''),
    })
  })

  it('saves a picture of the whole range with the name of every line, whatever is zoomed to', async () => {
    saved = catchFiles()
    const link = createChartLink()
    const { user } = await show(LineChart, { props: { ...props, link, note: 'mean of 3 seeds' } })
    link.zoomTo([4, 5])
    await choose(user, 'Save picture (SVG)')
    const { name, type, text } = await saved.only()
    expect([name, type]).toEqual(['accuracy.svg', 'image/svg+xml'])
    const written = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1])
    expect(written).toEqual(
      expect.arrayContaining(['Accuracy', 'baseline', 'co-trained', 'Epoch', 'mean of 3 seeds', '1']),
    )
  })
})
