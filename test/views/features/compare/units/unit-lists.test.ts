import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { NO_FILTER } from '../../../../../src-renderer/features/compare/units/unit-measures.ts'
import UnitChanges from '../../../../../src-renderer/features/compare/units/UnitChanges.vue'
import UnitDetail from '../../../../../src-renderer/features/compare/units/UnitDetail.vue'
import UnitFilters from '../../../../../src-renderer/features/compare/units/UnitFilters.vue'
import type { NeuronTable } from '../../../../../src-shared/contract/run.ts'
import { byRole, show } from '../../../../support/show.ts'
import { cells, words } from '../small-comparison.ts'

describe('the filters of units', () => {
  const known = {
    columns: ['correlation', 'feve'],
    areas: ['v1', 'v4'],
    sessions: ['monday', 'friday'],
    ceiling: 'ceiling',
    hasFev: true,
    runs: [],
  }
  const props = { column: 'correlation', filter: NO_FILTER, known, columns: ['correlation', 'feve'] }

  it('choose the score, the area and the session, and keep what was chosen before', async () => {
    const { user, emitted } = await show(UnitFilters, { props })
    await user.selectOptions(byRole('combobox', 'Score'), 'FEVe')
    await user.selectOptions(byRole('combobox', 'Area'), 'V4')
    await user.selectOptions(byRole('combobox', 'Session'), 'friday')
    await user.selectOptions(byRole('combobox', 'Area'), 'all')
    expect(emitted.map(({ values }) => values[0])).toEqual([
      'feve',
      { ...NO_FILTER, area: 'v4' },
      { ...NO_FILTER, area: 'v4', session: 'friday' },
      { ...NO_FILTER, session: 'friday' },
    ])
  })

  it('take least values from 0 on, and 0 for what is no number', async () => {
    const { user, emitted } = await show(UnitFilters, { props })
    const ceiling = byRole('spinbutton', 'Ceiling at least')
    await user.clear(ceiling)
    await user.type(ceiling, '0.5{Tab}')
    const fev = byRole('spinbutton', 'Explainable variance at least')
    await user.clear(fev)
    await user.type(fev, '-0.2{Tab}')
    await user.clear(ceiling)
    await user.tab()
    expect(emitted.map(({ values }) => values[0])).toEqual([
      { ...NO_FILTER, leastCeiling: 0.5 },
      { ...NO_FILTER, leastCeiling: 0.5 },
      NO_FILTER,
    ])
  })

  it('offer only what the runs have', async () => {
    const plain = { ...known, areas: ['v1'], sessions: ['monday'], ceiling: null, hasFev: false }
    await show(UnitFilters, { props: { ...props, known: plain } })
    expect(screen.getAllByRole('combobox')).toEqual([byRole('combobox', 'Score')])
    expect(screen.queryByRole('spinbutton')).toBeNull()
  })
})

describe('the units that changed most', () => {
  const change = (unit: string, a: number, b: number) => ({
    key: `s ${unit}`,
    unit,
    session: 's',
    a,
    b,
    change: b - a,
    ceiling: null,
    fev: null,
  })
  const changes = [
    ...Array.from({ length: 7 }, (_, i) => change(`up ${i}`, 0, 0.7 - 0.05 * i)),
    change('same', 0.5, 0.5),
    change('down a', 0.25, 0.125),
    change('down b', 0.5, 0.125),
  ]

  it('are the six greatest gains, and losses with the greatest first', async () => {
    await show(UnitChanges, { props: { changes, modelValue: '' } })
    const [gained, lost] = screen.getAllByRole('table')
    if (gained === undefined || lost === undefined) throw new Error('there are two lists')
    expect(within(gained).getAllByRole('rowheader').map(words)).toEqual(
      [0, 1, 2, 3, 4, 5].map((i) => `up ${i}`),
    )
    expect(cells(lost)).toEqual([
      ['Unit', 'A', 'B', 'B − A'],
      ['down b', '0.500', '0.125', '−0.375'],
      ['down a', '0.250', '0.125', '−0.125'],
    ])
  })

  it('can be chosen, one at a time', async () => {
    const { user, emitted } = await show(UnitChanges, { props: { changes, modelValue: 's up 0' } })
    expect(byRole('button', 'up 0').getAttribute('aria-pressed')).toBe('true')
    await user.click(byRole('button', 'down b'))
    expect(emitted).toEqual([{ name: 'update:modelValue', values: ['s down b'] }])
    expect(byRole('button', 'up 0').getAttribute('aria-pressed')).toBe('false')
  })

  it('say when no unit gained or lost', async () => {
    await show(UnitChanges, { props: { changes: [change('same', 1, 1)], modelValue: '' } })
    expect(screen.getAllByText('No unit.')).toHaveLength(2)
  })
})

describe('one unit in two runs', () => {
  const table = (columns: NeuronTable['columns']): NeuronTable[] => [
    { session: 's', area: 'V1', units: ['u1', 'u2'], columns },
  ]
  const props = {
    a: ['a'.repeat(10)],
    b: ['b'.repeat(10)],
    nameA: 'plain',
    nameB: 'joint',
    tokenA: '--c0',
    tokenB: '--c1',
    unit: 's u2',
  }
  const left = table({ correlation: [0, 0.25], mu_x: [0, 0.5], mu_y: [0, -0.5] })
  const right = table({ correlation: [0, 0.5], feve: [0, 0.75] })

  it('has every number of either, and the difference where both have it', async () => {
    const { text, paramsOf } = await show(UnitDetail, {
      props,
      answers: { 'runs.neurons': ({ id }) => (id === props.a[0] ? left : right) },
    })
    expect(paramsOf('runs.neurons').map(({ id }) => id)).toEqual([...props.a, ...props.b])
    expect(text()).toContain('s u2 in both')
    const rows = cells(screen.getByRole('table'))
    expect(rows).toContainEqual(['Test corr.', '0.250', '0.500', '+0.250'])
    expect(rows).toContainEqual(['FEVe', '–', '0.750', ''])
    expect(rows).toContainEqual(['Position x', '0.500', '–', ''])
  })

  it('shows where each run reads it out, as far as that is known', async () => {
    const { user, change } = await show(UnitDetail, {
      props,
      answers: { 'runs.neurons': ({ id }) => (id === props.a[0] ? left : right) },
    })
    await user.click(byRole('button', 'Readout position of s u2: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const [, places] = screen.getAllByRole('table')
    expect(places && cells(places)).toEqual([
      ['Name', 'x', 'y'],
      ['A: plain', '0.5', '-0.5'],
    ])
    await change({ a: props.b })
    expect(screen.queryByRole('figure')).toBeNull()
  })

  it('shows why its numbers could not be read', async () => {
    await show(UnitDetail, { props, state: 'error' })
    expect(screen.getByRole('alert').textContent).toContain('The run index could not be read.')
  })
})
