import { screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import RunsView from '../../../../src-renderer/features/runs/RunsView.vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers, Showing } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp } from '../in-app.ts'
import { laidOut } from '../laid-out.ts'

laidOut()
const summaries = demoRuns().map(({ summary }) => summary)
const idOf = (name: string, seed = 1000): string =>
  summaries.find((r) => r.name === name && r.seed === seed)?.id ?? ''
const BASELINE = idOf('demo baseline')
const COTRAINED = idOf('demo co-trained')

const runs = (answers: Answers = {}, more: Showing = {}) => show(inApp(RunsView), { answers, ...more })
const table = (): HTMLElement => byRole('region', 'Runs')
const rows = (): HTMLElement[] => within(table()).getAllByRole('row').slice(1)
const names = (): (string | null)[] =>
  within(table())
    .queryAllByRole('link')
    .map((link) => link.textContent)
const headings = (): string[] =>
  within(table())
    .getAllByRole('columnheader')
    .map((th) => th.textContent?.trim() ?? '')
const search = (): HTMLElement => byRole('combobox', 'Search runs')
const choose = (row: string): HTMLElement => byRole('checkbox', `Select ${row}`)

describe('the list of runs', () => {
  it('shows all runs, newest first, with their headline scores', async () => {
    const { text } = await runs()
    expect(text()).toContain('9 of 9 runs')
    expect(names().slice(-2)).toEqual(['demo co-trained', 'demo baseline'])
    expect(headings()).toEqual([
      '',
      'Name',
      'Status',
      'Accuracy%',
      'V1 corr.',
      'V1 of ceiling',
      'Corrupted acc.%',
      'Robustness',
      'mCE',
      'Seed',
      'Epochs',
      'Time',
      'Created',
      'Tags',
    ])
    const cells = within(byRole('row', /demo baseline/)).getAllByRole('cell')
    const accuracy = summaries[0]?.scores['FinalTest/img_classification/eval'] ?? 0
    expect(cells.slice(2, 5).map((cell) => cell.textContent?.trim())).toEqual([
      'finished',
      accuracy.toFixed(1),
      '–, not trained on V1 responses',
    ])
    expect(cells.slice(9, 12).map((cell) => cell.textContent)).toEqual(['1000', '12 / 12', '3 min 35 s'])
  })

  it('sorts by a column, best first, with runs without a score last', async () => {
    const { user } = await runs()
    await user.click(byRole('button', 'mCE'))
    const mce = (name: string): number =>
      summaries.find((r) => r.name === name)?.scores['Robustness/mCE'] ?? 0
    const finished = ['demo baseline', 'demo co-trained', 'demo shuffled control']
    expect(names().slice(0, 3)).toEqual(finished.toSorted((a, b) => mce(a) - mce(b)))
    expect(byRole('columnheader', 'mCE').getAttribute('aria-sort')).toBe('ascending')
    await user.click(byRole('button', 'Time'))
    expect(byRole('columnheader', 'Time').getAttribute('aria-sort')).toBe('descending')
  })

  it('filters by state, star and words, and counts what is left', async () => {
    const { user, text } = await runs()
    await user.click(byRole('radio', 'Finished'))
    expect(names()).toEqual(['demo shuffled control', 'demo co-trained', 'demo baseline'])
    await user.type(search(), '-shuffled')
    expect(text()).toContain('2 of 9 runs')
    await user.click(byRole('radio', 'Starred'))
    expect(names()).toEqual(['demo co-trained'])
    await user.click(byRole('radio', 'Active'))
    expect(names()).toEqual(['co-trained, wider', 'co-trained, wider', 'co-trained, wider'])
  })

  it('offers to clear filters that nothing meets', async () => {
    const { user, text } = await runs()
    await user.click(byRole('radio', 'Diverged'))
    expect(text()).toContain('No run matches')
    await user.type(search(), 'nonsense')
    await user.click(byRole('button', 'Clear filters'))
    expect(names()).toHaveLength(9)
    expect((search() as HTMLInputElement).value).toBe('')
  })

  it('filters by options of the configs, which it looks up then', async () => {
    const paths = [{ path: 'trainer.config.lr_init', distinct: 2, samples: ['0.1', '0.01'] }]
    const { user, paramsOf } = await runs({
      'runs.optionPaths': () => paths,
      'runs.options': () => ({ [BASELINE]: [0.01], [COTRAINED]: [0.1] }),
    })
    await user.type(search(), 'trainer.lr_init<0.05')
    await settled()
    expect(paramsOf('runs.options').at(-1)).toEqual({ paths: ['trainer.config.lr_init'] })
    expect(names()).toEqual(['demo baseline'])
  })

  it('names a field that no run has once it knows all options', async () => {
    const paths = [{ path: 'trainer.config.lr_init', distinct: 2, samples: ['0.1', '0.01'] }]
    const { user, text } = await runs({ 'runs.optionPaths': () => paths })
    await user.type(search(), 'acuracy>95')
    await settled()
    expect(text()).toContain('No run has a field “acuracy”. Did you mean accuracy?')
  })

  it('shows one row for each setting, with mean scores and all seeds', async () => {
    const list = summaries.map((r) => ({ ...r, groupId: r.status === 'finished' ? 'one' : r.groupId }))
    const { user, text } = await runs({ 'runs.list': () => ({ total: 9, runs: list }) })
    await user.click(byRole('radio', 'Settings'))
    expect(text()).toContain('9 of 9 runs, 5 settings')
    expect(byRole('row', /co-trained, wider/).textContent).toContain('n = 3')
    expect(byRole('row', /co-trained, wider/).textContent).toContain('1000, 2000, 3000')
    const of = (nth: number): number => summaries[nth]?.scores['FinalTest/img_classification/eval'] ?? 0
    const mean = ((of(0) + of(1) + of(2)) / 3).toFixed(1)
    const cells = within(byRole('row', /demo shuffled control/)).getAllByRole('cell')
    expect(cells[3]?.textContent).toBe(mean)
  })

  it('compares the runs that are chosen; a setting stands for all of its runs', async () => {
    const { user, where } = await runs()
    expect(byRole('button', 'Compare').title).toBe('Select runs in the table first (Space)')
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(choose('demo co-trained, seed 1000'))
    await user.click(byRole('button', 'Compare 2'))
    await settled()
    expect(new URLSearchParams(where().split('?')[1]).get('runs')).toBe(`${COTRAINED},${BASELINE}`)
    await runs()
    await user.click(byRole('radio', 'Settings'))
    await user.click(choose('co-trained, wider, seed 1000, 2000, 3000'))
    expect(byRole('button', 'Compare 3').getAttribute('aria-disabled')).toBeNull()
  })

  it('compares by its keys, and not without a choice', async () => {
    const { user, where } = await runs()
    await user.keyboard('{Control>}{Enter}{/Control}')
    await settled()
    expect(where()).toBe('/')
    await user.click(choose('demo baseline, seed 1000'))
    await user.keyboard('{Control>}{Enter}{/Control}')
    await settled()
    expect(where()).toBe(`/compare?runs=${BASELINE}`)
  })

  it('does nothing with chosen runs that the filter hides', async () => {
    const { user } = await runs()
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(choose('demo co-trained, seed 1000'))
    await user.type(search(), 'baseline')
    expect(byRole('button', 'Compare 1').getAttribute('aria-disabled')).toBeNull()
  })

  it('moves the chosen runs to the trash and back', async () => {
    const { user, paramsOf, text } = await runs()
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(choose('demo co-trained, seed 1000'))
    await user.click(byRole('button', 'Remove'))
    await settled()
    expect(paramsOf('runs.remove')).toEqual([{ id: COTRAINED }, { id: BASELINE }])
    expect(text()).toContain('2 runs were moved to the trash.')
    expect(text()).toContain('7 of 7 runs')
    await user.click(byRole('button', 'Undo'))
    await settled()
    expect(paramsOf('runs.restore')).toEqual([{ id: COTRAINED }, { id: BASELINE }])
  })

  it('keeps a run that cannot be removed and says why', async () => {
    const { user, text } = await runs({
      'runs.remove': () => {
        throw new CotrainError({ code: 'run-state', message: 'The run works.', hint: 'Stop it first.' })
      },
    })
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(byRole('button', 'Remove'))
    await settled()
    expect(text()).toContain('The run works.Stop it first.')
    expect(text()).toContain('9 of 9 runs')
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull()
  })

  it('stars the chosen runs that have no star, and takes the stars away when all have one', async () => {
    const { user, paramsOf } = await runs()
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(choose('demo co-trained, seed 1000'))
    const press = async (): Promise<void> => {
      await user.click(byRole('button', 'More for runs'))
      await user.click(byRole('menuitem', 'Star or unstar the selected'))
      await settled()
    }
    await press()
    expect(paramsOf('runs.annotate')).toEqual([{ id: BASELINE, star: true }])
    await press()
    expect(paramsOf('runs.annotate').slice(1)).toEqual([
      { id: COTRAINED, star: false },
      { id: BASELINE, star: false },
    ])
  })

  it('chooses by Space and opens by Enter', async () => {
    const { user, where } = await runs()
    rows()[0]?.focus()
    await user.keyboard('{End} ')
    await settled()
    expect(byRole('button', 'Compare 1').title).toBe('')
    await user.keyboard('{Enter}')
    await settled()
    expect(where()).toBe(`/runs/${BASELINE}`)
  })

  it('opens the dialogs of tags, of the trash and of adding', async () => {
    const { user } = await runs()
    await user.click(choose('demo baseline, seed 1000'))
    await user.click(byRole('button', 'Tag'))
    expect(byRole('dialog', 'Tag 1 run').textContent).toContain('Take demo away')
    for (const [entry, title] of [
      ['Trash', 'Trash'],
      ['Add runs from a folder', 'Add runs'],
    ] as const) {
      await user.keyboard('{Escape}')
      await user.click(byRole('button', 'More for runs'))
      await user.click(byRole('menuitem', entry))
      expect(screen.getByRole('dialog', { name: title }).textContent).toContain(title)
    }
  })

  it('shows a config option as a column, behind the state, and remembers it', async () => {
    const paths = [{ path: 'trainer.config.optimizer_options.lr', distinct: 2, samples: ['0.1'] }]
    const { user, paramsOf } = await runs({
      'runs.optionPaths': () => paths,
      'runs.options': () => ({ [BASELINE]: [0.01] }),
    })
    await user.click(byRole('button', 'Columns'))
    await settled()
    await user.click(byRole('checkbox', /Learning rate/))
    await user.keyboard('{Escape}')
    await settled()
    expect(headings()[3]).toBe('Learning rate')
    expect(within(byRole('row', /demo baseline/)).getAllByRole('cell')[3]?.textContent).toBe('0.01')
    expect(paramsOf('ui.set').filter(({ key }) => key === 'runs.columns')).toEqual([
      { key: 'runs.columns', value: { 'option:trainer.config.optimizer_options.lr': true } },
    ])
  })

  it('shows the columns that were chosen before', async () => {
    await runs({ 'ui.get': () => ({ 'runs.columns': { tags: false, 'Robustness/mCE': false } }) })
    expect(headings()).not.toContain('Tags')
    expect(headings()).not.toContain('mCE')
    expect(headings()).toContain('Accuracy%')
  })

  it('follows what another window does', async () => {
    const { news, text } = await runs()
    const [first] = summaries
    if (first === undefined) throw new Error('no demo run')
    await news('runs.changed', { runs: [{ ...first, name: 'renamed elsewhere' }], removed: [COTRAINED] })
    await waitFor(() => expect(text()).toContain('8 of 8 runs'))
    expect(names()).toContain('renamed elsewhere')
    expect(names()).not.toContain('demo co-trained')
  })

  it('leads on when there are no runs', async () => {
    const { user, where } = await runs({}, { state: 'empty' })
    await user.click(byRole('button', 'New experiment'))
    await settled()
    expect(where()).toBe('/edit?new=1')
  })

  it('says that it loads, and why the runs could not be loaded, and tries again', async () => {
    await runs({}, { state: 'loading' })
    expect(screen.getAllByRole('status').map((s) => s.textContent)).toContain('Loading runs')
    let isBroken = true
    const { user } = await runs({
      'runs.list': () => {
        if (isBroken)
          throw new CotrainError({ code: 'internal', message: 'Unreadable.', hint: 'Rebuild it.' })
        return { total: 9, runs: summaries }
      },
    })
    expect(screen.getByRole('alert').textContent).toContain(
      'The runs could not be loadedUnreadable.Rebuild it.',
    )
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(names()).toHaveLength(9)
  })
})
