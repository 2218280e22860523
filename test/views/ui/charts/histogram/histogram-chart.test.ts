import { screen } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import HistogramChart from '../../../../../src-renderer/ui/charts/histogram/HistogramChart.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { drawCharts, drawn } from '../drawn-charts.ts'

const bins = [
  { low: 0, high: 0.5, count: 4 },
  { low: 0.5, high: 1, count: 9 },
  { low: 1, high: 1.5, count: 2 },
]
const props = { title: 'Responses', bins, xTitle: 'Spikes' }
const words = (element: HTMLElement): string => (element.textContent ?? '').replaceAll(/\s+/g, ' ').trim()
const said = (): string => words(screen.getByRole('status'))
const label = (): string | null => screen.getByRole('img').getAttribute('aria-label')
const table = (): (string | null)[][] =>
  screen.getAllByRole('row').map((row) => [...row.children].map((cell) => cell.textContent))

let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

async function opened(more: Record<string, unknown> = {}): Promise<Shown> {
  const shown = await show(HistogramChart, { props: { ...props, ...more } })
  await drawn()
  byRole('group', /^Responses\. Arrow keys/).focus()
  return shown
}

async function asTable({ user }: Shown): Promise<void> {
  await user.click(byRole('button', 'Responses: table and export'))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
}

describe('a histogram', () => {
  it('reads its bars one after the other by arrow keys', async () => {
    const { user } = await opened()
    await user.keyboard('{ArrowRight}')
    expect(said()).toBe('Spikes 0 to 0.5000Count 4')
    await user.keyboard('{ArrowRight}')
    expect(said()).toBe('Spikes 0.5000 to 1Count 9')
    await user.keyboard('{End}')
    expect(said()).toBe('Spikes 1 to 1.500Count 2')
  })

  it('reads bars that have names by their names', async () => {
    const { user } = await opened({ names: ['cat', 'dog', 'owl'], yTitle: 'Images' })
    await user.keyboard('{End}')
    expect(said()).toBe('Spikes owlImages 2')
  })

  it('says how many values there are and where most of them lie', async () => {
    const { change, text } = await show(HistogramChart, { props })
    expect(label()).toBe('Responses: 15 values in 3 bars; most between 0.5000 and 1.')
    await change({ names: ['cat', 'dog', 'owl'] })
    expect(label()).toBe('Responses: 15 values in 3 bars; most for dog.')
    await change({ bins: [], emptyText: 'No response was recorded.' })
    expect(text()).toContain('No response was recorded.')
  })

  it('has the numbers as a table with the edges of the bars', async () => {
    const shown = await show(HistogramChart, { props })
    await asTable(shown)
    expect(table()).toEqual([
      ['From', 'To', 'Count'],
      ['0', '0.5', '4'],
      ['0.5', '1', '9'],
      ['1', '1.5', '2'],
    ])
  })

  it('has the numbers as a table with the names of the bars', async () => {
    const shown = await show(HistogramChart, { props: { ...props, names: ['cat', 'dog', 'owl'] } })
    await asTable(shown)
    expect(table().slice(0, 2)).toEqual([
      ['Spikes', 'Count'],
      ['cat', '4'],
    ])
  })
})
