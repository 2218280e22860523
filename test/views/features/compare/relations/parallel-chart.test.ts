import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { axisOf } from '../../../../../src-renderer/features/compare/relations/parallel-axes.ts'
import ParallelChart from '../../../../../src-renderer/features/compare/relations/ParallelChart.vue'
import type { Quantity } from '../../../../../src-renderer/features/compare/relations/quantities.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { drawCharts } from '../../../ui/charts/drawn-charts.ts'
import { catchFiles } from '../../../ui/charts/saved-files.ts'
import { cells, words } from '../small-comparison.ts'

const quantity = (id: string, values: Quantity['values'], names: Quantity['names'] = null): Quantity => ({
  id,
  label: id,
  kind: 'score',
  values,
  names,
})
const axes = [
  axisOf(quantity('rate', [0, 10, 20]), false, false),
  axisOf(quantity('score', [5, null, 1]), false, false),
  axisOf(quantity('kind', [0, 1, 0], ['relu', 'elu']), false, false),
]
const lines = ['first', 'second', 'third'].map((label, i) => ({ id: `id ${i}`, label, colour: '--c0' }))
const props = { axes, lines, brushes: {}, note: 'a missing value interrupts a line' }
const chart = (): HTMLElement => byRole('group', /^Parallel coordinates\. Arrow keys/)
const said = (): string => words(screen.getByRole('status'))
const summary = (): string | null => screen.getByRole('img').getAttribute('aria-label')
/** The strip along an axis that can be dragged; the last ones drawn. */
const grip = (k: number): Element => {
  const found = [...chart().querySelectorAll('rect')].slice(-axes.length)[k]
  if (found === undefined) throw new Error('the axis has no strip')
  return found
}
/** Axes reach from 72 pixels below the top to 432. */
const [TOP, BOTTOM] = [72, 432]
async function drag(k: number, from: number, to: number): Promise<void> {
  const pointer = (type: string, clientY: number) =>
    grip(k).dispatchEvent(new PointerEvent(type, { clientY, bubbles: true }))
  pointer('pointerdown', from)
  await settled()
  if (to !== from) pointer('pointermove', to)
  await settled()
  pointer('pointerup', to)
  await settled()
}

describe('parallel coordinates', () => {
  it('go from run to run by arrow keys, around the ends, and read every number of one', async () => {
    const { user } = await show(ParallelChart, { props })
    chart().focus()
    await user.keyboard('{ArrowDown}')
    expect(said()).toBe('first: rate 0, score 5, kind relu')
    await user.keyboard('{ArrowRight}')
    expect(said()).toBe('second: rate 10, score no value, kind elu')
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(said()).toContain('first')
    await user.keyboard('{ArrowUp}')
    expect(said()).toContain('third')
    chart().blur()
    await settled()
    expect(said()).toBe('')
  })

  it('open the run that is read by Enter, and nothing before one is', async () => {
    const { user, emitted } = await show(ParallelChart, { props })
    chart().focus()
    await user.keyboard('{Enter}{ArrowUp}{Enter}')
    expect(emitted).toEqual([{ name: 'open', values: ['id 2'] }])
  })

  it('keep the keyboard to the runs within the chosen ranges', async () => {
    const { user } = await show(ParallelChart, { props: { ...props, brushes: { rate: [5, 30] } } })
    chart().focus()
    await user.keyboard('{ArrowDown}')
    expect(said()).toContain('second')
    await user.keyboard('{ArrowDown}{ArrowDown}')
    expect(said()).toContain('second')
  })

  it('choose a range by dragging along an axis, up or down, and take it away by a click', async () => {
    const { emitted } = await show(ParallelChart, { props })
    await drag(0, BOTTOM, (TOP + BOTTOM) / 2)
    expect(emitted.at(-1)).toEqual({ name: 'update:brushes', values: [{ rate: [0, 10] }] })
    expect(summary()).toContain('2 within the chosen ranges')
    await drag(1, TOP, BOTTOM + 50)
    expect(emitted.at(-1)?.values).toEqual([{ rate: [0, 10], score: [1, 5] }])
    // The second run has no score: it is within no range of it.
    expect(summary()).toContain('1 within the chosen ranges')
    await drag(1, 100, 100)
    expect(emitted.at(-1)?.values).toEqual([{ rate: [0, 10] }])
  })

  it('say what they show, with all runs within while no range is chosen', async () => {
    const { text } = await show(ParallelChart, { props })
    expect(summary()).toBe(
      'Parallel coordinates of 3 runs over rate, score, kind; 3 within the chosen ranges.',
    )
    expect(text()).toContain('a missing value interrupts a line; drag along an axis to choose a range')
  })

  it('have the numbers as a table, words as words', async () => {
    const { user } = await show(ParallelChart, { props })
    await user.click(byRole('button', 'Parallel coordinates: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    expect(cells(screen.getByRole('table'))).toEqual([
      ['Run', 'rate', 'score', 'kind'],
      ['first', '0', '5', 'relu'],
      ['second', '10', '', 'elu'],
      ['third', '20', '1', 'relu'],
    ])
  })

  it('save a picture with axes and names, without what can only be done on the screen', async () => {
    const restore = drawCharts()
    const saved = catchFiles()
    const { user } = await show(ParallelChart, { props })
    await user.click(byRole('button', 'Parallel coordinates: table and export'))
    await user.click(byRole('menuitem', 'Save picture (SVG)'))
    const { name, text } = await saved.only()
    saved.restore()
    restore()
    expect(name).toBe('parallel-coordinates.svg')
    expect(text).toContain('a missing value interrupts a line')
    expect(text).toContain('<title>third</title>')
    expect(text).not.toContain('drag along')
  })
})
