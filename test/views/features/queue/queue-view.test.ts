import { screen, waitFor, within } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import QueueView from '../../../../src-renderer/features/queue/QueueView.vue'
import { useCommands } from '../../../../src-renderer/stores/commands.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { RunStatus } from '../../../../src-shared/contract/run.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import type { Answers } from '../../../support/show.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { inApp, stores } from '../in-app.ts'
import { laidOut } from '../laid-out.ts'

laidOut()
const OK = { ok: true as const }
const summaries = demoRuns().map(({ summary }) => summary)
const idOf = (status: RunStatus, nth = 0): string =>
  summaries.filter((r) => r.status === status)[nth]?.id ?? ''
const running = idOf('running')
const [first, second, third] = [0, 1, 2].map((nth) => idOf('queued', nth))
const refuse = (message: string): never => {
  throw new CotrainError({ code: 'internal', message, hint: 'Look at the log.' })
}
const queue = (answers: Answers = {}) => show(inApp(QueueView), { answers })
const waiting = (): string[] =>
  within(byRole('list', /^Waiting runs/))
    .getAllByRole('listitem')
    .map((li) => li.getAttribute('aria-label')?.replace(/\. Alt.*/, '') ?? '')
const row = (place: number): HTMLElement => byRole('listitem', new RegExp(`^${place}: `))
const progress = {
  phase: 'training' as const,
  detail: '',
  epoch: 3,
  epochs: 12,
  step: 2900,
  stepOfEpoch: 86,
  stepsPerEpoch: 938,
  fraction: 0.09,
  imagesPerSecond: 1843,
  secondsLeft: 120,
  loaderWait: 0.013,
  memoryBytes: 2 ** 30,
  at: Date.now(),
}

describe('the queue', () => {
  it('shows what runs, what waits with its reason, and what ended, newest first', async () => {
    await queue()
    expect(byRole('link', 'co-trained, wider, seed 1000').getAttribute('href')).toBe(`/runs/${running}`)
    expect(waiting()).toEqual([
      '1: co-trained, wider, seed 2000, next, when co-trained, wider, seed 1000 ends',
      '2: co-trained, wider, seed 3000, after one run',
      '3: shuffled, wider, seed 2000, after 2 runs',
    ])
    const ended = within(byRole('region', 'Finished and stopped')).getAllByRole('link')
    expect(ended.map((link) => link.textContent)).toEqual([
      'co-trained, long',
      'co-trained, rate 0.1',
      'demo shuffled control',
      'demo co-trained',
      'demo baseline',
    ])
  })

  it('adds up how long the waiting runs take, and says when each starts', async () => {
    const { text, news } = await queue()
    expect(text()).toContain('About 10 min 51 s of work')
    await news('run.progress', { id: running, progress })
    await waitFor(() => expect(text()).toContain('About 12 min 51 s of work'))
    expect(waiting().map((line) => line.split(', ').at(-1))).toEqual([
      'in about 2 min',
      'in about 5 min 37 s',
      'in about 9 min 14 s',
    ])
  })

  it('says how many of the waiting runs nobody can know the length of', async () => {
    const runs = summaries.map((run) =>
      run.id === first
        ? { ...run, groupId: 'known' }
        : { ...run, groupId: run.id, dataset: run.status === 'queued' ? 'another' : run.dataset },
    )
    const { text } = await queue({ 'runs.list': () => ({ total: 9, runs }) })
    expect(text()).toMatch(/About 3 min 3\d s of work, and 2 runs of unknown length/)
  })

  it('pauses and goes on', async () => {
    const { user, paramsOf } = await queue()
    await user.click(byRole('button', 'Pause queue'))
    await settled()
    expect(paramsOf('queue.pause')).toHaveLength(1)
    expect(waiting()[0]).toContain('first when the queue goes on')
    await user.click(byRole('button', 'Continue queue'))
    await settled()
    expect(paramsOf('queue.resume')).toHaveLength(1)
    expect(byRole('button', 'Pause queue').textContent).toBe('Pause queue')
  })

  it('stays as it was when the service does not pause it, and says why', async () => {
    const { user, text } = await queue({ 'queue.pause': () => refuse('The queue file is locked.') })
    await user.click(byRole('button', 'Pause queue'))
    await settled()
    expect(text()).toContain('The queue file is locked.Look at the log.')
    expect(byRole('button', 'Pause queue').textContent).toBe('Pause queue')
  })

  it('moves a run and says where it is now', async () => {
    const { user, paramsOf, text } = await queue()
    await user.click(within(row(2)).getByRole('button', { name: 'Start earlier' }))
    await settled()
    expect(paramsOf('queue.move')).toEqual([{ id: second, to: 0 }])
    expect(waiting().map((line) => line.split(',')[2])).toEqual([' seed 3000', ' seed 2000', ' seed 2000'])
    expect(text()).toContain('Moved to place 1')
  })

  it('keeps the focus on a run that is moved by keyboard', async () => {
    const { user, paramsOf } = await queue()
    row(1).focus()
    await user.keyboard('{Alt>}{ArrowDown}{/Alt}')
    await settled()
    expect(paramsOf('queue.move')).toEqual([{ id: first, to: 1 }])
    expect(document.activeElement?.getAttribute('aria-label')).toMatch(/^2: co-trained, wider, seed 2000/)
  })

  it('gives a run a priority and says its new place', async () => {
    const { user, paramsOf, text } = await queue()
    const field = within(row(3)).getByRole('spinbutton')
    await user.clear(field)
    await user.type(field, '5')
    await user.tab()
    await settled()
    expect(paramsOf('queue.prioritise')).toEqual([{ id: third, priority: 5 }])
    expect(text()).toContain('Now at place 3')
  })

  it('takes a run out and puts it back where it was, with its priority', async () => {
    const state = {
      paused: false,
      slots: 1,
      running: [],
      waiting: [
        { id: first ?? '', name: 'a', reason: '', priority: 0 },
        { id: second ?? '', name: 'b', reason: '', priority: 7 },
      ],
    }
    const { user, calls, text } = await queue({
      'queue.get': () => state,
      'queue.remove': () => OK,
      'queue.retry': () => OK,
    })
    await user.click(within(row(2)).getByRole('button', { name: 'Take out of the queue' }))
    await settled()
    expect(text()).toContain('co-trained, wider was taken out of the queue.')
    const before = calls.length
    await user.click(byRole('button', 'Put back'))
    await settled()
    expect(calls.slice(before)).toEqual([
      { method: 'queue.retry', params: { id: second } },
      { method: 'queue.prioritise', params: { id: second, priority: 7 } },
      { method: 'queue.move', params: { id: second, to: 1 } },
      { method: 'queue.get', params: {} },
    ])
  })

  it('says where runs work, how many at a time, and why one waits for its card', async () => {
    const devices = ['a', 'b'].map((letter, n) => ({ uuid: `GPU-${letter}`, index: String(n), name: 'A100' }))
    const waits = 'waits for card 1 (A100), busy with run "long"'
    const state = {
      paused: false,
      slots: 2,
      devices,
      devicesNote: 'The H100 is divided (MIG), and its driver lists no instance',
      running: [{ id: running, name: 'long', progress: null, device: devices[1] }],
      waiting: [
        { id: first ?? '', name: 'a', reason: '', priority: 0, device: 'GPU-b', waits },
        { id: second ?? '', name: 'b', reason: '', priority: 0 },
      ],
    }
    const { user, text, paramsOf } = await queue({ 'queue.get': () => state, 'queue.choose': () => OK })
    expect(text()).toContain('Up to 2 runs at a time on 2 cards')
    expect(text()).toContain('Starting on the A100 (card 1)')
    expect(screen.getByRole('note').textContent).toContain('The H100 is divided (MIG)')
    expect(waiting()[0]).toBe(`1: a, seed 2000, ${waits}`)
    await user.selectOptions(byRole('combobox', 'Card of b, seed 3000'), '0: A100')
    await settled()
    expect(paramsOf('queue.choose')).toEqual([{ id: second, device: 'GPU-a' }])
  })

  it('puts a run back with the card that it had wished for', async () => {
    const devices = ['a', 'b'].map((letter, n) => ({ uuid: `GPU-${letter}`, index: String(n), name: 'A100' }))
    const waiting = [{ id: first ?? '', name: 'a', reason: '', priority: 0, device: 'GPU-b' }]
    const { user, paramsOf } = await queue({
      'queue.get': () => ({ paused: false, slots: 2, devices, running: [], waiting }),
      'queue.remove': () => OK,
      'queue.retry': () => OK,
      'queue.choose': () => OK,
    })
    await user.click(within(row(1)).getByRole('button', { name: 'Take out of the queue' }))
    await settled()
    await user.click(byRole('button', 'Put back'))
    await settled()
    expect(paramsOf('queue.choose')).toEqual([{ id: first, device: 'GPU-b' }])
  })

  it('keeps a run that the service does not take out, and offers nothing to put back', async () => {
    const { user, text } = await queue({ 'queue.remove': () => refuse('It has just started.') })
    await user.click(within(row(1)).getByRole('button', { name: 'Take out of the queue' }))
    await settled()
    expect(text()).toContain('It has just started.')
    expect(screen.queryByRole('button', { name: 'Put back' })).toBeNull()
    expect(waiting()).toHaveLength(3)
  })

  it('duplicates a waiting run with the first free seed of its setting', async () => {
    const { user, paramsOf, text } = await queue()
    await user.click(byRole('button', 'More for co-trained, wider, seed 2000'))
    await user.click(byRole('menuitem', /^Duplicate/))
    await settled()
    expect(paramsOf('runs.create').map(({ config }) => (config as { seed: number }).seed)).toEqual([3001])
    expect(text()).toContain('Queued with seed 3001')
    expect(waiting()).toHaveLength(4)
  })

  it('stops the running run at once or after its epoch', async () => {
    const { user, paramsOf } = await queue({ 'runs.stop': () => OK })
    await user.click(byRole('button', 'Finish epoch, then stop'))
    await user.click(byRole('button', 'Stop now'))
    expect(paramsOf('runs.stop')).toEqual([
      { id: running, when: 'epoch' },
      { id: running, when: 'now' },
    ])
  })

  it('resumes an interrupted run', async () => {
    const { user, paramsOf } = await queue()
    await user.click(byRole('button', 'Resume'))
    await settled()
    expect(paramsOf('runs.resume')).toEqual([{ id: idOf('interrupted') }])
  })

  it('retries all failed runs at once and counts those that were refused', async () => {
    const failed = summaries.map((run) =>
      run.status === 'interrupted' ? { ...run, status: 'failed' as const } : run,
    )
    const { user, paramsOf, text } = await queue({
      'runs.list': () => ({ total: failed.length, runs: failed }),
      'queue.retry': ({ id }) => (id === idOf('failed') ? refuse('Its data are gone.') : OK),
    })
    await user.click(byRole('button', 'Retry 2 failed'))
    await settled()
    expect(paramsOf('queue.retry').map(({ id }) => id)).toEqual([idOf('interrupted'), idOf('failed')])
    expect(text()).toContain('1 of 2 runs could not be queued again.')
  })

  it('gives commands for what runs and what failed, while it is open', async () => {
    const { paramsOf } = await queue({ 'runs.stop': () => OK })
    const command = (id: string) => useCommands(stores()).all.find((c) => c.id === id)
    expect(command(`queue stop ${running}`)?.title).toBe('Stop co-trained, wider, seed 1000 now')
    command(`queue finish ${running}`)?.run()
    command('queue retry failed')?.run()
    await settled()
    expect(paramsOf('runs.stop')).toEqual([{ id: running, when: 'epoch' }])
    expect(paramsOf('queue.retry')).toEqual([{ id: idOf('failed') }])
    await show(inApp(QueueView), { state: 'empty' })
    expect(command('queue retry failed')?.blocked).toBe('No run has failed')
  })

  it('offers no retry of all for a single failure', async () => {
    await queue()
    expect(screen.queryByRole('button', { name: /^Retry \d/ })).toBeNull()
  })

  it('follows what another window does', async () => {
    const { news, text } = await queue()
    await news('queue.changed', { paused: true, slots: 1, waiting: [], running: [] })
    expect(text()).toContain('The CPU is free. The queue is paused.')
    expect(text()).toContain('Nothing waits.')
    expect(byRole('button', 'Continue queue').textContent).toBe('Continue queue')
  })

  it('leads to an experiment or to the demo when there is nothing', async () => {
    const { user, where, text } = await show(inApp(QueueView), { state: 'empty' })
    expect(text()).toContain('Nothing waits or runs')
    await user.click(byRole('button', 'New experiment'))
    await settled()
    expect(where()).toBe('/edit?new=1')
  })

  it('does not claim that nothing waits before the service has answered', async () => {
    const { text } = await show(inApp(QueueView), { state: 'loading' })
    expect(text()).not.toContain('Nothing waits')
    expect(text()).toContain('Loading the queue')
  })

  it('says why there is no queue when the service cannot read it', async () => {
    const { text } = await show(inApp(QueueView), { state: 'error' })
    expect(text()).toContain('The run index could not be read.')
  })

  it('is read again on request, and shown beside runs that cannot be read', async () => {
    let isBroken = true
    const { user, text } = await queue({
      'queue.get': () =>
        isBroken ? refuse('The queue is damaged.') : { paused: true, slots: 1, waiting: [], running: [] },
      'runs.list': () => (isBroken ? { total: 0, runs: [] } : refuse('The index is damaged.')),
    })
    expect(screen.getByRole('alert').textContent).toContain(
      'The queue could not be readThe queue is damaged.Look at the log.',
    )
    isBroken = false
    await user.click(byRole('button', 'Try again'))
    await settled()
    expect(text()).toContain('The runs could not be readThe index is damaged.')
    expect(text()).not.toContain('Nothing waits or runs')
  })
})
