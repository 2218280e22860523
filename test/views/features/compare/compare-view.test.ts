import { configure, screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import { byRole, settled } from '../../../support/show.ts'
import { laidOut } from '../laid-out.ts'
import { ALL, IDS, opened, query, refuse, rows, tableOf } from './compare-page.ts'
import { ACCURACY, RUNS, words } from './small-comparison.ts'

configure({ asyncUtilTimeout: 10_000 })
laidOut()

describe('the view that compares runs', () => {
  it('asks for runs first, and offers boards of what there is', async () => {
    const page = await opened('/compare')
    expect(page.text()).toContain('Choose runs to compare')
    expect(page.paramsOf('compare.table')).toEqual([])
    expect(screen.queryByRole('button', { name: /Robustness|corrupted/ })).toBeNull()
    await page.user.click(byRole('button', 'Board: accuracy'))
    await settled()
    expect(Object.fromEntries(query(page))).toEqual({
      filter: 'accuracy>=0',
      group: 'seeds',
      sort: `-${ACCURACY}`,
    })
    expect(page.text()).toContain('4 runs that match “accuracy>=0”.')
  })

  it('shows the runs of the address against the one that suggests itself', async () => {
    const { paramsOf, text } = await opened(ALL)
    expect(paramsOf('compare.table').at(-1)).toEqual({
      ids: IDS,
      baseline: 'aaaaaaaaa1',
      source: 'final',
      bootstrap: false,
    })
    expect(text()).toContain('4 runs. One option differs: Patience is 5 or 9.')
    expect(rows()).toHaveLength(4)
  })

  it('asks for them once, when it is known which runs there are', async () => {
    const { paramsOf } = await opened(ALL)
    expect(paramsOf('compare.table').map(({ baseline }) => baseline)).toEqual(['aaaaaaaaa1'])
  })

  it('takes rows, scores, spread, order and baseline from the address', async () => {
    const { paramsOf } = await opened(
      `${ALL}&group=seeds&scores=best&spread=bootstrap&baseline=none&sort=-${ACCURACY}`,
    )
    expect(paramsOf('compare.table').at(-1)).toMatchObject({
      baseline: null,
      source: 'best',
      bootstrap: true,
    })
    expect(rows().map((r) => words(r.querySelector('a')))).toEqual(['joint', 'plain'])
  })

  it('keeps every choice in the address', async () => {
    const page = await opened(ALL)
    await page.user.click(byRole('radio', 'Over seeds'))
    await page.user.selectOptions(byRole('combobox', 'Baseline'), 'joint, 2 seeds')
    await page.user.click(byRole('tab', 'Options'))
    await settled()
    expect(Object.fromEntries(query(page))).toEqual({
      runs: IDS.join(','),
      group: 'seeds',
      baseline: 'bbbbbbbbb1',
      tab: 'options',
    })
    expect(byRole('region', 'Options that differ').textContent).toContain('Patience')
    expect(page.paramsOf('compare.table').at(-1)).toMatchObject({ baseline: 'bbbbbbbbb1' })
  })

  it.each([
    ['curves', 'region', 'Runs'],
    ['options', 'region', 'Options that differ'],
    ['scatter', 'combobox', 'Across'],
    ['parallel', 'table', 'Axes: ranges and order'],
    ['unheard-of', 'region', 'Comparison'],
  ])('opens the part %s that the address names, or the table', async (tab, role, name) => {
    await opened(`${ALL}&tab=${tab}`)
    expect(within(screen.getByRole('tabpanel')).getAllByRole(role, { name })).toHaveLength(1)
  })

  it('says why it failed and tries again', async () => {
    let fails = true
    const page = await opened(ALL, {
      'compare.table': (params) => (fails ? refuse('A run is damaged.') : tableOf(params)),
    })
    expect(words(screen.getByRole('alert'))).toContain(
      'The comparison failedA run is damaged.Look at the log.',
    )
    fails = false
    await page.user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(rows()).toHaveLength(4)
  })

  it('says that the runs could not be read rather than that none were chosen', async () => {
    const { text } = await opened(ALL, {}, { state: 'error', answers: {} })
    expect(text()).toContain('The run index could not be read.')
    expect(text()).not.toContain('Choose runs to compare')
  })

  it('reads the runs again when that failed', async () => {
    let fails = true
    const page = await opened(ALL, {
      'runs.list': () => (fails ? refuse('The disk is slow.') : { total: RUNS.length, runs: RUNS }),
    })
    expect(words(screen.getByRole('alert'))).toContain('The disk is slow.')
    fails = false
    await page.user.click(byRole('button', 'Try again'))
    await settled()
    expect(screen.queryByRole('alert')).toBeNull()
    expect(rows()).toHaveLength(4)
  })

  it('leaves out runs that are no longer there', async () => {
    const { paramsOf } = await opened(`${ALL},${'c'.repeat(10)}`)
    expect(paramsOf('compare.table').at(-1)?.ids).toEqual(IDS)
  })

  it('finds the runs of a search anew, and takes up those that come later', async () => {
    const page = await opened('/compare?filter=joint')
    expect(page.paramsOf('compare.table').at(-1)?.ids.toSorted()).toEqual(IDS.slice(2))
    const [, , joint] = RUNS
    if (joint === undefined) throw new Error('there is a third run')
    await page.news('runs.changed', { runs: [{ ...joint, id: 'c'.repeat(10), seed: 3 }], removed: [] })
    await waitFor(() => expect(page.paramsOf('compare.table').at(-1)?.ids).toContain('c'.repeat(10)))
  })

  it('compares no more than 200 runs, the newest, with the pinned one among them', async () => {
    const [plain] = RUNS
    if (plain === undefined) throw new Error('there is a run')
    const many = Array.from({ length: 205 }, (_, i) => ({
      ...plain,
      id: String(i).padStart(10, '0'),
      createdAt: 1000 - i,
    }))
    const last = many.at(-1)?.id ?? ''
    const page = await opened(`/compare?filter=plain&baseline=${last}`, {
      'runs.list': () => ({ total: many.length, runs: many }),
      'compare.table': () => refuse('too many'),
    })
    expect(page.text()).toContain('200 runs, the newest of 205 that match “plain”.')
    const asked = page.paramsOf('compare.table').at(-1)
    expect([asked?.ids.length, asked?.ids[0], asked?.baseline]).toEqual([200, last, last])
    expect(asked?.ids.slice(1)).toEqual(many.slice(0, 199).map((r) => r.id))
  })

  it('says which search finds nothing', async () => {
    const { text } = await opened('/compare?filter=nothing-like-it')
    expect(text()).toContain('No run matches this viewIts search is “nothing-like-it”.')
  })

  it('asks again when a compared run ends, and not for others', async () => {
    const page = await opened(ALL)
    const [plain] = RUNS
    if (plain === undefined) throw new Error('there is a run')
    const before = page.paramsOf('compare.table').length
    await page.news('runs.changed', {
      runs: [{ ...plain, id: 'c'.repeat(10), status: 'failed' }],
      removed: [],
    })
    await waitFor(() => expect(useRuns().byId.has('c'.repeat(10))).toBe(true))
    expect(page.paramsOf('compare.table')).toHaveLength(before)
    await page.news('runs.changed', { runs: [{ ...plain, status: 'stopped' }], removed: [] })
    await waitFor(() => expect(page.paramsOf('compare.table')).toHaveLength(before + 1))
  })

  it('compares the runs that are chosen in the dialog', async () => {
    const page = await opened('/compare')
    await page.user.click(screen.getAllByRole('button', { name: 'Choose runs' })[0] ?? document.body)
    await page.user.click(byRole('checkbox', 'Select joint, seed 2'))
    await page.user.click(byRole('checkbox', 'Select plain, seed 2'))
    await page.user.click(byRole('button', 'Compare these'))
    await settled()
    expect(query(page).get('runs')).toBe('bbbbbbbbb2,aaaaaaaaa2')
    expect(rows()).toHaveLength(2)
  })

  it('shows and hides columns, and remembers which', async () => {
    const page = await opened(ALL)
    await page.user.click(byRole('button', 'Columns'))
    await page.user.click(byRole('checkbox', /^V1 corr/))
    await settled()
    expect(query(page).get('columns')).toBe('-FinalTest/v1/eval')
    expect(page.paramsOf('ui.set').find(({ key }) => key === 'compare.columns')?.value).toEqual({
      'FinalTest/v1/eval': false,
    })
    await page.user.keyboard('{Escape}')
    const heads = within(byRole('region', 'Comparison')).getAllByRole('columnheader')
    expect(heads.map(words)).toEqual(['Run', 'Accuracy% ↑', 'Patienceevaluations', 'Seed'])
  })

  it('is worked by keys: rows by G, parts by Alt and a number, the choice of runs by Enter', async () => {
    const page = await opened(ALL)
    const onKey = (event: KeyboardEvent): void => useCommands().onKey(event)
    window.addEventListener('keydown', onKey)
    await page.user.keyboard('g')
    await settled()
    expect(query(page).get('group')).toBe('seeds')
    await page.user.keyboard('{Alt>}3{/Alt}')
    await settled()
    expect(query(page).get('tab')).toBe('options')
    await page.user.keyboard('{Control>}{Enter}{/Control}')
    await settled()
    window.removeEventListener('keydown', onKey)
    expect(byRole('dialog', 'Choose runs to compare').textContent).toContain('4 of at most 200 selected')
  })
})
