import { screen } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import FailureCard from '../../../../../src-renderer/features/run/failure/FailureCard.vue'
import type { RunSummary } from '../../../../../src-shared/contract/run.ts'
import { useEditor } from '../../../../../src-renderer/stores/editor.ts'
import { demoRuns } from '../../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../../support/show.ts'
import { byRole, settled, show } from '../../../../support/show.ts'
import { inApp, stores } from '../../in-app.ts'

const failed = demoRuns().find(({ summary }) => summary.status === 'failed')
if (failed === undefined) throw new Error('no failed demo run')
const { id } = failed.summary
const AT = Date.UTC(2026, 2, 1, 12)
const line = (level: string, text: string) => ({ at: AT, level, text })
const BAD = line('error', 'The loss of /home/ada/cats is NaN')

const card = (more: Partial<RunSummary> = {}, config: unknown = failed.config, answers: Answers = {}) =>
  show(inApp(FailureCard), {
    props: { run: { ...failed.summary, ...more }, config },
    answers: { 'runs.log': () => ({ total: 1, lines: [BAD] }), ...answers },
  })
const problem = (code: string, message = 'It broke.') => ({ problem: { code, message } })
/** Steps with what they do, in order. */
const steps = (): string[] => screen.getAllByRole('listitem').map((li) => li.textContent ?? '')
const title = (): string => screen.getByRole('heading').textContent?.replaceAll(/\s+/g, ' ').trim() ?? ''

describe('the card of a failure', () => {
  it('says cause, place and what to do next', async () => {
    const { text } = await card()
    expect(title()).toBe('This run failed: numbers that are not finite')
    expect(text()).toContain('The v1 loss was not a number at step 118 of epoch 3')
    expect(text()).toContain('trainer.config.optimizer_options.lr')
    expect(text()).toContain('NextLower the learning rate by ten')
  })

  it('shows the warnings of the log, without the name of the home folder', async () => {
    const { paramsOf } = await card()
    expect(screen.getByLabelText('Last lines of the log').textContent).toBe(
      'error  The loss of ~/cats is NaN',
    )
    expect(paramsOf('runs.log').map(({ level, limit }) => [level, limit])).toEqual([
      ['warn', 6],
      [undefined, 6],
    ])
  })

  it('shows the last lines where there was no warning, and says when the log is empty', async () => {
    await card(
      {},
      {},
      {
        'runs.log': ({ level }) => ({
          total: 1,
          lines: level === 'warn' ? [] : [line('info', 'epoch 3 of 12')],
        }),
      },
    )
    expect(screen.getByLabelText('Last lines of the log').textContent).toBe('info  epoch 3 of 12')
    const { text } = await card({}, {}, { 'runs.log': () => ({ total: 0, lines: [] }) })
    expect(text()).toContain('The log has no lines.')
  })

  it('names the state and the kind of what happened', async () => {
    const seen: string[] = []
    for (const more of [
      { status: 'diverged' as const, ...problem('non-finite') },
      problem('out-of-memory'),
      problem('disk-full'),
      problem('data-missing'),
      problem('config-invalid'),
      problem('internal'),
      problem('worker', 'The process was ended by SIGKILL'),
      { status: 'interrupted' as const, problem: null },
    ]) {
      await card(more)
      seen.push(title())
    }
    expect(seen).toEqual([
      'This run diverged: numbers that are not finite',
      'This run failed: out of memory',
      'This run failed: disk full',
      'This run failed: data missing or changed',
      'This run failed: an option that cannot be used',
      'This run failed: the engine stopped',
      'This run failed: process killed',
      'This run was interrupted: process killed',
    ])
  })

  it('explains an interruption without a word, and where the run goes on', async () => {
    const { text } = await card({ status: 'interrupted', problem: null })
    expect(text()).toContain('The process of this run is gone without a word')
    expect(text()).toContain('it continues exactly where its last checkpoint was made')
  })

  it('opens a copy with a lower learning rate in the editor', async () => {
    const config = {
      ...failed.config,
      trainer: { fn: 'cotrainer', config: { optimizer_options: { lr: 0.1 } } },
    }
    const { user, where } = await card({}, config)
    expect(steps()[0]).toBe('Edit a copy with a lower learning ratelr: 0.1 becomes 0.03')
    await user.click(byRole('button', 'Edit a copy with a lower learning rate'))
    await settled()
    expect(where()).toBe('/edit')
    expect(useEditor(stores()).text).toMatch(/lr: 0\.03\b/)
    expect(useEditor(stores()).origin.run).toBe(id)
  })

  it('halves every batch after memory ran out', async () => {
    const config = { dataset: { config: { batch_size: 64, v1: { batch_size: 25 } } } }
    const { user } = await card(problem('out-of-memory'), config)
    expect(steps()[0]).toBe(
      'Edit a copy: halve the batchbatch_size: 64 becomes 32, batch_size: 25 becomes 12',
    )
    expect(steps()[2]).toContain('Resumehelps when other programs held the memory')
    await user.click(byRole('button', 'Edit a copy: halve the batch'))
    await settled()
    expect(useEditor(stores()).text).toMatch(/batch_size: 32\b/)
  })

  it('resumes the run', async () => {
    const { user, paramsOf } = await card(problem('disk-full'))
    await user.click(byRole('button', 'Resume'))
    expect(paramsOf('runs.resume')).toEqual([{ id }])
  })

  it('leads to the data, the engine or the settings', async () => {
    for (const [code, name, path] of [
      ['data-changed', 'Look at the data', '/data'],
      ['internal', 'Check the engine', '/doctor'],
      ['disk-full', 'Storage settings', '/settings'],
    ] as const) {
      const { user, where } = await card(problem(code))
      await user.click(byRole('button', name))
      await settled()
      expect(where()).toBe(path)
    }
  })

  it('offers no steps for a run whose folder cannot be read', async () => {
    await card({ readable: false })
    expect(screen.queryAllByRole('listitem')).toHaveLength(0)
  })

  it('says when a run is tried again by itself, and lets a person call that off', async () => {
    const next = { tried: 1, most: 3, nextAt: AT, why: '' }
    const { user, text, paramsOf, change } = await card({ retry: next })
    expect(text()).toMatch(/Tried 1 of 3, next at \d\d:\d\d:\d\d\./)
    await user.click(byRole('button', 'Do not try again'))
    await settled()
    expect(paramsOf('runs.stop')).toEqual([{ id, when: 'now' }])
    const over = { ...next, tried: 2, nextAt: null, why: 'it ended in the same way twice.' }
    await change({ run: { ...failed.summary, retry: over } })
    expect(text()).toContain('Tried 2 of 3; it is not tried again by itself: it ended in the same way twice.')
    expect(screen.queryByRole('button', { name: 'Do not try again' })).toBeNull()
  })

  it('leads to the whole log', async () => {
    const { user, emitted } = await card()
    await user.click(byRole('button', 'Whole log'))
    expect(emitted).toEqual([{ name: 'log', values: [] }])
  })

  it('shows a report for others with what was taken out, and copies just that', async () => {
    const { user, text } = await card()
    await user.click(byRole('button', 'Report'))
    const shown = screen.getByLabelText('Text of the report').textContent ?? ''
    expect(text()).toContain('Taken out: 1 × home folder.')
    await user.click(byRole('button', 'Copy'))
    await settled()
    expect(await navigator.clipboard.readText()).toBe(shown)
    expect(shown.split('\n')).toEqual([
      `Run ${id.slice(0, 10)} "co-trained, rate 0.1" (failed)`,
      'Data set mtl_loader, model mtl_builder, trainer cotrainer, seed 1000, engine native',
      'Epoch 5 of 12',
      expect.stringMatching(/^Cause: The v1 loss .* \(trainer\.config\.optimizer_options\.lr\)$/),
      expect.stringMatching(/^Next: Lower the learning rate/),
      'Log:',
      '  2026-03-01T12:00:00.000Z error The loss of ~/cats is NaN',
    ])
    expect(byRole('button', 'Copied').textContent).toBe('Copied')
    expect(text()).toContain('Copied')
  })
})
