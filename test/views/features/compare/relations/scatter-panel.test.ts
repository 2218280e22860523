import { screen, within } from '@testing-library/dom'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import ScatterPanel from '../../../../../src-renderer/features/compare/relations/ScatterPanel.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { drawCharts, drawn } from '../../../ui/charts/drawn-charts.ts'
import { ACCURACY, COMPARISON, V1, cells, words } from '../small-comparison.ts'

const SCORE = 'Classification accuracy (test), %'
const CORRELATION = 'V1 single-trial correlation (test)'
let restore = (): void => undefined
beforeAll(() => (restore = drawCharts()))
afterAll(() => restore())

const opened = (grouping: 'runs' | 'seeds' = 'runs', comparison = COMPARISON): Promise<Shown> =>
  show(ScatterPanel, { props: { comparison, grouping } })
const title = (): string => words(screen.getByRole('figure').querySelector('h2'))
const asTable = async ({ user }: Shown): Promise<string[][]> => {
  await user.click(byRole('button', `${title()}: table and export`))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
  return cells(screen.getByRole('table'))
}

describe('the scatter plot of a comparison', () => {
  it('starts with the first score by setting, as boxes, where no option has several values', async () => {
    const page = await opened()
    expect(byRole('combobox', 'Rows')).toHaveProperty('value', 'setting')
    expect(byRole('combobox', 'Across')).toHaveProperty('value', ACCURACY)
    expect(title()).toBe(`${SCORE} by setting`)
    expect(screen.queryByRole('combobox', { name: 'Colour' })).toBeNull()
    expect(await asTable(page)).toEqual([
      ['Group', 'Name', SCORE],
      ['plain, n = 2', 'plain, seed 1', '94'],
      ['plain, n = 2', 'plain, seed 2', '95'],
      ['joint, n = 2', 'joint, seed 1', '96'],
      ['joint, n = 2', 'joint, seed 2', '97'],
    ])
  })

  it('starts with an option that has several values', async () => {
    const differences = [
      { path: 'trainer.config.patience', values: [1, 2, 3, 4], defaults: [false, false, false, false] },
    ]
    const { text } = await opened('runs', { ...COMPARISON, differences })
    expect(title()).toBe(`${SCORE} against Patience`)
    expect(text()).toContain('n = 4 of 4 runs; rank correlation 1')
  })

  it('starts with the score that the table is sorted by', async () => {
    await show(ScatterPanel, { props: { comparison: COMPARISON, asked: [V1] } })
    expect(title()).toBe(`${CORRELATION} by setting`)
  })

  it('plots any number against any other and counts the runs that have both', async () => {
    const page = await opened()
    await page.user.selectOptions(byRole('combobox', 'Rows'), CORRELATION)
    // Now that it is no word, it stands across.
    expect(byRole('combobox', 'Across')).toHaveProperty('value', V1)
    expect(title()).toBe(`${SCORE} against ${CORRELATION}`)
    expect(page.text()).toContain('n = 2 of 4 runs')
    await page.user.selectOptions(byRole('combobox', 'Colour'), 'seed')
    expect(await asTable(page)).toEqual([
      ['Name', CORRELATION, SCORE, 'Seed'],
      ['joint, seed 1', '0.5', '96', '1'],
      ['joint, seed 2', '0.6', '97', '2'],
    ])
  })

  it('offers words in rows only', async () => {
    await opened()
    const offered = (name: string): string[] =>
      within(byRole('combobox', name)).getAllByRole('option').map(words)
    expect(offered('Rows').slice(0, 2)).toEqual(['Setting', 'Patience'])
    expect(offered('Across')).toEqual([
      'Patience',
      'Seed',
      SCORE,
      CORRELATION,
      'Time of work, s',
      'Epochs trained',
    ])
  })

  it('opens the run of a point', async () => {
    const { user, emitted } = await opened()
    await drawn()
    screen.getByRole('group', { name: /Arrow keys go from point to point/ }).focus()
    await user.keyboard('{End}{Enter}')
    expect(emitted).toEqual([{ name: 'open', values: ['bbbbbbbbb2'] }])
  })

  it('shows settings over seeds with their intervals and single seeds', async () => {
    const page = await opened('seeds')
    expect(page.text()).toContain('point: mean, bar: standard error over seeds; pale: single seeds')
    await page.user.selectOptions(byRole('combobox', 'Interval'), 'Least to greatest')
    expect(page.text()).toContain('point: mean, bar: least to greatest over seeds')
    expect(await asTable(page)).toEqual([
      ['Name', SCORE, `${SCORE}, low`, `${SCORE}, high`, 'Setting'],
      ['plain, seed 1', '94', '', '', 'plain'],
      ['plain, seed 2', '95', '', '', 'plain'],
      ['plain, mean of 2 seeds', '94.5', '94', '95', 'plain'],
      ['joint, seed 1', '96', '', '', 'joint'],
      ['joint, seed 2', '97', '', '', 'joint'],
      ['joint, mean of 2 seeds', '96.5', '96', '97', 'joint'],
    ])
  })

  it('shows means of settings against each other', async () => {
    const page = await opened('seeds')
    await page.user.selectOptions(byRole('combobox', 'Rows'), 'Patience')
    expect(page.text()).toContain('n = 2 of 2 settings; bars: standard error over seeds')
    expect(await asTable(page)).toEqual([
      ['Name', 'Patience', SCORE, `${SCORE}, low`, `${SCORE}, high`],
      ['plain, mean of 2 seeds', '5', '94.5', '94', '95'],
      ['joint, mean of 2 seeds', '9', '96.5', '96', '97'],
    ])
  })

  it('keeps a choice while the runs change, and gives up one that they no longer have', async () => {
    const { user, change } = await opened()
    await user.selectOptions(byRole('combobox', 'Across'), CORRELATION)
    await user.selectOptions(byRole('combobox', 'Rows'), 'Patience')
    await change({ comparison: { ...COMPARISON, baseline: null } })
    expect(title()).toBe(`${CORRELATION} against Patience`)
    await change({ comparison: { ...COMPARISON, metrics: COMPARISON.metrics.slice(0, 1) } })
    expect(title()).toBe(`${SCORE} against Patience`)
  })
})
