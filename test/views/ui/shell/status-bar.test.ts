import { screen, waitFor, within } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { useApp } from '../../../../src-renderer/stores/app.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { DOCTOR } from '../../../support/fake-renderer/made-up-machine.ts'
import { ShellPage } from './shell-page.ts'

type Doctor = Result<'app.doctor'>
const bar = () => within(byRole('contentinfo', 'Status'))
const engine = () => bar().getAllByRole('link')[0]
const queueLink = () => bar().getAllByRole('link').at(-1)
const progress = (more: object = {}) => ({
  phase: 'training' as const,
  detail: '',
  epoch: 3,
  epochs: 12,
  step: 1000,
  stepOfEpoch: 50,
  stepsPerEpoch: 100,
  fraction: 0.2,
  imagesPerSecond: 1000,
  secondsLeft: 95,
  loaderWait: 0,
  memoryBytes: 2 ** 30,
  at: Date.now(),
  ...more,
})
const withQueue = (queue: Partial<Result<'queue.get'>>) => ({
  'queue.get': () => ({ paused: false, slots: 1, waiting: [], running: [], ...queue }),
})
const waiting = [{ id: 'w1', name: 'later', priority: 0, reason: 'Waits.' }]

describe('the bar at the foot of the window', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it.each([
    [{}, 'TensorFlow on the CPU', DOCTOR.backend.reason],
    [{ backend: { ...DOCTOR.backend, gpu: true } }, 'TensorFlow on the GPU', DOCTOR.backend.reason],
    [
      { backend: { ...DOCTOR.backend, name: 'wasm' as const } },
      'Embedded engine on the CPU, about four times slower',
      null,
    ],
    [
      { backend: { ...DOCTOR.backend, name: 'cpu' as const } },
      'Plain JavaScript engine on the CPU, very slow',
      null,
    ],
    [{ unusedGpu: 'No cuDNN.' }, 'TensorFlow on the CPU (the GPU is not used)', 'No cuDNN.'],
  ] satisfies [Partial<Doctor>, string, string | null][])(
    'names the engine for %j',
    async (more, words, why) => {
      await show(ShellPage, { answers: { 'app.doctor': () => ({ ...DOCTOR, ...more }) } })
      expect(engine()?.textContent.trim()).toBe(words)
      expect(engine()?.getAttribute('href')).toBe('/doctor')
      if (why !== null) expect(engine()?.title).toBe(why)
    },
  )

  it('says that the engine is looked for, or unknown', async () => {
    await show(ShellPage, { state: 'loading' })
    expect(engine()?.textContent.trim()).toBe('Looking for the engine')
    expect(engine()?.title).toBe('Engine')
    expect(queueLink()?.textContent).toBe('')
    await show(ShellPage, { state: 'error' })
    expect(engine()?.textContent.trim()).toBe('Engine unknown')
  })

  it('says how far the first running run is and leads to it', async () => {
    const running = [
      { id: 'r1', name: 'V1 seed 2', progress: progress() },
      { id: 'r2', name: 'other', progress: progress() },
    ]
    await show(ShellPage, { answers: withQueue({ running, waiting, slots: 2 }) })
    expect(byRole('link', 'V1 seed 2').getAttribute('href')).toBe('/runs/r1')
    expect(byRole('progressbar', 'Progress of V1 seed 2').getAttribute('aria-valuenow')).toBe('21')
    expect(bar().getByText(/Epoch/).textContent).toBe(
      'Epoch 3 of 12, 10 s each, at most 1 min 35 s left, news just now',
    )
    expect(queueLink()?.textContent).toBe('1 waiting')
  })

  it('says how old the last news of a run is', async () => {
    const old = progress({ phase: 'saving', at: Date.now() - 65_500, secondsLeft: null })
    await show(ShellPage, { answers: withQueue({ running: [{ id: 'r1', name: 'run', progress: old }] }) })
    expect(bar().getByText(/Saving/).textContent).toBe('Saving, time left unknown, news 1 min 5 s ago')
    expect(queueLink()?.textContent).toBe('Nothing else waiting')
  })

  it('counts the seconds since the last news', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const running = [{ id: 'r1', name: 'run', progress: progress() }]
    await show(ShellPage, { answers: withQueue({ running }) })
    expect(bar().getByText(/Epoch/).textContent).toMatch(/news just now$/)
    vi.advanceTimersByTime(4000)
    await settled()
    expect(bar().getByText(/Epoch/).textContent).toMatch(/news 4 s ago$/)
  })

  it('prefers the newest news of a run to what the queue knew', async () => {
    const running = [{ id: 'r1', name: 'run', progress: progress() }]
    const { news } = await show(ShellPage, { answers: withQueue({ running }) })
    await news('run.progress', { id: 'r1', progress: progress({ epoch: 6 }) })
    await waitFor(() => expect(bar().getByText(/Epoch/).textContent).toContain('Epoch 6 of 12'))
  })

  it.each([
    [{}, 'Queue empty'],
    [{ waiting }, '1 waiting'],
    [{ waiting, paused: true }, 'Queue paused, 1 waiting'],
    [{ paused: true }, 'Queue paused, 0 waiting'],
    [{ running: [{ id: 'r1', name: 'run', progress: null }] }, 'Nothing else waiting'],
  ])('says of the queue %j: %s', async (queue, words) => {
    const { user, where } = await show(ShellPage, { answers: withQueue(queue) })
    expect(queueLink()?.textContent).toBe(words)
    expect(screen.queryByRole('progressbar')).toBeNull()
    if (queueLink() !== undefined) await user.click(byRole('link', words))
    await settled()
    expect(where()).toBe('/queue')
  })

  it('follows what another window does with the queue', async () => {
    const { news } = await show(ShellPage, { answers: withQueue({}) })
    await news('queue.changed', { paused: true, slots: 1, running: [], waiting })
    expect(queueLink()?.textContent).toBe('Queue paused, 1 waiting')
  })

  it('says how far the engine is set up', async () => {
    const { news, text } = await show(ShellPage)
    const text1 = 'Fetching TensorFlow, 120 of 400 MiB'
    await news('setup.progress', { route: 'wheel', phase: 'fetch', bytes: 1, totalBytes: 2, text: text1 })
    expect(text()).toContain(text1)
  })

  it('says when the service does not answer any more', async () => {
    await show(ShellPage)
    expect(bar().queryByRole('status')).toBeNull()
    useApp().link = 'lost'
    await settled()
    expect(bar().getByRole('status').textContent.trim()).toBe('Service not reachable, trying again')
    useApp().link = 'open'
    await settled()
    expect(bar().queryByRole('status')).toBeNull()
  })

  it('finds the engine once the service answers again', async () => {
    let isDown = true
    await show(ShellPage, {
      answers: {
        'app.doctor': () => {
          if (isDown) throw new CotrainError({ code: 'internal', message: 'Down.' })
          return DOCTOR
        },
      },
    })
    expect(engine()?.textContent.trim()).toBe('Engine unknown')
    isDown = false
    await useApp().load()
    await settled()
    expect(engine()?.textContent.trim()).toBe('TensorFlow on the CPU')
  })
})
