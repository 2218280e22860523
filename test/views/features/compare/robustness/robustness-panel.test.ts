import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { CotrainError } from '../../../../../src-shared/contract/errors.ts'
import RobustnessPanel from '../../../../../src-renderer/features/compare/robustness/RobustnessPanel.vue'
import type { Result } from '../../../../../src-shared/contract/contract.ts'
import type { Shown, Showing } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { COMPARISON, RUNS, cells, words } from '../small-comparison.ts'

const OVERVIEW = 'By corruption, mean over severities'
type RobustnessTable = Result<'runs.robustness'>
/** Clean accuracy, and that at severities 1 and 2 of two corruptions; the last run has not been tested. */
const MEASURED: Readonly<Record<string, readonly [number, number[][]]>> = {
  aaaaaaaaa1: [
    94,
    [
      [90, 80],
      [70, 60],
    ],
  ],
  aaaaaaaaa2: [
    95,
    [
      [92, 82],
      [72, 62],
    ],
  ],
  bbbbbbbbb1: [
    96,
    [
      [93, 85],
      [75, 61],
    ],
  ],
}
function tableOf(id: string): RobustnessTable {
  const [clean, accuracy] = MEASURED[id] ?? [null, []]
  return {
    id,
    baseline: null,
    clean,
    corruptions: clean === null ? [] : ['fog', 'jpeg_compression'],
    severities: [1, 2],
    accuracy,
    baselineAccuracy: null,
    atChance: accuracy.map((row) => row.map((v) => v === 61)),
    leftOut: 0,
    scores: {},
  }
}
const answers: Showing['answers'] = { 'runs.robustness': ({ id }) => tableOf(id) }
const opened = (more: Record<string, unknown> = {}, given: Showing = {}): Promise<Shown> =>
  show(RobustnessPanel, { answers, ...given, props: { comparison: COMPARISON, grouping: 'runs', ...more } })
const figure = (name: RegExp): HTMLElement => {
  const found = screen.getAllByRole('figure').find((f) => name.test(words(f.querySelector('h2'))))
  if (found === undefined) throw new Error(`no figure ${name}`)
  return found
}
const asTable = async ({ user }: Shown, title: string): Promise<string[][]> => {
  await user.click(byRole('button', `${title}: table and export`))
  await user.click(byRole('menuitemcheckbox', 'Show as table'))
  return cells(within(byRole('region', `${title} as a table`)).getByRole('table'))
}

describe('the robustness of compared runs', () => {
  it('shows differences to the baseline by corruption, of the runs that were tested', async () => {
    const page = await opened()
    expect(page.paramsOf('runs.robustness').map(({ id }) => id)).toEqual(RUNS.map((r) => r.id))
    expect(figure(/^By corruption/).textContent).toContain(
      '3 of 4 runs; difference to plain, seed 1: blue is better, brown worse; choose a row to see',
    )
    expect(await asTable(page, OVERVIEW)).toEqual([
      ['Run', 'Corruption clean', 'Corruption mean', 'Corruption fog', 'Corruption JPEG compression'],
      ['plain, seed 1 (baseline)', '0', '0', '0', '0'],
      ['plain, seed 2', '1', '2', '2', '2'],
      ['joint, seed 1', '2', '3.5', '4', '3'],
    ])
  })

  it('shows accuracies instead, on demand', async () => {
    const page = await opened()
    await page.user.click(byRole('checkbox', 'difference to the baseline'))
    expect(page.text()).not.toContain('blue is better')
    expect((await asTable(page, OVERVIEW))[1]).toEqual(['plain, seed 1 (baseline)', '94', '75', '85', '65'])
  })

  it('shows one run in detail: the first beside the baseline, or the one chosen', async () => {
    const page = await opened()
    const choice = byRole('combobox', 'In detail')
    expect(choice).toHaveProperty('value', 'aaaaaaaaa2')
    expect(words(figure(/^By severity/))).toContain('By severity: plain, seed 2')
    await page.user.selectOptions(choice, 'joint, seed 1')
    expect(await asTable(page, 'By severity: joint, seed 1')).toEqual([
      ['Corruption', 'Severity 1', 'Severity 2'],
      ['fog', '3', '5'],
      ['JPEG compression', '5', '1'],
    ])
    expect(page.text()).toContain('striped: no better than guessing')
  })

  it('takes the row that is chosen in the overview for the detail', async () => {
    const { user } = await opened()
    byRole('group', new RegExp(`^${OVERVIEW}`)).focus()
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{Enter}')
    expect(byRole('combobox', 'In detail')).toHaveProperty('value', 'bbbbbbbbb1')
  })

  it('averages over the seeds that were tested and offers bands', async () => {
    const page = await opened({ grouping: 'seeds' })
    expect(page.text()).toContain('3 of 4 runs, mean over seeds; difference to plain, 2 seeds')
    await page.user.selectOptions(byRole('combobox', 'Band'), 'Standard deviation')
    expect(page.text()).toContain('line: mean over seeds, band: standard deviation over seeds')
    expect(await asTable(page, OVERVIEW)).toEqual([
      ['Setting', 'Corruption clean', 'Corruption mean', 'Corruption fog', 'Corruption JPEG compression'],
      ['plain, 2 seeds (baseline)', '0', '0', '0', '0'],
      ['joint, 1 seed', '1.5', '2.5', '3', '2'],
    ])
  })

  it('lines accuracy up against severity, clean first', async () => {
    const page = await opened()
    expect(await asTable(page, 'Accuracy by severity, mean over corruptions')).toEqual([
      ['Series', 'Severity (0: clean)', '%'],
      ['plain, seed 1', '0', '94'],
      ['plain, seed 1', '1', '80'],
      ['plain, seed 1', '2', '70'],
      ['plain, seed 2', '0', '95'],
      ['plain, seed 2', '1', '82'],
      ['plain, seed 2', '2', '72'],
      ['joint, seed 1', '0', '96'],
      ['joint, seed 1', '1', '84'],
      ['joint, seed 1', '2', '73'],
    ])
  })

  it('asks for a baseline where none is pinned', async () => {
    const { text } = await opened({ comparison: { ...COMPARISON, baseline: null } })
    expect(text()).toContain('Pin a baseline to see differences.')
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('asks for runs with scores only, and says when none was tested', async () => {
    const runs = RUNS.map((r, i) => (i === 3 ? r : { ...r, scores: {} }))
    const page = await opened({ comparison: { ...COMPARISON, runs } })
    expect(page.paramsOf('runs.robustness')).toEqual([{ id: 'bbbbbbbbb2' }])
    expect(page.text()).toContain('No robustness scores')
  })

  it('says that it is loading, and why it could not load', async () => {
    const { text } = await opened({}, { state: 'loading' })
    expect(text()).toContain('Loading robustness')
    await opened({}, { state: 'error' })
    expect(screen.getByRole('alert').textContent).toContain('The run index could not be read.')
  })

  it('can be read again after a refusal', async () => {
    let fails = true
    const { user } = await opened(
      {},
      {
        answers: {
          'runs.robustness': ({ id }) => {
            if (fails) throw new CotrainError({ code: 'internal', message: 'Too busy.', hint: 'Wait.' })
            return tableOf(id)
          },
        },
      },
    )
    expect(screen.getByRole('alert').textContent).toContain('Too busy.')
    fails = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(figure(/^By corruption/).textContent).toContain('3 of 4 runs')
  })

  it('does not put a late refusal for earlier runs over the runs that are shown now', async () => {
    let refuse: (reason: Error) => void = () => undefined
    const late = new Promise<RobustnessTable>((_, reject) => (refuse = reject))
    const { change } = await opened(
      {},
      { answers: { 'runs.robustness': ({ id }) => (id === 'bbbbbbbbb2' ? late : tableOf(id)) } },
    )
    await change({ comparison: { ...COMPARISON, runs: RUNS.slice(0, 3) } })
    expect(figure(/^By corruption/).textContent).toContain('3 of 3 runs')
    refuse(new CotrainError({ code: 'run-missing', message: 'There is no such run.', hint: 'h' }))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
