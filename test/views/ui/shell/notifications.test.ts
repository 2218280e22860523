import { screen, waitFor } from '@testing-library/dom'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import { useSettings } from '../../../../src-renderer/stores/settings.ts'
import { byRole, settled, show } from '../../../support/show.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'
import { ShellPage } from './shell-page.ts'

const RUNS = demoRuns().map(({ summary }) => summary)
const first = (status: RunSummary['status']): RunSummary => {
  const found = RUNS.find((r) => r.status === status)
  if (found === undefined) throw new Error(`no run is ${status}`)
  return found
}
const RUNNING = first('running')

describe('news to the desktop', () => {
  class Note {
    static permission = 'granted'
    onclick: (() => void) | null = null
    readonly title: string
    readonly body: string | undefined
    constructor(title: string, options?: NotificationOptions) {
      this.title = title
      this.body = options?.body
      notes.push(this)
    }
  }
  let notes: Note[] = []
  beforeEach(() => {
    notes = []
    Note.permission = 'granted'
    vi.stubGlobal('Notification', Note)
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })
  const end = async (more: Partial<RunSummary>) => {
    useRuns().put({ ...RUNNING, ...more })
    await settled()
  }

  it('says which run finished with which scores, and opens it when it is clicked', async () => {
    const { where } = await show(ShellPage)
    expect(notes).toEqual([])
    await end({ status: 'finished', seconds: 190, scores: { 'FinalTest/img_classification/eval': 94.12 } })
    expect(notes.map(({ title, body }) => [title, body])).toEqual([
      ['co-trained, wider finished', expect.stringMatching(/: 94\.1 %\n3 min 10 s$/)],
    ])
    notes[0]?.onclick?.()
    await settled()
    expect(where()).toBe(`/runs/${RUNNING.id}`)
  })

  it('says why a run failed, and that an interrupted one can be resumed', async () => {
    await show(ShellPage)
    const problem = { code: 'out-of-memory' as const, message: 'Too little memory.' }
    await end({ status: 'failed', problem })
    await end({ status: 'running' })
    await end({ status: 'interrupted' })
    expect(notes.map(({ title, body }) => `${title}: ${body}`)).toEqual([
      'co-trained, wider failed: Too little memory.',
      'co-trained, wider was interrupted: Its process is gone. It can be resumed.',
    ])
  })

  it('says nothing of a run that begins, that a person stopped, or that has ended before', async () => {
    await show(ShellPage)
    await end({ status: 'stopping' })
    await end({ status: 'stopped' })
    useRuns().put({ ...first('finished'), note: 'new note' })
    await settled()
    expect(notes).toEqual([])
  })

  it('does not come where a person looks already, asked for none or did not allow it', async () => {
    await show(ShellPage)
    vi.spyOn(document, 'hasFocus').mockReturnValue(true)
    await end({ status: 'finished' })
    vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    await end({ status: 'running' })
    await useSettings().save({ notify: false })
    await end({ status: 'finished' })
    await useSettings().save({ notify: true })
    await end({ status: 'running' })
    Note.permission = 'denied'
    await end({ status: 'finished' })
    expect(notes).toEqual([])
  })
})

describe('the title of the window', () => {
  const at = `/runs/${RUNNING.id}`
  const progress = {
    phase: 'training' as const,
    detail: '',
    epoch: 2,
    epochs: 4,
    step: 10,
    stepOfEpoch: 1,
    stepsPerEpoch: 3,
    fraction: 0.3,
    imagesPerSecond: 1,
    secondsLeft: 1,
    loaderWait: 0,
    memoryBytes: 1,
    at: 1,
  }

  it('has the name of the open run, and how far the running one is before it', async () => {
    const { news } = await show(ShellPage, { at })
    expect(document.title).toBe('co-trained, wider - CoTrain')
    const queue = { paused: false, slots: 1, waiting: [] }
    await news('queue.changed', { ...queue, running: [{ id: RUNNING.id, name: 'x', progress }] })
    expect(document.title).toBe('33 % co-trained, wider - CoTrain')
    useRuns().put({ ...RUNNING, name: 'another name' })
    await settled()
    expect(document.title).toBe('33 % another name - CoTrain')
    await news('queue.changed', { ...queue, running: [] })
    expect(document.title).toBe('another name - CoTrain')
  })

  it('is that of the app where there is no other', async () => {
    await show(ShellPage)
    expect(document.title).toBe('CoTrain')
  })
})

describe('the focus in a new view', () => {
  it('is on its heading from the second on, so that it is read', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard('{Control>}4{/Control}')
    await settled()
    await user.keyboard('{Control>}5{/Control}')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })))
  })

  it('is on its heading the first time that one goes on from the start', async () => {
    const { user } = await show(ShellPage)
    await user.keyboard('{Control>}4{/Control}')
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('heading', { level: 1 })), {
      timeout: 300,
    })
  })

  it('stays in a dialog that is open', async () => {
    const { user, where } = await show(ShellPage)
    await user.keyboard('{Control>}4{/Control}')
    await settled()
    await user.keyboard('{Control>}p{/Control}')
    const box = byRole('textbox', 'Open a run')
    await user.click(box)
    await user.keyboard('{Control>}5{/Control}')
    await settled()
    expect(where()).toBe('/runs')
    expect(document.activeElement).toBe(box)
  })
})
