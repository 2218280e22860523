import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AppMenu from '../../../../src-renderer/ui/controls/AppMenu.vue'
import type { MenuEntry } from '../../../../src-renderer/ui/controls/menu-entry.ts'
import { byRole, show } from '../../../support/show.ts'

function entriesOf(): { done: string[]; entries: MenuEntry[] } {
  const done: string[] = []
  return {
    done,
    entries: [
      { label: 'Rename', keys: 'F2', run: () => done.push('rename') },
      'line',
      { label: 'Remove', blocked: 'It is running', run: () => done.push('remove') },
      { label: 'Grid', isOn: true, run: () => done.push('grid') },
    ],
  }
}

describe('a menu', () => {
  it('opens by its button and does what is chosen', async () => {
    const { done, entries } = entriesOf()
    const { user } = await show(AppMenu, { props: { label: 'More for run 1', entries } })
    expect(screen.queryByRole('menu')).toBeNull()
    await user.click(byRole('button', 'More for run 1'))
    expect(screen.getAllByRole('menuitem').map((e) => e.textContent.trim())).toEqual(['RenameF2', 'Remove'])
    expect(screen.getAllByRole('menuitemcheckbox').map((e) => e.textContent.trim())).toEqual(['Grid'])
    expect(screen.getAllByRole('separator')).toHaveLength(1)
    await user.click(byRole('menuitem', /Rename/))
    expect(done).toEqual(['rename'])
    expect(screen.queryByRole('menu')).toBeNull()
  })

  it('does not do what is blocked, and says why', async () => {
    const { done, entries } = entriesOf()
    const { user } = await show(AppMenu, { props: { label: 'More', entries } })
    await user.click(byRole('button', 'More'))
    const entry = byRole('menuitem', 'Remove')
    expect(entry.getAttribute('aria-disabled')).toBe('true')
    expect(entry.title).toBe('It is running')
    await user.click(entry)
    expect(done).toEqual([])
  })

  it('is used by keys: arrows pass over what is blocked, Enter chooses, Escape leaves', async () => {
    const { done, entries } = entriesOf()
    const { user } = await show(AppMenu, { props: { label: 'More', entries } })
    await user.tab()
    await user.keyboard('{Enter}')
    expect(byRole('menu', 'More')).toBe(screen.getByRole('menu'))
    await user.keyboard('{ArrowDown}')
    await user.keyboard('{ArrowDown}')
    await user.keyboard('{Enter}')
    expect(done).toHaveLength(1)
    expect(done).not.toContain('remove')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(document.activeElement).toBe(byRole('button', 'More'))
    await user.keyboard('{Enter}{Escape}')
    expect(screen.queryByRole('menu')).toBeNull()
    expect(done).toHaveLength(1)
  })

  it('has words on its button where it is given some', async () => {
    const { text } = await show(AppMenu, {
      props: { label: 'Export the table', text: 'Export', entries: [] },
    })
    expect(text()).toBe('Export')
    expect(byRole('button', 'Export').title).toBe('Export the table')
  })

  it('says which entry is on', async () => {
    const { user } = await show(AppMenu, { props: { label: 'More', entries: entriesOf().entries } })
    await user.click(byRole('button', 'More'))
    const grid = screen.getByText('Grid').closest('[role^="menuitem"]')
    expect(grid?.getAttribute('aria-checked')).toBe('true')
    expect(byRole('menuitem', 'Remove').hasAttribute('aria-checked')).toBe(false)
  })

  it('does what an entry does that can be on, and leaves it to its owner whether it is', async () => {
    const { done, entries } = entriesOf()
    const { user } = await show(AppMenu, { props: { label: 'More', entries } })
    await user.click(byRole('button', 'More'))
    await user.click(byRole('menuitemcheckbox', 'Grid'))
    expect(done).toEqual(['grid'])
    await user.click(byRole('button', 'More'))
    expect(byRole('menuitemcheckbox', 'Grid').getAttribute('aria-checked')).toBe('true')
  })
})
