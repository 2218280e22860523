import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import { NO_FILTER } from '../../../../../src-renderer/features/compare/units/unit-measures.ts'
import UnitSpreads from '../../../../../src-renderer/features/compare/units/UnitSpreads.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { COMPARISON, cells, words } from '../small-comparison.ts'

const none = { elsewhere: 0, ceiling: 0, fev: 0, undefined: 0 }
const spread = (id: string, values: number[], left = none) => ({
  id,
  units: values.map((_, i) => `s u${i}`),
  values,
  left,
})
const answer: Result<'compare.distributions'> = {
  columns: ['correlation'],
  areas: ['V1'],
  sessions: ['s'],
  ceiling: null,
  hasFev: false,
  runs: [spread('bbbbbbbbb1', [0.25, 0.5]), spread('bbbbbbbbb2', [0.75, 1])],
}
const props = { comparison: COMPARISON, grouping: 'runs', answer, column: 'correlation', filter: NO_FILTER }
const asTable = async ({ user }: Shown, title: string): Promise<string[][]> => {
  await user.click(byRole('button', `${title}: table and export`))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
  return cells(within(byRole('region', `${title} as a table`)).getByRole('table'))
}

describe('the spreads of units', () => {
  it('are of each run that has units, with every unit by name', async () => {
    const page = await show(UnitSpreads, { props })
    expect(await asTable(page, 'Test corr. over units')).toEqual([
      ['Group', 'Name', 'Test corr.'],
      ['joint, seed 1', 's u0', '0.25'],
      ['joint, seed 1', 's u1', '0.5'],
      ['joint, seed 2', 's u0', '0.75'],
      ['joint, seed 2', 's u1', '1'],
    ])
    expect(page.text()).toContain('n = 2 units, none left out; box: middle half')
  })

  it('average each unit over the seeds of a setting', async () => {
    const page = await show(UnitSpreads, { props: { ...props, grouping: 'seeds' } })
    expect(await asTable(page, 'Test corr. over units')).toEqual([
      ['Group', 'Name', 'Test corr.'],
      ['joint, 2 seeds', 's u0', '0.5'],
      ['joint, 2 seeds', 's u1', '0.75'],
    ])
    expect(page.text()).toContain('none left out; each unit averaged over seeds')
  })

  it('count the units of each run where they are not as many', async () => {
    const runs = [spread('bbbbbbbbb1', [0.25]), spread('bbbbbbbbb2', [0.75, 1], { ...none, undefined: 1 })]
    const { text } = await show(UnitSpreads, { props: { ...props, answer: { ...answer, runs } } })
    expect(text()).toContain('1, 2 units; box: middle half')
  })

  it('rise in curves from left to right, thinned where there are very many units', async () => {
    const page = await show(UnitSpreads, { props })
    const title = 'Share of units up to a test corr.'
    const rows = await asTable(page, title)
    expect(rows[0]).toEqual(['Series', 'Test corr.', 'Share of units'])
    const first = rows.filter(([name]) => name === 'joint, seed 1')
    expect(first.at(-1)).toEqual(['joint, seed 1', '0.5', '1'])
    expect(page.text()).toContain('a curve farther to the right is better')
    const many = spread(
      'bbbbbbbbb1',
      Array.from({ length: 1000 }, (_, i) => i / 1000),
    )
    await page.change({ answer: { ...answer, runs: [many] } })
    expect(page.text()).toContain('drawn at 400 of 1000 places, the boxes have all values')
  })

  it('are drawn as boxes or violins, and say when no unit has the score', async () => {
    const { user, text, change } = await show(UnitSpreads, { props })
    await user.click(byRole('radio', 'Violins'))
    expect(text()).toContain('violin: Gaussian kernel density, mark: median')
    await change({ answer: { ...answer, runs: [] } })
    expect(text()).toContain('No unit has this score.')
    expect(screen.getAllByRole('figure').map((f) => words(f.querySelector('h2')))).toHaveLength(2)
  })
})
