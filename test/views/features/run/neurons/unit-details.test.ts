import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import SessionScores from '../../../../../src-renderer/features/run/neurons/SessionScores.vue'
import UnitDetails from '../../../../../src-renderer/features/run/neurons/UnitDetails.vue'
import { byRole, show } from '../../../../support/show.ts'

const row = (unit: string, values: Record<string, number | null>) => ({
  key: `s ${unit}`,
  unit,
  session: 's',
  area: 'V1',
  values,
})
const rows = [
  row('a', { correlation: 0.3, poisson: 10, mu_x: 0.5, mu_y: -0.25 }),
  row('b', { correlation: 0.5, poisson: 30, mu_x: 0, mu_y: 0 }),
  row('c', { correlation: null, poisson: 20, mu_x: 0, mu_y: 0 }),
]
const NAMES = ['correlation', 'poisson', 'mu_x', 'mu_y']
const details = (n: number, names: readonly string[] = NAMES, of = rows) =>
  show(UnitDetails, { props: { row: of[n], rows: of, names } })
const lines = (): string[] =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((tr) =>
      [...tr.children]
        .slice(0, 3)
        .map((cell) => cell.textContent)
        .join('|'),
    )

describe('the details of a unit', () => {
  it('give each measure with its place among the units and its meaning', async () => {
    await details(0)
    expect(lines()).toEqual([
      'Test corr.|0.300|2 of 3',
      expect.stringMatching(/^Poisson loss\|10/),
      'Position x|0.500|',
      'Position y|−0.250|',
    ])
    expect(byRole('row', /^Position x/).textContent).toContain('from -1 (left edge) to 1 (right edge)')
  })

  it('give a unit without a value no place', async () => {
    await details(2)
    expect(lines()[0]).toBe('Test corr.|–|')
  })

  it('rank the least loss first', async () => {
    await details(0)
    expect(lines()[1]).toMatch(/\|1 of 3$/)
  })

  it('say where the readout looks', async () => {
    await details(0)
    expect(byRole('img', 'The readout looks at 0.500, −0.250 of the stimulus').tagName).toBe('svg')
    await details(0, ['correlation'], [row('a', { correlation: 0.3 })])
    expect(screen.queryByRole('img')).toBeNull()
  })

  it('say where the readout looks beside measures of another version', async () => {
    await details(0, [...NAMES, 'new_measure'])
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('0.500, −0.250')
  })

  it('are closed by their button', async () => {
    const { user, emitted } = await details(0)
    await user.click(byRole('button', 'Close'))
    expect(emitted).toEqual([{ name: 'close', values: [] }])
  })
})

describe('the scores by session', () => {
  const table = (session: string, columns: Record<string, (number | null)[]>) => ({
    session,
    area: 'V1',
    units: ['1', '2', '3'],
    columns,
  })

  it('are means over the units that have a value, with their number where not all have one', async () => {
    await show(SessionScores, {
      props: {
        tables: [
          table('s1', { correlation: [0.2, 0.4, null], poisson: [1, 2, 3] }),
          table('s2', { correlation: [0.1, 0.2, 0.3], oracle: [0.5, 0.5, 0.5] }),
        ],
      },
    })
    const of = within(byRole('region', 'Scores by session'))
    const cells = of.getAllByRole('row').map((tr) => [...tr.children].map((c) => c.textContent?.trim()))
    expect(cells).toEqual([
      ['Session', 'Area', 'Units', 'Test corr.', 'Oracle'],
      ['s1', 'V1', '3', '0.300 n = 2', '–'],
      ['s2', 'V1', '3', '0.200', '0.500'],
    ])
  })

  it('are not there where no session has a score', async () => {
    const { text } = await show(SessionScores, { props: { tables: [table('s1', { poisson: [1, 2, 3] })] } })
    expect(text()).toBe('')
  })
})
