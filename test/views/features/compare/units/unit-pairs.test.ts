import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import NeuronsPanel from '../../../../../src-renderer/features/compare/units/NeuronsPanel.vue'
import { NO_FILTER } from '../../../../../src-renderer/features/compare/units/unit-measures.ts'
import UnitPairs from '../../../../../src-renderer/features/compare/units/UnitPairs.vue'
import type { Shown, Showing } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { COMPARISON, RUNS, cells, words } from '../small-comparison.ts'

const left = { elsewhere: 0, ceiling: 2, fev: 0, undefined: 0 }
const pair = (unit: string, a: number | null, b: number | null, ceiling: number | null = 0.8) => ({
  session: 's',
  area: 'V1',
  unit,
  a,
  b,
  ceiling,
  fev: null,
})
const pairs = [pair('u1', 0.25, 0.5), pair('u2', 0.5, 0.375), pair('u3', 0.25, 0.375), pair('u4', null, 0.5)]
const difference = {
  mean: 0.08,
  low: null,
  high: null,
  note: 'one seed, no interval',
  paired: true,
  seeds: 1,
  outlook: { kind: 'no-spread' as const, more: 2 },
}
const neurons: Result<'compare.neurons'> = { pairs, n: 3, aHigher: 1, bHigher: 2, difference, left }
const known: Result<'compare.distributions'> = {
  columns: ['correlation', 'avg_correlation', 'ceiling'],
  areas: ['V1'],
  sessions: ['s'],
  ceiling: 'ceiling',
  hasFev: false,
  runs: RUNS.map(({ id }) => ({ id, units: ['s u1', 's u2'], values: [0.25, 0.5], left })),
}
const answers: Showing['answers'] = {
  'compare.neurons': () => neurons,
  'compare.distributions': () => known,
  'runs.neurons': () => [],
}
const filter = { ...NO_FILTER, leastCeiling: 0.3 }
const props = { comparison: COMPARISON, known, column: 'avg_correlation', filter }
const opened = (more: Record<string, unknown> = {}, given: Showing = {}): Promise<Shown> =>
  show(UnitPairs, { answers, ...given, props: { ...props, ...more } })
const value = (name: string): unknown => {
  const field = byRole('combobox', name)
  return field instanceof HTMLSelectElement ? field.value : null
}
const titles = (): string[] => screen.getAllByRole('figure').map((f) => words(f.querySelector('h2')))

describe('two runs unit by unit', () => {
  it('are the baseline and the same seed of another setting, in words and numbers', async () => {
    const { text, paramsOf } = await opened()
    expect([value('A'), value('B')]).toEqual(['aaaaaaaaa1', 'bbbbbbbbb1'])
    expect(paramsOf('compare.neurons')).toEqual([
      { a: ['aaaaaaaaa1'], b: ['bbbbbbbbb1'], column: 'avg_correlation', filter },
    ])
    expect(text()).toContain(
      '2 of 3 units are higher in joint, seed 1, 1 in plain, seed 1; one network each: no test. ' +
        'n = 3 of 5 units; left out: 2 with a ceiling below 0.3.',
    )
    expect(titles()).toEqual([
      'Corr. to avg., unit by unit',
      'Corr. to avg. against ceiling',
      'Difference B − A over units',
    ])
    expect(text()).toContain(
      'above the line: higher in B; rank correlation −0.50; dashed lines: mean ceiling 0.800',
    )
    expect(text()).toContain('median 0.125;')
    expect(text()).toContain('A, circles, 41.7 %; B, triangles, 52.1 %')
  })

  it('can be any two, and the numbers are asked for anew', async () => {
    const { user, paramsOf } = await opened()
    const offered = within(byRole('combobox', 'B')).getAllByRole('option').map(words)
    expect(offered).toEqual(['plain, seed 1', 'plain, seed 2', 'joint, seed 1', 'joint, seed 2'])
    await user.selectOptions(byRole('combobox', 'B'), 'joint, seed 2')
    await user.selectOptions(byRole('combobox', 'A'), 'plain, seed 2')
    expect(paramsOf('compare.neurons').at(-1)).toMatchObject({ a: ['aaaaaaaaa2'], b: ['bbbbbbbbb2'] })
  })

  it('list only units that both have, with gains and losses', async () => {
    const { user, text, change } = await opened()
    await user.click(byRole('button', 'Corr. to avg., unit by unit: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const table = within(byRole('region', 'Corr. to avg., unit by unit as a table')).getByRole('table')
    expect(cells(table)).toEqual([
      ['Name', 'A: plain, seed 1', 'B: joint, seed 1'],
      ['u1, s', '0.25', '0.5'],
      ['u3, s', '0.25', '0.375'],
      ['u2, s', '0.5', '0.375'],
    ])
    await change({ column: 'feve' })
    expect(text()).not.toContain('mean ceiling')
  })

  it('show one unit closely once it is chosen, and no other one after the runs change', async () => {
    const { user, text } = await opened()
    expect(text()).toContain('Choose a unit in a list or by clicking a point')
    await user.click(byRole('button', 'u2'))
    expect(text()).toContain('s u2 in both')
    await user.selectOptions(byRole('combobox', 'B'), 'joint, seed 2')
    await settled()
    expect(text()).not.toContain('s u2 in both')
  })

  it('are coloured by what is known of the units', async () => {
    const { user } = await opened()
    const offered = within(byRole('combobox', 'Colour')).getAllByRole('option').map(words)
    expect(offered).toEqual(['session', 'Ceiling'])
    await user.selectOptions(byRole('combobox', 'Colour'), 'Ceiling')
    await user.click(byRole('button', 'Corr. to avg., unit by unit: table and export'))
    await user.click(byRole('menuitemcheckbox', 'Show as table'))
    const [row] = within(byRole('region', 'Corr. to avg., unit by unit as a table')).getAllByRole('row')
    expect(words(row)).toContain('Ceiling')
  })

  it('say when they have no unit in common', async () => {
    const none = { pairs: [], n: 0, aHigher: 0, bHigher: 0, difference: null, left }
    const { text } = await opened({}, { answers: { 'compare.neurons': () => none } })
    expect(text()).toContain('The two have no unit in common.')
    expect(text()).toContain('No unit passes the limits in both.')
  })

  it('are two settings over seeds, tested over networks', async () => {
    const over = {
      ...difference,
      low: -0.02,
      high: 0.18,
      note: 'paired over 2 seeds',
      seeds: 2,
      outlook: { kind: 'seeds' as const, more: 1 },
    }
    const { text, paramsOf, user } = await opened(
      { grouping: 'seeds' },
      { answers: { ...answers, 'compare.neurons': () => ({ ...neurons, difference: over }) } },
    )
    expect(within(byRole('combobox', 'B')).getAllByRole('option').map(words)).toEqual([
      'plain, 2 seeds',
      'joint, 2 seeds',
    ])
    expect(paramsOf('compare.neurons')).toMatchObject([
      { a: ['aaaaaaaaa1', 'aaaaaaaaa2'], b: ['bbbbbbbbb1', 'bbbbbbbbb2'] },
    ])
    expect(text()).toContain('paired over 2 seeds: not settled; about 1 more seed would do.')
    expect(text()).not.toContain('no test')
    await user.click(byRole('button', 'u2'))
    expect(text()).toContain('s u2 in both, mean over seeds')
    expect(paramsOf('runs.neurons').map(({ id }) => id)).toEqual(RUNS.map(({ id }) => id))
  })

  it('show why they could not be compared', async () => {
    await opened({}, { state: 'error' })
    expect(screen.getByRole('alert').textContent).toContain('The run index could not be read.')
  })

  it('stay two runs when one of them leaves the comparison', async () => {
    const { change } = await opened({ comparison: { ...COMPARISON, baseline: null, runs: RUNS.slice(0, 3) } })
    expect([value('A'), value('B')]).toEqual(['aaaaaaaaa1', 'bbbbbbbbb1'])
    await change({ comparison: { ...COMPARISON, baseline: 'bbbbbbbbb1', runs: RUNS.slice(1, 3) } })
    expect(value('A')).not.toBe(value('B'))
    expect(value('B')).toBe('bbbbbbbbb1')
  })
})

describe('the units of all compared runs', () => {
  const panel = (given: Showing = {}): Promise<Shown> =>
    show(NeuronsPanel, { answers, ...given, props: { comparison: COMPARISON, grouping: 'runs' } })

  it('are asked for by score and filter, which hold for all charts', async () => {
    const { user, paramsOf } = await panel()
    expect(paramsOf('compare.distributions')).toEqual([
      { ids: RUNS.map((r) => r.id), column: 'avg_correlation', filter: NO_FILTER },
    ])
    await user.selectOptions(byRole('combobox', 'Score'), 'Test corr.')
    const least = byRole('spinbutton', 'Ceiling at least')
    await user.clear(least)
    await user.type(least, '0.4{Tab}')
    await settled()
    expect(paramsOf('compare.distributions').at(-1)).toMatchObject({
      column: 'correlation',
      filter: { leastCeiling: 0.4 },
    })
    expect(paramsOf('compare.neurons').at(-1)).toMatchObject({
      column: 'correlation',
      filter: { leastCeiling: 0.4 },
    })
  })

  it('are shown as distributions, over seeds with each unit averaged', async () => {
    const { change, text, user } = await panel()
    const title = 'Corr. to avg. over units'
    expect(titles().slice(0, 2)).toEqual([title, 'Share of units up to a corr. to avg.'])
    expect(text()).toContain('n = 2 of 4 units; left out: 2 with a ceiling below 0; box: middle half')
    await user.click(byRole('radio', 'Violins'))
    expect(text()).toContain('violin: Gaussian kernel density')
    await change({ grouping: 'seeds' })
    expect(text()).toContain('each unit averaged over seeds')
    const chart = screen.getAllByRole('img').map((i) => i.getAttribute('aria-label') ?? '')[0]
    expect(chart).toContain('plain, 2 seeds: n = 2, median 0.375')
  })

  it('take the first score that the runs have', async () => {
    const { paramsOf } = await panel({
      answers: { ...answers, 'compare.distributions': () => ({ ...known, columns: ['feve', 'ceiling'] }) },
    })
    expect(paramsOf('compare.distributions').map(({ column }) => column)).toEqual(['avg_correlation', 'feve'])
  })

  it('say when no run or only one has units', async () => {
    const none = await panel({
      answers: { ...answers, 'compare.distributions': () => ({ ...known, runs: [] }) },
    })
    expect(none.text()).toContain('No run with neurons')
    const one = { ...known, runs: known.runs.slice(0, 1) }
    const single = await panel({ answers: { ...answers, 'compare.distributions': () => one } })
    expect(single.text()).toContain('Two runs with neurons are needed')
    expect(single.paramsOf('compare.neurons')).toEqual([])
  })

  it('say that they are loading, and why they could not be read', async () => {
    const { text } = await panel({ state: 'loading' })
    expect(text()).toContain('Loading neurons')
    await panel({ state: 'error' })
    expect(screen.getByRole('alert').textContent).toContain('Delete the folder index')
  })
  it('keep their choices when one of them is refused, so that it can be changed or tried again', async () => {
    let fails = true
    const { user, text } = await panel({
      answers: {
        ...answers,
        'compare.distributions': ({ filter: { leastCeiling } }) => {
          if (fails && leastCeiling > 0)
            throw new CotrainError({ code: 'internal', message: 'Too many units.', hint: 'Choose fewer.' })
          return known
        },
      },
    })
    const least = byRole('spinbutton', 'Ceiling at least')
    await user.clear(least)
    await user.type(least, '0.4{Tab}')
    await settled()
    expect(screen.getByRole('alert').textContent).toContain('Too many units.')
    expect(screen.queryAllByRole('figure')).toEqual([])
    expect(byRole('spinbutton', 'Ceiling at least')).toHaveProperty('value', '0.4')
    fails = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(text()).toContain('Corr. to avg. over units')
  })

  it('can be asked for again when the first question is refused', async () => {
    let fails = true
    const { user, text } = await panel({
      answers: {
        ...answers,
        'compare.distributions': () => {
          if (fails) throw new CotrainError({ code: 'internal', message: 'Too busy.', hint: 'Wait.' })
          return known
        },
      },
    })
    expect(text()).toContain('Too busy.')
    fails = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(text()).toContain('Corr. to avg. over units')
  })
})
