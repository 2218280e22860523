import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { styleOf } from '../../../../../src-renderer/format/series-style.ts'
import LineLegend from '../../../../../src-renderer/ui/charts/line/LineLegend.vue'
import { byRole, show } from '../../../../support/show.ts'

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ ...styleOf(i), id: `id${i}`, label: `line ${i}`, points: [] }))
const opened = (count: number) => show(LineLegend, { props: { series: lines(count), title: 'Accuracy' } })
const listed = (): (string | null)[] => screen.queryAllByRole('listitem').map((li) => li.textContent)

describe('the legend of a chart', () => {
  it('is not there for one line', async () => {
    await opened(1)
    expect(listed()).toEqual([])
  })

  it('lists few lines, each drawn unlike the others', async () => {
    await opened(12)
    expect(listed()).toHaveLength(12)
    const marks = screen.getAllByRole('listitem').map((li) => li.querySelector('svg')?.innerHTML)
    expect(new Set(marks).size).toBe(12)
  })

  it('brings the line forward that has the focus, and keeps one that is clicked', async () => {
    const { user, emitted } = await opened(2)
    await user.tab()
    expect(emitted.at(-1)).toEqual({ name: 'look', values: ['id0'] })
    await user.tab()
    expect(emitted.at(-1)).toEqual({ name: 'look', values: ['id1'] })
    await user.keyboard('{Enter}')
    expect(byRole('button', /line 1/).getAttribute('aria-pressed')).toBe('true')
    await user.tab()
    expect(emitted.at(-1)).toEqual({ name: 'look', values: ['id1'] })
  })

  it('folds many lines away and finds one by its name', async () => {
    const { user } = await opened(40)
    expect(listed()).toEqual([])
    await user.click(byRole('button', 'Legend: 40 lines'))
    expect(listed()).toHaveLength(40)
    await user.type(byRole('searchbox', 'Search the lines of Accuracy'), '39')
    expect(listed().map((t) => t?.trim())).toEqual(['line 39'])
    await user.click(byRole('button', 'Hide the legend'))
    expect(listed()).toEqual([])
  })
})
