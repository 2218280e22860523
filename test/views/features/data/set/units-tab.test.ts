import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import UnitsTab from '../../../../../src-renderer/features/data/set/UnitsTab.vue'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { laidOut } from '../../laid-out.ts'

laidOut()
type Tables = Result<'data.neurons'>
const tables = (): Tables => [
  {
    ...{ session: 's1', area: 'V1', units: ['a1', 'a2', 'a3'], flags: ['', 'dead', ''] },
    columns: { oracle: [0.8, null, 0.4], mean: [2.5, 0, 1.25], trials: [1200, 1200, 900], extra: [1, 2, 3] },
  },
  {
    ...{ session: 's2', area: 'V4', units: ['b1'], flags: [''] },
    columns: { oracle: [0.6], mean: [3], trials: [800] },
  },
]
const tab = (given: Tables = tables(), answers: Answers = {}, props: object = {}) =>
  show(UnitsTab, {
    props: { setId: 'mine', ...props },
    answers: { 'data.neurons': () => given, ...answers },
  })
const rows = (): string[] =>
  within(byRole('region', 'Units'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join('|'))
const units = (): string[] => rows().map((row) => row.slice(0, 2))
const count = (): string | undefined => screen.getAllByRole('status')[0]?.textContent?.trim()

describe('the units of a recording', () => {
  it('are listed with session, flag and numbers', async () => {
    const { paramsOf } = await tab()
    expect(paramsOf('data.neurons')).toEqual([{ id: 'mine' }])
    expect(
      within(byRole('region', 'Units'))
        .getAllByRole('columnheader')
        .map((th) => th.textContent?.trim()),
    ).toEqual(['Unit', 'Session', 'Flag', 'Oracle', 'Mean', 'Trials', 'Area'])
    expect(rows()).toEqual([
      'a1|s1||0.800|2.50|1,200|V1',
      'a2|s1|dead|–|0|1,200|V1',
      'a3|s1||0.400|1.25|900|V1',
      'b1|s2||0.600|3|800|V4',
    ])
    expect(count()).toBe('4 of 4 units')
  })

  it('say nothing of session and flag where these tell nothing', async () => {
    await tab([{ ...(tables()[1] ?? never()) }])
    expect(rows()).toEqual(['b1|0.600|3|800|V4'])
    expect(screen.queryByRole('combobox', { name: 'Session' })).toBeNull()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('are filtered by session, name, reliability and flag', async () => {
    const { user, text } = await tab()
    await user.selectOptions(byRole('combobox', 'Session'), 's1')
    expect(units()).toEqual(['a1', 'a2', 'a3'])
    await user.click(byRole('checkbox', 'Only flagged (1)'))
    expect(units()).toEqual(['a2'])
    await user.click(byRole('checkbox', 'Only flagged (1)'))
    const least = byRole('spinbutton', 'Oracle at least')
    await user.clear(least)
    await user.type(least, '0.5')
    expect(units()).toEqual(['a1'])
    await user.type(byRole('searchbox', 'Search units'), 'B1')
    expect(text()).toContain('No unit matches')
    await user.click(byRole('button', 'Clear filters'))
    expect(count()).toBe('4 of 4 units')
  })

  it('without a reliability come back when the least reliability is taken away', async () => {
    const { user } = await tab()
    const least = byRole('spinbutton', 'Oracle at least')
    await user.clear(least)
    await user.type(least, '0.5')
    await user.clear(least)
    expect(units()).toEqual(['a1', 'a2', 'a3', 'b1'])
  })

  it('show how one of their numbers is spread', async () => {
    const { user, text } = await tab()
    expect(text()).toContain('3 of 4 units, median 0.600')
    await user.selectOptions(byRole('combobox', 'Number shown'), 'Mean')
    expect(text()).toContain('4 of 4 units, median 1.88')
  })

  it('show the responses of one, and the images that drive it', async () => {
    const { user, paramsOf, text } = await tab(tables(), {
      'data.responses': () => ({
        ...{ bins: [{ low: 0, high: 1, count: 5 }], count: 1200, missing: 3 },
        beyond: { below: 1, above: 2 },
      }),
    })
    expect(text()).toContain('Choose a unit to see its responses')
    await user.click(byRole('button', 'a3'))
    await settled()
    expect(paramsOf('data.responses')).toEqual([{ id: 'mine', session: 's1', unit: 'a3' }])
    expect(
      paramsOf('data.preview').map(({ order, unit, part, images }) => [order, unit, part, images]),
    ).toEqual([
      ['strongest', 'a3', 's1', 6],
      ['weakest', 'a3', 's1', 6],
    ])
    const panel = byRole('region', 'Unit a3')
    expect(panel.textContent).toContain(
      'Session s1, 1,200 trials, 3 missing; 2 above and 1 below the bars are not shown',
    )
    expect(within(byRole('list', 'Strongest mean response')).getAllByRole('img')).toHaveLength(6)
    expect(byRole('button', 'a3').getAttribute('aria-pressed')).toBe('true')
  })

  it('are opened by Enter in the table', async () => {
    const { user } = await tab()
    within(byRole('region', 'Units')).getAllByRole('row')[1]?.focus()
    await user.keyboard('{Enter}')
    await settled()
    expect(byRole('region', 'Unit a1').textContent).toContain('Responses of unit a1')
  })

  it('say why the responses of one cannot be shown', async () => {
    const { user } = await tab(tables(), {
      'data.responses': () => {
        throw new CotrainError({ code: 'data-missing', message: 'Gone.', hint: 'Find them.' })
      },
    })
    await user.click(byRole('button', 'a1'))
    await settled()
    expect(screen.getByRole('alert').textContent).toBe('Gone.Find them.')
  })

  it('of a finding are shown alone, until all are asked for', async () => {
    const { user, emitted } = await tab(tables(), {}, { only: ['a2', 'b1'], session: 's1' })
    expect(units()).toEqual(['a2'])
    await user.click(byRole('button', 'Show all units'))
    expect(emitted).toEqual([{ name: 'all', values: [] }])
    expect(units()).toEqual(['a2', 'b1'])
  })

  it('say that there are none, that they load, or why they cannot be read', async () => {
    expect((await tab([])).text()).toContain('This set has no units')
    await tab([], { 'data.neurons': () => new Promise(() => undefined) })
    expect(screen.getByRole('status').textContent).toBe('Loading the units')
    let isBroken = true
    const { user } = await tab([], {
      'data.neurons': () => {
        if (isBroken) throw new CotrainError({ code: 'data-missing', message: 'Gone.', hint: 'Find them.' })
        return tables()
      },
    })
    expect(screen.getByRole('alert').textContent).toContain('Gone.Find them.')
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(rows()).toHaveLength(4)
  })
})

const never = (): never => {
  throw new Error('there is no such table')
}
