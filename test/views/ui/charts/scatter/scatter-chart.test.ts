import { screen } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dot } from '../../../../../src-renderer/ui/charts/scatter/scatter.ts'
import ScatterChart from '../../../../../src-renderer/ui/charts/scatter/ScatterChart.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { WIDTH, drawCharts, drawn } from '../drawn-charts.ts'
import { catchFiles } from '../saved-files.ts'

const dot = (id: string, x: number, y: number, more: Partial<Dot> = {}): Dot => ({
  id,
  x,
  y,
  label: `run ${id}`,
  token: '--c0',
  ...more,
})
/** Not in the order of x: a reader goes from left to right. */
const dots = [dot('b', 2, 0.5), dot('c', 3, 0.25), dot('a', 1, 0.75)]
const props = { title: 'Score against width', dots, xTitle: 'Width', yTitle: 'Score' }
const plot = (): HTMLElement => byRole('group', /^Score against width\. Arrow keys/)
const words = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const tip = (): HTMLElement | null => screen.queryByRole('status')
const said = (): string => words(screen.getByRole('status'))

let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

async function opened(more: Record<string, unknown> = {}): Promise<Shown> {
  const shown = await show(ScatterChart, { props: { ...props, ...more } })
  await drawn()
  plot().focus()
  return shown
}

async function pointAt(x: number, y: number): Promise<void> {
  plot().dispatchEvent(new PointerEvent('pointermove', { offsetX: x, offsetY: y } as PointerEventInit))
  await settled()
}

describe('a plot of points', () => {
  it('goes from left to right by arrow keys, around the ends, and to the ends by Home and End', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowRight}')
    expect(said()).toBe('run aWidth 1Score 0.7500')
    await user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}')
    expect(said()).toContain('run a')
    await user.keyboard('{ArrowLeft}')
    expect(said()).toContain('run c')
    await user.keyboard('{Home}')
    expect(said()).toContain('run a')
    await user.keyboard('{End}')
    expect(said()).toContain('run c')
  })

  it('begins at the right end when the first key is the left arrow', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowLeft}')
    expect(said()).toContain('run c')
  })

  it('chooses the point that is read by Enter, and nothing before one is', async () => {
    const { user, emitted } = await opened()
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
    await user.keyboard('{End}{Enter}')
    expect(emitted).toEqual([{ name: 'choose', values: ['c'] }])
  })

  it('keeps to the point that is read when others come, and to none when another stands in its place', async () => {
    const { user, emitted, change } = await opened()
    await user.keyboard('{End}')
    await change({ dots: [...dots.map((d) => ({ ...d })), dot('d', 4, 1)] })
    expect(said()).toContain('run c')
    await change({ dots: [dot('b', 2, 0.5), dot('d', 4, 1)] })
    expect(tip()).toBeNull()
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([])
  })

  it('reads the nearest point under the pointer, chooses it by click and forgets it on leaving', async () => {
    const { user, emitted } = await opened()
    await user.keyboard('{Home}')
    const at = [Number.parseFloat(tip()?.style.left ?? '') - 10, Number.parseFloat(tip()?.style.top ?? '')]
    await user.keyboard('{End}')
    await pointAt((at[0] ?? 0) + 5, at[1] ?? 0)
    expect(said()).toContain('run a')
    plot().click()
    expect(emitted.at(-1)).toEqual({ name: 'choose', values: ['a'] })
    await pointAt((at[0] ?? 0) + 40, at[1] ?? 0)
    expect(tip()).toBeNull()
    await user.keyboard('{Home}')
    plot().blur()
    await settled()
    expect(tip()).toBeNull()
  })

  it('puts what it says beside the point on the side that has room', async () => {
    const { user } = await opened()
    await user.keyboard('{Home}')
    expect(Number.parseFloat(tip()?.style.left ?? '')).toBeLessThan(WIDTH / 2)
    await user.keyboard('{End}')
    expect(tip()?.style.left).toBe('')
    expect(tip()?.style.right).toMatch(/^calc\(100% - \d/)
  })

  it('reads intervals, levels and the words of an axis', async () => {
    const { user } = await opened({
      dots: [dot('a', 1, 0.5, { yLow: 0.25, yHigh: 0.75, level: 12 })],
      xNames: ['ReLU', 'ELU'],
      levelTitle: 'Epochs',
    })
    await user.keyboard('{Home}')
    expect(said()).toBe('run aWidth ELUScore 0.5000 (0.2500 to 0.7500) Epochs 12')
  })

  it('says what it shows and what it is made of, and that there is nothing', async () => {
    const { text, change } = await show(ScatterChart, { props: { ...props, note: 'n = 3 of 4 runs' } })
    expect(screen.getByRole('img').getAttribute('aria-label')).toBe(
      'Score against width: 3 points, Width against Score. n = 3 of 4 runs',
    )
    expect(text()).toContain('n = 3 of 4 runs')
    await change({ dots: [], emptyText: 'No run has both numbers.' })
    expect(text()).toContain('No run has both numbers.')
    expect(screen.queryByRole('img')).toBeNull()
  })

  it('has the numbers as a table, with the words of an axis and both ends of intervals', async () => {
    const { user } = await show(ScatterChart, {
      props: {
        ...props,
        dots: [dot('a', 0, 0.5, { xLow: -1, xHigh: 1, level: 3 }), dot('b', 1, 0.75, { level: null })],
        levelTitle: 'Epochs',
        yNames: ['ReLU', 'ELU'],
      },
    })
    await user.click(byRole('button', 'Score against width: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const rows = screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))
    expect(rows).toEqual([
      ['Name', 'Width', 'Width, low', 'Width, high', 'Score', 'Epochs'],
      ['run a', '0', '-1', '1', 'ELU', '3'],
      ['run b', '1', '', '', 'ELU', ''],
    ])
  })

  it('saves a picture with the titles of the axes and the names of guides', async () => {
    const saved = catchFiles()
    const guides = [{ kind: 'y', at: 0.6, label: 'baseline' }]
    const { user } = await show(ScatterChart, { props: { ...props, guides, identity: true } })
    await user.click(byRole('button', 'Score against width: table and export'))
    await user.click(byRole('menuitem', 'Save picture (SVG)'))
    const { name, text } = await saved.only()
    saved.restore()
    expect(name).toBe('score-against-width.svg')
    const written = [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map((m) => m[1])
    expect(written).toEqual(expect.arrayContaining(['Score against width', 'Width', 'Score', 'baseline']))
  })
})
