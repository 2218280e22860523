import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import AppTabs from '../../../../src-renderer/ui/controls/AppTabs.vue'
import { byRole, show } from '../../../support/show.ts'

const TABS = [
  { id: 'curves', label: 'Curves' },
  { id: 'units', label: 'Units', count: 96 },
  { id: 'log', label: 'Log', count: 0 },
]
const slots = { curves: 'the curves', units: 'the units', log: 'the log' }
const tabs = (modelValue: string) =>
  show(AppTabs, { props: { modelValue, tabs: TABS, label: 'Parts of the run' }, slots })

describe('tabs', () => {
  it('show one panel, and how much is in the others', async () => {
    await tabs('curves')
    expect(byRole('tablist', 'Parts of the run').textContent).toBe('CurvesUnits 96Log 0')
    expect(screen.getByRole('tabpanel').textContent).toBe('the curves')
    expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Curves')
  })

  it('change by click and by arrow keys, round the end, and say so', async () => {
    const { user, emitted } = await tabs('curves')
    await user.click(byRole('tab', /Units/))
    expect(screen.getByRole('tabpanel').textContent).toBe('the units')
    await user.keyboard('{ArrowRight}')
    expect(screen.getByRole('tabpanel').textContent).toBe('the log')
    await user.keyboard('{ArrowRight}')
    expect(screen.getByRole('tabpanel').textContent).toBe('the curves')
    await user.keyboard('{ArrowLeft}{Home}{End}')
    const said = emitted.map(({ values }) => values[0]).filter((id, i, all) => id !== all[i - 1])
    expect(said).toEqual(['units', 'log', 'curves', 'log', 'curves', 'log'])
  })

  it('follow what the parent chooses', async () => {
    const { change } = await tabs('curves')
    await change({ modelValue: 'log' })
    expect(screen.getByRole('tabpanel').textContent).toBe('the log')
    expect(byRole('tab', /Log/).getAttribute('aria-selected')).toBe('true')
  })

  it('are one stop of the Tab key, at the tab that is open', async () => {
    const { user } = await tabs('units')
    await user.tab()
    expect(document.activeElement).toBe(byRole('tab', /Units/))
    await user.tab()
    expect(document.activeElement?.getAttribute('role')).toBe('tabpanel')
  })
})
