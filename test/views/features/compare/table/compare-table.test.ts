import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Comparison, Grouping } from '../../../../../src-renderer/features/compare/base/comparison.ts'
import { compareColumns } from '../../../../../src-renderer/features/compare/table/compare-columns.ts'
import { compareRows } from '../../../../../src-renderer/features/compare/table/compare-rows.ts'
import CompareTable from '../../../../../src-renderer/features/compare/table/CompareTable.vue'
import type { Shown } from '../../../../support/show.ts'
import { byRole, show } from '../../../../support/show.ts'
import { laidOut } from '../../laid-out.ts'
import { ACCURACY, COMPARISON, words } from '../small-comparison.ts'

laidOut()

const propsOf = (comparison: Comparison, grouping: Grouping, unfolded: readonly string[] = []) => ({
  comparison,
  grouping,
  rows: compareRows(comparison, grouping, { unfolded: new Set(unfolded) }),
  columns: compareColumns(comparison, grouping, { isShown: () => true }),
  sort: [],
  spread: 'sem',
  unfolded: new Set(unfolded),
})
const unpinned = { ...COMPARISON, baseline: null }
const bodyRows = (): HTMLElement[] => screen.getAllByRole('row').slice(1)
const cellsOf = (row: HTMLElement): string[] => within(row).getAllByRole('cell').map(words)

const shown = (grouping: Grouping, comparison = COMPARISON, unfolded: string[] = []): Promise<Shown> =>
  show(CompareTable, { props: propsOf(comparison, grouping, unfolded) })

describe('the table of a comparison', () => {
  it('has a row for each run with its score and a difference that one seed does not settle', async () => {
    const { text } = await shown('runs')
    expect(screen.getAllByRole('columnheader').map(words)).toEqual([
      'Run',
      'Accuracy% ↑',
      'V1 corr. ↑',
      'Patienceevaluations',
      'Seed',
    ])
    const rows = bodyRows().map(cellsOf)
    expect(rows[0]?.[0]).toContain('plain')
    expect(rows.map((r) => r[1])).toEqual([
      '94.0baseline',
      '95.0▲ +1.0, not told apart from 0',
      '96.0▲ +2.0, not told apart from 0',
      '97.0▲ +3.0, not told apart from 0',
    ])
    expect(rows.map((r) => r[2])).toEqual([
      '–, not trained on V1 responses',
      '–, not trained on V1 responses',
      '0.500',
      '0.600',
    ])
    expect(text()).toContain('Single runs: differences carry no interval, so none is called better.')
  })

  it('never compares number formats without a word', async () => {
    const precisions = COMPARISON.runs.map((_, i) => (i < 2 ? ('float32' as const) : ('tf32' as const)))
    const { text } = await shown('runs', { ...COMPARISON, precisions })
    expect(screen.getAllByRole('columnheader').map(words)[1]).toBe('Precision')
    expect(bodyRows().map((row) => cellsOf(row)[1])).toEqual(['float32', 'float32', 'tf32', 'tf32'])
    expect(text()).toContain('Computed in different number formats: float32 (')
  })

  it('has a row for each setting with its spread and says which difference is real', async () => {
    const { text } = await shown('seeds')
    expect(bodyRows().map((r) => cellsOf(r).slice(1, 4))).toEqual([
      ['n = 2', '5', '94.5 ± 0.5baseline'],
      ['n = 2', '9', '96.5 ± 0.5▲ +2.0, better'],
    ])
    expect(text()).toContain('Mean and standard error over seeds. ▲ ▼ in colour: the 95 % interval')
    expect(text()).toContain('Scores are those of the final evaluation')
  })

  it('says at a difference how sure it is', async () => {
    await shown('seeds')
    const mark = bodyRows()[1]?.querySelector('[title*="interval"]')
    expect(mark?.getAttribute('title')).toBe(
      'joint is 2.0 points more accurate than plain, 95 % interval +0.5 to +3.5, paired over 2 seeds: settled.',
    )
  })

  it('unfolds the seeds of a setting by its button and by opening the row', async () => {
    const { user, emitted } = await shown('seeds')
    const fold = byRole('button', 'Seeds of joint')
    expect(fold.getAttribute('aria-expanded')).toBe('false')
    await user.click(fold)
    bodyRows()[1]?.focus()
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([
      { name: 'unfold', values: ['group of joint'] },
      { name: 'unfold', values: ['group of joint'] },
    ])
  })

  it('lists unfolded seeds beneath their setting without differences, and opens them as runs', async () => {
    const { user, emitted } = await shown('seeds', COMPARISON, ['group of joint'])
    expect(byRole('button', 'Seeds of joint').getAttribute('aria-expanded')).toBe('true')
    expect(bodyRows().map((r) => cellsOf(r).slice(1, 4))).toEqual([
      ['n = 2', '5', '94.5 ± 0.5baseline'],
      ['n = 2', '9', '96.5 ± 0.5▲ +2.0, better'],
      ['', '9', '96.0'],
      ['', '9', '97.0'],
    ])
    const seed = bodyRows()[3]
    expect(within(seed ?? document.body).queryByRole('button')).toBeNull()
    seed?.focus()
    await user.keyboard('{Enter}')
    expect(emitted).toEqual([{ name: 'open', values: ['bbbbbbbbb2'] }])
  })

  it('tells the order that a heading asks for', async () => {
    const { user, emitted } = await shown('runs')
    await user.click(byRole('button', /^Accuracy/))
    expect(emitted).toEqual([{ name: 'order', values: [[{ id: ACCURACY, desc: true }]] }])
    expect(bodyRows().map((r) => cellsOf(r)[1]?.slice(0, 4))).toEqual(['97.0', '96.0', '95.0', '94.0'])
    await user.click(byRole('button', /^Accuracy/))
    expect(emitted[1]?.values).toEqual([[{ id: ACCURACY, desc: false }]])
    expect(screen.getAllByRole('columnheader')[1]?.getAttribute('aria-sort')).toBe('ascending')
  })

  it('offers what can be done with a run', async () => {
    const { user, emitted } = await shown('runs')
    const labels = [
      'Pin as baseline',
      'Add all seeds of this setting',
      'Complete to 5 seeds',
      'Open the run',
      'New experiment from this',
      'Leave this run out',
    ]
    for (const label of labels) {
      await user.click(screen.getAllByRole('button', { name: 'Actions for joint' })[0] ?? document.body)
      expect(screen.getAllByRole('menuitem').map(words)).toEqual(labels)
      await user.click(byRole('menuitem', label))
    }
    expect(emitted.map(({ name }) => name)).toEqual(['pin', 'add', 'complete', 'open', 'edit', 'drop'])
    expect([0, 3, 4].map((i) => emitted[i]?.values[0])).toEqual(['bbbbbbbbb1', 'bbbbbbbbb1', 'bbbbbbbbb1'])
    expect([1, 2, 5].map((i) => emitted[i]?.values[0])).toMatchObject(
      Array.from({ length: 3 }, () => ({ key: 'bbbbbbbbb1', ids: ['bbbbbbbbb1'] })),
    )
  })

  it('unpins the baseline, and does not complete a setting that has its seeds', async () => {
    const ids = ['c1', 'c2', 'c3', 'c4', 'c5']
    const plain = COMPARISON.runs[0]
    if (plain === undefined) throw new Error('there is a run')
    const runs = ids.map((id, i) => ({ ...plain, id, seed: i, groupId: 'g' }))
    const groups = [{ groupId: 'g', name: 'plain', ids, metrics: [] }]
    const full = { ...COMPARISON, runs, groups, baseline: 'c1', metrics: [], differences: [] }
    const { user, emitted } = await shown('seeds', full)
    await user.click(byRole('button', 'Actions for plain'))
    const complete = byRole('menuitem', 'Complete to 5 seeds')
    expect([complete.getAttribute('aria-disabled'), complete.title]).toEqual(['true', 'It has 5 seeds'])
    await user.click(byRole('menuitem', 'Unpin the baseline'))
    expect(emitted).toEqual([{ name: 'pin', values: [null] }])
  })

  it('asks for a baseline while there is none', async () => {
    const { text } = await shown('seeds', unpinned)
    expect(text()).toContain('Mean and standard error over seeds. Pin a baseline to see differences.')
    expect(text()).not.toContain('baseline▲')
  })

  it('warns of runs that were not computed alike, in its row and beneath', async () => {
    const [plain, joint] = COMPARISON.groups
    if (plain === undefined || joint === undefined) throw new Error('there are two settings')
    const mixed = { ...joint, mixed: ['TensorFlow', 'WebAssembly'] }
    const apart = { ...COMPARISON, groups: [plain, mixed], continued: { aaaaaaaaa2: 'another processor' } }
    const { text } = await shown('seeds', apart)
    expect(screen.getAllByRole('img').map((i) => i.getAttribute('aria-label'))).toEqual([
      'Resumed with another processor',
      'Computed on TensorFlow and on WebAssembly',
    ])
    expect(text()).toContain('plain, seed 2, was resumed with another processor.')
    expect(text()).toContain('The seeds of joint were computed on TensorFlow and on WebAssembly.')
  })

  it('says that values of curves are not those of the final evaluation', async () => {
    const { text } = await shown('runs', { ...COMPARISON, source: 'best' })
    expect(text()).toContain('chosen after looking, hence optimistic')
  })
})
