import { fireEvent, screen, waitFor } from '@testing-library/dom'
import { describe, expect, it, vi } from 'vitest'
import type { show } from '../../../support/show.ts'
import { byRole, settled } from '../../../support/show.ts'
import { ROWS, bodyRows, laidOut, names, sortButton, table } from './small-table.ts'

laidOut()

const focused = () => document.activeElement?.getAttribute('aria-rowindex')

const manyRows = () =>
  Array.from({ length: 500 }, (_, i) => ({ id: `r${i}`, name: `run ${i}`, accuracy: i, loss: i }))

/** Browsers move at once, but tell of it with the next frame. */
function scrollsLikeABrowser(height: number): void {
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(height)
  vi.spyOn(HTMLElement.prototype, 'scrollTo').mockImplementation(function (
    this: HTMLElement,
    to?: ScrollToOptions | number,
  ) {
    this.scrollTop = typeof to === 'object' ? (to.top ?? 0) : 0
    requestAnimationFrame(() => this.dispatchEvent(new Event('scroll')))
  })
}

describe('rows that can be selected', () => {
  const select = (props: Record<string, unknown> = {}) => table({ selectable: true, selected: [], ...props })
  const said = ({ emitted }: Awaited<ReturnType<typeof show>>) =>
    emitted.filter(({ name }) => name === 'update:selected').map(({ values }) => values[0])

  it('are chosen one by one or all at once', async () => {
    const shown = await select()
    await shown.user.click(byRole('checkbox', 'Select run 2'))
    await shown.user.click(byRole('checkbox', 'Select run 10'))
    expect(byRole('checkbox', 'Select all')).toHaveProperty('indeterminate', true)
    await shown.user.click(byRole('checkbox', 'Select run 2'))
    await shown.user.click(byRole('checkbox', 'Select all'))
    expect(byRole('checkbox', 'Select all')).toHaveProperty('checked', true)
    expect(byRole('checkbox', 'Select run 1')).toHaveProperty('checked', true)
    await shown.user.click(byRole('checkbox', 'Select all'))
    expect(said(shown)).toEqual([['b'], ['b', 'a'], ['a'], ['a', 'b', 'c'], []])
  })

  it('are chosen by Space, and by Shift while moving', async () => {
    const shown = await select()
    bodyRows()[0]?.focus()
    await shown.user.keyboard(' ')
    await shown.user.keyboard(' ')
    await shown.user.keyboard('{Shift>}{ArrowDown}{/Shift}')
    await settled()
    expect(said(shown)).toEqual([['a'], [], ['a', 'b']])
    expect(focused()).toBe('3')
  })

  it('are all chosen that Shift and a longer way pass, once each', async () => {
    const shown = await select()
    bodyRows()[1]?.focus()
    await shown.user.keyboard(' ')
    await shown.user.keyboard('{ArrowDown}')
    await settled()
    await shown.user.keyboard('{Shift>}{Home}{/Shift}')
    expect(said(shown)).toEqual([['b'], ['b', 'a', 'c']])
  })

  it('has the row that Shift and an arrow reach selected too', async () => {
    const shown = await select()
    bodyRows()[0]?.focus()
    await shown.user.keyboard('{Shift>}{ArrowDown}{/Shift}')
    await settled()
    expect(said(shown).at(-1)).toEqual(['a', 'b'])
  })

  it('are not chosen by keys that are meant for something in the row', async () => {
    const shown = await select()
    byRole('checkbox', 'Select run 10').focus()
    await shown.user.keyboard('{ArrowDown}')
    expect(document.activeElement).toBe(byRole('checkbox', 'Select run 10'))
    await shown.user.keyboard(' ')
    expect(said(shown)).toEqual([['a']])
  })

  it('are not chosen where there is nothing to choose', async () => {
    const shown = await table()
    expect(screen.queryByRole('checkbox')).toBeNull()
    bodyRows()[0]?.focus()
    await shown.user.keyboard(' ')
    await shown.user.keyboard('{Shift>}{ArrowDown}{/Shift}')
    expect(said(shown)).toEqual([])
  })
})

describe('the box that selects all rows', () => {
  const all = () => screen.getByRole<HTMLInputElement>('checkbox', { name: 'Select all' })

  it('takes up the rows that are shown, in their order', async () => {
    const { user, emitted, change } = await table({ selectable: true, selected: [] })
    await user.click(sortButton(/Name/))
    await user.click(all())
    expect(emitted.at(-1)?.values[0]).toEqual(['c', 'b', 'a'])
    await change({ rows: ROWS.slice(0, 2), selected: [] })
    await user.click(all())
    expect(emitted.at(-1)?.values[0]).toHaveLength(2)
  })

  it('leaves rows alone that are not shown', async () => {
    const { user, emitted } = await table({ selectable: true, selected: ['x', 'a'] })
    expect(all().indeterminate).toBe(true)
    await user.click(all())
    expect(emitted.at(-1)?.values[0]).toEqual(['x', 'a', 'b', 'c'])
    await user.click(all())
    expect(emitted.at(-1)?.values[0]).toEqual(['x'])
  })

  it('is not ticked where other rows are selected than those that are shown', async () => {
    await table({ selectable: true, selected: ['x', 'y', 'z'] })
    expect(all().checked).toBe(false)
  })

  it('is not ticked where there is no row', async () => {
    await table({ selectable: true, selected: [], rows: [] })
    expect(all().checked).toBe(false)
    expect(all().indeterminate).toBe(false)
  })
})

describe('the keyboard in a table', () => {
  it('moves by arrows, Home and End, and stops at the ends', async () => {
    const { user } = await table()
    bodyRows()[0]?.focus()
    const ways: string[] = []
    for (const key of [
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowUp',
      'Home',
      'ArrowUp',
      'End',
      'PageUp',
    ]) {
      await user.keyboard(`{${key}}`)
      await settled()
      ways.push(focused() ?? '')
    }
    expect(ways).toEqual(['3', '4', '4', '3', '2', '2', '4', '2'])
  })

  it('reaches a row that is not drawn yet', async () => {
    const many = manyRows()
    scrollsLikeABrowser(many.length * 34 + 34)
    const { user } = await table({ rows: many })
    bodyRows()[0]?.focus()
    await user.keyboard('{End}')
    await waitFor(() => expect(names()).toContain('run 499'))
    await waitFor(() => expect(focused()).toBe('501'))
    await user.keyboard('{PageUp}')
    await waitFor(() => expect(focused()).toBe('486'))
    await user.keyboard('{Home}')
    await waitFor(() => expect(focused()).toBe('2'))
  })

  it('does not fetch a person back who went elsewhere before the row was drawn', async () => {
    const many = manyRows()
    scrollsLikeABrowser(many.length * 34 + 34)
    const { user } = await table({ rows: many })
    bodyRows()[0]?.focus()
    await user.keyboard('{End}')
    const other = document.body.appendChild(document.createElement('button'))
    other.focus()
    await waitFor(() => expect(names()).toContain('run 499'))
    await settled()
    expect(document.activeElement).toBe(other)
  })

  it('comes back to the row where it was', async () => {
    const { user } = await table()
    bodyRows()[1]?.focus()
    await settled()
    expect(bodyRows().map((r) => r.tabIndex)).toEqual([-1, 0, -1])
    await user.keyboard('{ArrowDown}')
    await settled()
    expect(bodyRows().map((r) => r.tabIndex)).toEqual([-1, -1, 0])
  })

  it('opens a row by Enter or a double click where rows open', async () => {
    const { user, emitted, change } = await table({ opens: true })
    bodyRows()[1]?.focus()
    await user.keyboard('{Enter}')
    await user.dblClick(screen.getByText('run 10'))
    const opened = () => emitted.filter(({ name }) => name === 'open').map(({ values }) => values[0])
    expect(opened()).toEqual([ROWS[1], ROWS[0]])
    await change({ opens: false })
    bodyRows()[1]?.focus()
    await user.keyboard('{Enter}')
    await user.dblClick(screen.getByText('run 10'))
    expect(opened()).toHaveLength(2)
  })

  it('takes the keys that it handles from the browser, and leaves it the others', async () => {
    const { change } = await table({ selectable: true, selected: [] })
    const isTaken = (key: string): boolean => {
      const row = bodyRows()[0]
      if (row === undefined) throw new Error('no row')
      return !fireEvent.keyDown(row, { key })
    }
    const keys = ['ArrowDown', 'PageDown', 'End', ' ', 'Enter', 'Tab', 'a']
    expect(keys.filter(isTaken)).toEqual(['ArrowDown', 'PageDown', 'End', ' '])
    await change({ selectable: false, opens: true })
    expect(keys.filter(isTaken)).toEqual(['ArrowDown', 'PageDown', 'End', 'Enter'])
  })

  it('says over which row the mouse is', async () => {
    const { emitted } = await table()
    const row = screen.getByText('run 2').closest('tr')
    if (row === null) throw new Error('no row')
    fireEvent.mouseEnter(row)
    fireEvent.mouseLeave(row)
    expect(emitted).toEqual([
      { name: 'hover', values: ['b'] },
      { name: 'hover', values: [null] },
    ])
  })
})
