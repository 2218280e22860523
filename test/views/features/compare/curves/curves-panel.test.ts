import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import CurvesPanel from '../../../../../src-renderer/features/compare/curves/CurvesPanel.vue'
import { compareRuns } from '../../../../support/fake-renderer/made-up-comparison.ts'
import { demoRuns, manyRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Shown, Showing } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp } from '../../in-app.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()

const comparison = compareRuns(demoRuns().slice(0, 3), null)
const charts = (): (string | null)[] =>
  screen.queryAllByRole('figure').map((f) => f.querySelector('h2')?.textContent ?? null)

async function opened(more: Record<string, unknown> = {}, given: Showing = {}): Promise<Shown> {
  const page = await show(inApp(CurvesPanel), { ...given, props: { comparison, grouping: 'runs', ...more } })
  await settled()
  return page
}

describe('the curves of a comparison', () => {
  it('shows the asked-for curves first and legends every run', async () => {
    const { text } = await opened()
    expect(charts()).toEqual([
      'Classification accuracy (validation)',
      'Classification loss (training)',
      'Classification gradient norm (training)',
      'Images per second',
    ])
    expect(text()).toContain('3 of 3')
  })

  it('needs no legend for one line', async () => {
    await opened({ comparison: compareRuns(demoRuns().slice(0, 1), null) })
    expect(screen.queryByRole('region', { name: 'Runs' })).toBeNull()
  })

  it('folds the legend of many lines away, and smooths only when asked to', async () => {
    const { user, text } = await opened({ comparison: compareRuns(manyRuns(14), null) })
    expect(text()).toContain('14 lines are easier to tell apart as moving averages')
    await user.click(byRole('button', 'Hide the legend'))
    expect(screen.queryByRole('region', { name: 'Runs' })).toBeNull()
    await user.click(byRole('button', 'Legend: 14 lines'))
    expect(byRole('region', 'Runs').textContent).toContain('14 of 14')
    expect(byRole('slider', 'Smoothing')).toHaveProperty('value', '0')
    await user.click(byRole('button', 'Smooth by 0.6'))
    expect(byRole('slider', 'Smoothing')).toHaveProperty('value', '0.6')
    expect(text()).not.toContain('easier to tell apart')
  })

  it('remembers which curves were chosen', async () => {
    const { user, paramsOf } = await opened()
    await user.click(byRole('button', /^Curves/))
    await user.click(byRole('option', 'Learning rate'))
    expect(charts()).toContain('Learning rate')
    const kept = paramsOf('ui.set').filter(({ key }) => key === 'compare-curves')
    expect(kept).toHaveLength(1)
    expect(kept[0]?.value).toContain('LR')
  })

  it('opens the curves chosen last, in any comparison, as far as these runs have them', async () => {
    await opened({}, { answers: { 'ui.get': () => ({ 'compare-curves': ['LR', 'Training/v4/loss'] }) } })
    expect(charts()).toEqual(['Learning rate'])
  })

  it('opens the usual curves when the chosen ones are all of other runs', async () => {
    await opened({}, { answers: { 'ui.get': () => ({ 'compare-curves': ['Training/v4/loss'] }) } })
    expect(charts()[0]).toBe('Classification accuracy (validation)')
  })

  it('says what to do when every curve is taken away', async () => {
    const { user, text } = await opened()
    await user.click(byRole('button', /^Curves/))
    await user.click(byRole('button', 'Show none'))
    expect(charts()).toEqual([])
    expect(text()).toContain('Choose curves above.')
  })

  it('legends settings and offers bands over seeds only', async () => {
    const { change } = await opened()
    expect(screen.queryByRole('combobox', { name: 'Band' })).toBeNull()
    expect(byRole('region', 'Runs').textContent).toContain('seed 1000')
    await change({ grouping: 'seeds' })
    expect(byRole('region', 'Settings').textContent).toContain('n = 1')
    const bands = [...byRole('combobox', 'Band').querySelectorAll('option')].map((o) => o.textContent)
    expect(bands).toEqual(['Standard error', 'Standard deviation', '95 % interval (t)', 'Least to greatest'])
    expect(byRole('combobox', 'Band')).toHaveProperty('value', 'sd')
  })
})
