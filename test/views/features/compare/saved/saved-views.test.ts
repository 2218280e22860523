import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import {
  readAddress,
  viewOfAddress,
} from '../../../../../src-renderer/features/compare/saved/compare-address.ts'
import SaveViewDialog from '../../../../../src-renderer/features/compare/saved/SaveViewDialog.vue'
import ViewsDialog from '../../../../../src-renderer/features/compare/saved/ViewsDialog.vue'
import { byRole, show } from '../../../../support/show.ts'

describe('the dialog that saves a view', () => {
  const props = { open: true, names: ['main result'], filter: null }

  it('saves under a name without blanks around it, by button and by Enter, and closes', async () => {
    const { user, emitted, change } = await show(SaveViewDialog, { props })
    await user.type(byRole('textbox', 'Name'), '  ablation {Enter}')
    expect(emitted).toEqual([
      { name: 'save', values: ['ablation'] },
      { name: 'update:open', values: [false] },
    ])
    await change({ open: true })
    expect(byRole('textbox', 'Name')).toHaveProperty('value', '')
    await user.type(byRole('textbox', 'Name'), 'seeds')
    await user.click(byRole('button', 'Save'))
    expect(emitted[2]).toEqual({ name: 'save', values: ['seeds'] })
  })

  it('does not save without a name', async () => {
    const { user, emitted } = await show(SaveViewDialog, { props })
    expect(byRole('button', 'Save').title).toBe('Type a name first')
    await user.type(byRole('textbox', 'Name'), '   {Enter}')
    await user.click(byRole('button', 'Save'))
    expect(emitted).toEqual([])
    await user.click(byRole('button', 'Cancel'))
    expect(emitted).toEqual([{ name: 'update:open', values: [false] }])
  })

  it('says when a view of this name would be replaced', async () => {
    const { user } = await show(SaveViewDialog, { props })
    await user.type(byRole('textbox', 'Name'), 'main resul')
    expect(screen.queryByRole('status')).toBeNull()
    await user.type(byRole('textbox', 'Name'), 't')
    expect(screen.getByRole('status').textContent).toBe('The view of this name is replaced.')
  })

  it('says that a search is kept rather than its runs', async () => {
    const { text, change } = await show(SaveViewDialog, { props })
    expect(text()).toContain('Runs, baseline, rows')
    await change({ filter: 'tag:paper' })
    expect(text()).toContain('The search (its runs are found anew each time), baseline, rows')
  })
})

describe('the dialog of saved views', () => {
  const runs = viewOfAddress(readAddress({ runs: 'a,b' }), 'main result')
  const search = viewOfAddress(readAddress({ filter: 'tag:paper' }), 'paper')
  const props = { open: true, views: [runs, search], removed: null }

  it('says what each view shows, and opens one', async () => {
    const { user, emitted, text } = await show(ViewsDialog, { props })
    expect(text()).toContain('2 runs')
    expect(text()).toContain('all runs that match “tag:paper”')
    await user.click(screen.getAllByRole('button', { name: 'Open' })[1] ?? document.body)
    expect(emitted).toEqual([
      { name: 'update:open', values: [false] },
      { name: 'show', values: [search] },
    ])
  })

  it('renames a view where it stands', async () => {
    const { user, emitted } = await show(ViewsDialog, { props })
    const field = byRole('textbox', 'Name of paper')
    await user.clear(field)
    await user.type(field, 'appendix{Tab}')
    expect(emitted).toEqual([{ name: 'rename', values: ['paper', 'appendix'] }])
  })

  it('says why a view cannot have the name of another one or none, and gives the field its name back', async () => {
    const { user, emitted } = await show(ViewsDialog, { props })
    const field = byRole('textbox', 'Name of paper')
    await user.clear(field)
    await user.type(field, ' main result{Tab}')
    expect(screen.getByRole('alert').textContent).toBe(
      'There already is a view “main result”. Choose another name, or remove that view first.',
    )
    expect(field).toHaveProperty('value', 'paper')
    await user.clear(field)
    await user.tab()
    expect(screen.getByRole('alert').textContent).toBe('A view needs a name.')
    expect(emitted).toEqual([])
    await user.clear(field)
    await user.type(field, 'appendix{Tab}')
    expect(screen.queryByRole('alert')).toBeNull()
    expect(emitted).toEqual([{ name: 'rename', values: ['paper', 'appendix'] }])
  })

  it('removes a view and offers to bring it back', async () => {
    const { user, emitted, change, text } = await show(ViewsDialog, { props })
    await user.click(byRole('button', 'Remove paper'))
    expect(emitted).toEqual([{ name: 'remove', values: ['paper'] }])
    await change({ views: [], removed: 'paper' })
    expect(text()).toContain('No view is saved.')
    expect(screen.getByRole('status').textContent).toContain('“paper” was removed.')
    await user.click(byRole('button', 'Undo'))
    expect(emitted[1]).toEqual({ name: 'restore', values: [] })
  })
})
