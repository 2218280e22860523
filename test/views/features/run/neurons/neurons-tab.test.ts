import { screen, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import NeuronsTab from '../../../../../src-renderer/features/run/neurons/NeuronsTab.vue'
import type { NeuronTable } from '../../../../../src-shared/contract/run.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()
const id = 'a'.repeat(64)
const tables: readonly NeuronTable[] = [
  {
    session: 's1',
    area: 'V1',
    units: ['s1-1', 's1-2', 's1-3'],
    columns: {
      ceiling: [0.8, 0.6, null],
      correlation: [0.3, 0.5, null],
      mu_x: [0, 0.5, -0.5],
      mu_y: [0, 0, 0.25],
    },
  },
  {
    session: 's2',
    area: 'V4',
    units: ['s2-1'],
    columns: { ceiling: [0.9], correlation: [0.4], mu_x: [0.1], mu_y: [0.2] },
  },
]
const tab = (given: readonly NeuronTable[] = tables) =>
  show(NeuronsTab, {
    props: { id, tables: given },
    answers: { 'runs.export': () => ({ name: 'units.csv', mime: 'text/csv', text: 'unit' }) },
  })
const table = (): HTMLElement => byRole('region', 'Units')
const rows = (): string[] =>
  within(table())
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join('|'))
const unit = (name: string): HTMLElement => within(table()).getByText(name)
const scatter = (): HTMLElement => byRole('group', /^Test corr. and ceiling/)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the neurons of a run', () => {
  it('lists each unit with its session, area, scores and place', async () => {
    await tab()
    expect(rows()).toEqual([
      's1-1|s1|V1|0.300|0.800|0|0',
      's1-2|s1|V1|0.500|0.600|0.500|0',
      's1-3|s1|V1|–|–|−0.500|0.250',
      's2-1|s2|V4|0.400|0.900|0.100|0.200',
    ])
  })

  it('explains each score at its heading', async () => {
    await tab()
    expect(within(table()).getByRole('columnheader', { name: 'Ceiling' }).title).toBe(
      'Best correlation that a perfect model could reach on this unit.',
    )
  })

  it('says how many units have the score that is shown, and their median', async () => {
    const { user, text } = await tab()
    expect(text()).toContain('n = 3 units, median 0.400; 1 excluded: they have no value here')
    expect(text()).toContain('Test corr.: Correlation of predicted and measured responses')
    await user.selectOptions(byRole('combobox', 'Show'), 'Position x')
    expect(text()).toContain('Position x over units')
    expect(text()).toContain('n = 4 units, median 0.0500')
  })

  it('filters by session, by name and by the ceiling, and says how many are left out', async () => {
    const { user, text } = await tab()
    await user.selectOptions(byRole('combobox', 'Session'), 's1')
    expect(rows().map((row) => row.slice(0, 4))).toEqual(['s1-1', 's1-2', 's1-3'])
    expect(text()).toContain('1 filtered out')
    await user.type(byRole('searchbox', 'Search units'), 'S1-2')
    expect(rows().map((row) => row.slice(0, 4))).toEqual(['s1-2'])
    await user.clear(byRole('searchbox', 'Search units'))
    const least = byRole('spinbutton', 'Ceiling at least')
    await user.clear(least)
    await user.type(least, '0.7')
    expect(rows().map((row) => row.slice(0, 4))).toEqual(['s1-1'])
    await user.selectOptions(byRole('combobox', 'Session'), 'all')
    expect(rows().map((row) => row.slice(0, 4))).toEqual(['s1-1', 's2-1'])
    expect(text()).toContain('2 filtered out')
  })

  it('says that no unit matches', async () => {
    const { user, text } = await tab()
    await user.type(byRole('searchbox', 'Search units'), 'nobody')
    expect(text()).toContain('No unit matches')
  })

  it('shows units without a ceiling again when the least ceiling is taken away', async () => {
    const { user } = await tab()
    const least = byRole('spinbutton', 'Ceiling at least')
    await user.clear(least)
    await user.type(least, '0.7')
    await user.clear(least)
    expect(rows()).toHaveLength(4)
  })

  it('shows all about a unit that is chosen by its name, until it is closed', async () => {
    const { user, text } = await tab()
    expect(text()).toContain('Choose a unit by its name in the table')
    await user.click(unit('s1-1'))
    const details = byRole('region', 'Unit s1-1')
    expect(details.textContent).toContain('s1-1 s1, V1')
    expect(text()).not.toContain('Choose a unit by its name')
    await user.click(within(details).getByRole('button', { name: 'Close' }))
    expect(screen.queryByRole('region', { name: /^Unit s/ })).toBeNull()
    await user.click(unit('s1-1'))
    await user.click(unit('s1-1'))
    expect(screen.queryByRole('region', { name: /^Unit s/ })).toBeNull()
  })

  it('opens a unit by Enter in the table and by Enter at its point in a chart', async () => {
    const { user } = await tab()
    within(table()).getAllByRole('row')[2]?.focus()
    await user.keyboard('{Enter}')
    expect(byRole('region', 'Unit s1-2').textContent).toContain('0.500')
    scatter().focus()
    // From left to right: the unit of the lowest ceiling first.
    await user.keyboard('{ArrowRight}{ArrowRight}{Enter}')
    expect(byRole('region', 'Unit s1-1').textContent).toContain('0.800')
  })

  it('draws the score against the ceiling, except for the ceiling itself', async () => {
    const { user } = await tab()
    expect(scatter().querySelector('canvas')?.getAttribute('aria-label')).toContain(
      'Test corr. and ceiling: 3 points, Ceiling against Test corr.',
    )
    await user.selectOptions(byRole('combobox', 'Show'), 'Ceiling')
    expect(screen.queryByRole('group', { name: /and ceiling/ })).toBeNull()
    expect(
      byRole('group', /^Readout positions/)
        .querySelector('canvas')
        ?.getAttribute('aria-label'),
    ).toContain('4 points')
  })

  it('does without ceiling and places', async () => {
    const [first] = tables
    await tab([{ ...(first ?? tables[0]), columns: { correlation: [0.3, 0.5, 0.1] } } as NeuronTable])
    expect(screen.queryByRole('spinbutton')).toBeNull()
    expect(screen.getAllByRole('group').map((g) => g.getAttribute('aria-label'))).toEqual([
      'Test corr. over units. Arrow keys go from bar to bar.',
    ])
  })

  it('keeps a score of another version by its own name', async () => {
    const { user, text } = await tab([
      { session: 's', area: 'V1', units: ['u'], columns: { correlation: [0.1], new_measure: [7] } },
    ])
    await user.selectOptions(byRole('combobox', 'Show'), 'new measure')
    expect(text()).toContain('new measure: no description.')
  })

  it('saves the units as a file', async () => {
    const { user, paramsOf } = await tab()
    const made = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockReturnValue(undefined)
    await user.click(byRole('button', 'Save units (CSV)'))
    await settled()
    expect(paramsOf('runs.export')).toEqual([{ id, what: 'neurons' }])
    expect(made).toHaveBeenCalledTimes(1)
  })

  it('says that a run without responses has no neurons', async () => {
    const { text } = await tab([])
    expect(text()).toContain('No neurons hereUnits appear when a set with responses was trained and tested.')
  })
})
