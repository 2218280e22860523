import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h } from 'vue'
import DataTable from '../../../../src-renderer/ui/table/DataTable.vue'
import { byRole, show } from '../../../support/show.ts'
import type { Row } from './small-table.ts'
import { COLUMNS, ROWS, bodyRows, heading, laidOut, names, sortButton, table } from './small-table.ts'

laidOut()

const shown: Component = DataTable

describe('a table', () => {
  it('has headings with units, help and the rows as given', async () => {
    await table()
    expect(screen.getAllByRole('columnheader').map((h) => h.textContent.trim())).toEqual([
      'Name',
      'Accuracy%',
      'Loss',
    ])
    expect(heading(/Accuracy/).title).toBe('Share of right answers.')
    expect(names()).toEqual(['run 10', 'run 2', 'run 1'])
    expect(bodyRows()[1]?.textContent).toBe('run 2–0.3')
    expect(byRole('region', 'Runs').textContent).toContain('run 10')
    expect(byRole('table', 'Runs').getAttribute('aria-rowcount')).toBe('4')
  })

  it('sorts text as people count and numbers the best first, with what is missing at the end', async () => {
    const { user, emitted } = await table()
    await user.click(sortButton(/Name/))
    expect(names()).toEqual(['run 1', 'run 2', 'run 10'])
    expect(heading(/Name/).getAttribute('aria-sort')).toBe('ascending')
    await user.click(sortButton(/Accuracy/))
    expect(names()).toEqual(['run 1', 'run 10', 'run 2'])
    expect(heading(/Accuracy/).getAttribute('aria-sort')).toBe('descending')
    expect(heading(/Name/).getAttribute('aria-sort')).toBe('none')
    await user.click(sortButton(/Accuracy/))
    expect(names()).toEqual(['run 10', 'run 1', 'run 2'])
    expect(emitted.filter(({ name }) => name === 'order').map(({ values }) => values[0])).toEqual([
      [{ id: 'name', desc: false }],
      [{ id: 'accuracy', desc: true }],
      [{ id: 'accuracy', desc: false }],
    ])
  })

  it('sorts the best first where small is good, by a second column with Shift, then not at all', async () => {
    const { user, emitted } = await table()
    await user.click(sortButton(/Loss/))
    expect(names().at(-1)).toBe('run 1')
    await user.keyboard('{Shift>}')
    await user.click(sortButton(/Name/))
    await user.keyboard('{/Shift}')
    expect(names()).toEqual(['run 2', 'run 10', 'run 1'])
    expect(emitted.at(-1)?.values[0]).toEqual([
      { id: 'loss', desc: false },
      { id: 'name', desc: false },
    ])
    await user.click(sortButton(/Loss/))
    expect(heading(/Loss/).getAttribute('aria-sort')).toBe('descending')
    expect(names()[0]).toBe('run 1')
    await user.click(sortButton(/Loss/))
    expect(heading(/Loss/).getAttribute('aria-sort')).toBe('none')
    expect(names()).toEqual(['run 10', 'run 2', 'run 1'])
  })

  it('begins with the order that it is given', async () => {
    await table({ sort: [{ id: 'name', desc: true }] })
    expect(names()).toEqual(['run 10', 'run 2', 'run 1'])
    expect(heading(/Name/).getAttribute('aria-sort')).toBe('descending')
  })

  it('keeps its order when rows come and go', async () => {
    const { user, change } = await table()
    await user.click(sortButton(/Name/))
    await change({ rows: [...ROWS, { id: 'd', name: 'run 3', accuracy: 1, loss: 1 }] })
    expect(names()).toEqual(['run 1', 'run 2', 'run 3', 'run 10'])
    await change({ rows: ROWS.slice(0, 1) })
    expect(names()).toEqual(['run 10'])
  })

  it('says what it is given to say when it is empty', async () => {
    const { text, change } = await table({ rows: [] }, { slots: { empty: 'No run fits.' } })
    expect(text()).toContain('No run fits.')
    await change({ rows: ROWS })
    expect(text()).not.toContain('No run fits.')
  })

  it('draws the visible rows of many', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({
      id: `r${i}`,
      name: `run ${i}`,
      accuracy: i,
      loss: i,
    }))
    await table({ rows: many })
    expect(names().length).toBeLessThan(60)
    expect(names()[0]).toBe('run 0')
    expect(byRole('table', 'Runs').getAttribute('aria-rowcount')).toBe('1001')
  })
})

describe('the cells of a table', () => {
  it('show a dash for what is missing, and all of their text where it is cut off', async () => {
    await table({
      columns: [{ id: 'v', label: 'V', value: (r: Row) => r.accuracy, width: 5 }],
    })
    expect(names()).toEqual(['91', '\u2013', '97'])
    expect(screen.getByText('91').title).toBe('91')
  })

  it('can be drawn by the page that has the table', async () => {
    await show({
      render: () =>
        h(
          shown,
          {
            rows: ROWS,
            columns: COLUMNS,
            rowKey: (r: Row) => r.id,
            rowLabel: (r: Row) => r.name,
            label: 'Runs',
          },
          { 'cell-name': ({ row, text }: { row: Row; text: string }) => h('b', `${row.id}: ${text}`) },
        ),
    })
    expect(names()).toEqual(['a: run 10', 'b: run 2', 'c: run 1'])
    expect(screen.getByText('b: run 2').tagName).toBe('B')
  })

  it('follow the columns that are chosen', async () => {
    const { change } = await table()
    await change({ columns: COLUMNS.slice(0, 1) })
    expect(bodyRows().map((r) => r.textContent)).toEqual(['run 10', 'run 2', 'run 1'])
    expect(screen.getAllByRole('columnheader')).toHaveLength(1)
  })
})
