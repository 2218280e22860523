import { screen, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import EndedList from '../../../../src-renderer/features/queue/EndedList.vue'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { NOW, demoRuns, manyRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { byRole, show } from '../../../support/show.ts'

const summaries = demoRuns().map(({ summary }) => summary)
const ended = (status: RunSummary['status'], more: Partial<RunSummary> = {}): RunSummary => {
  const [like] = summaries
  if (like === undefined) throw new Error('no demo run')
  return { ...like, id: 'a1', name: 'mine', seed: 4, status, seconds: 95, endedAt: NOW - 120_000, ...more }
}
const one = (run: RunSummary) => show(EndedList, { props: { runs: [run], now: NOW } })
const buttons = (): string[] => screen.getAllByRole('button').map((b) => b.textContent ?? '')
const NOT_FINITE = { code: 'non-finite', message: 'The loss was not a number.' }
const KILLED = { code: 'worker', message: 'The process was ended by SIGKILL.' }

describe('the list of runs that ended', () => {
  it('says name, seed, state, time of work and age of a run', async () => {
    const { text } = await one(ended('finished'))
    expect(text()).toContain('mineseed 4 finished')
    expect(text()).toContain('1 min 35 s, 2 min ago')
    expect(byRole('link', 'mine').getAttribute('href')).toBe('/runs/a1')
    expect(buttons().filter((name) => name.trim() !== '')).toEqual([])
  })

  it('says why a run ended beside its state', async () => {
    const end = { reason: 'early-stopping', epoch: 5, scoredEpoch: 3, divergence: null, untrained: [] }
    const { text } = await one({ ...ended('finished'), end: end as RunSummary['end'] })
    expect(text()).toContain('finished: early stopping')
  })

  it('resumes a run that was stopped or interrupted', async () => {
    for (const status of ['stopped', 'interrupted'] as const) {
      const { user, emitted } = await one(ended(status))
      await user.click(byRole('button', 'Resume'))
      expect(emitted).toEqual([{ name: 'resume', values: ['a1'] }])
    }
  })

  it('retries a failure that may pass, and shows its message', async () => {
    const { user, emitted, text } = await one(ended('failed', { problem: KILLED }))
    expect(text()).toContain('The process was ended by SIGKILL.')
    await user.click(byRole('button', 'Retry'))
    expect(emitted).toEqual([{ name: 'retry', values: ['a1'] }])
  })

  it('edits a copy of what would fail again, and keeps the retry in the menu', async () => {
    const { user, emitted } = await one(ended('failed', { problem: NOT_FINITE }))
    expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
    await user.click(byRole('button', 'Edit a copy'))
    await user.click(byRole('button', 'More for mine, seed 4'))
    await user.click(byRole('menuitem', 'Retry unchanged'))
    expect(emitted).toEqual([
      { name: 'edit', values: ['a1'] },
      { name: 'retry', values: ['a1'] },
    ])
  })

  it('duplicates and edits by the menu of each run', async () => {
    const { user, emitted } = await one(ended('finished'))
    await user.click(byRole('button', 'More for mine, seed 4'))
    expect(screen.queryByRole('menuitem', { name: 'Retry unchanged' })).toBeNull()
    await user.click(byRole('menuitem', 'Duplicate with the next seed'))
    await user.click(byRole('button', 'More for mine, seed 4'))
    await user.click(byRole('menuitem', 'Edit a copy'))
    expect(emitted).toEqual([
      { name: 'duplicate', values: ['a1'] },
      { name: 'edit', values: ['a1'] },
    ])
  })

  it('shows twenty runs and leads to the others', async () => {
    const runs = manyRuns(25).map(({ summary }) => summary)
    await show(EndedList, { props: { runs, now: NOW } })
    const rows = screen.getAllByRole('listitem')
    expect(rows).toHaveLength(21)
    const more = within(rows[20] ?? document.body).getByRole('link', { name: 'All 25 ended runs' })
    expect(more.getAttribute('href')).toBe('/runs')
  })

  it('does not lead to others when it shows all', async () => {
    await show(EndedList, { props: { runs: manyRuns(20).map(({ summary }) => summary), now: NOW } })
    expect(screen.getAllByRole('listitem')).toHaveLength(20)
    expect(screen.queryByRole('link', { name: /ended runs/ })).toBeNull()
  })
})
