import { screen, waitFor } from '@testing-library/dom'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { h, nextTick } from 'vue'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { call } from '../../../../src-renderer/api/client.ts'
import { useAnnouncer } from '../../../../src-renderer/stores/announcer.ts'
import { useRuns } from '../../../../src-renderer/stores/runs.ts'
import { useToasts } from '../../../../src-renderer/stores/toasts.ts'
import LiveRegion from '../../../../src-renderer/ui/shell/LiveRegion.vue'
import ToastStack from '../../../../src-renderer/ui/shell/ToastStack.vue'
import { byRole, settled, show } from '../../../support/show.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

/** The messages that are on the page, oldest first, without the copies for screen readers. */
const messages = () =>
  screen.queryAllByRole('listitem').map((m) => m.textContent.replaceAll(/\s+/g, ' ').trim())

describe('messages', () => {
  afterEach(() => vi.useRealTimers())

  it('offer what can be done about them once', async () => {
    const { user } = await show(ToastStack)
    let undone = 0
    useToasts().tell('3 runs removed', { label: 'Undo', run: () => undone++ })
    await settled()
    expect(messages()).toEqual(['3 runs removedUndo'])
    await user.click(byRole('button', 'Undo'))
    await settled()
    expect(undone).toBe(1)
    expect(messages()).toEqual([])
  })

  it('are put away by their button alone', async () => {
    const { user } = await show(ToastStack)
    let undone = 0
    useToasts().tell('A run removed', { label: 'Undo', run: () => undone++ })
    useToasts().tell('Saved')
    await settled()
    const [close] = screen.getAllByRole('button', { name: 'Dismiss' })
    if (close !== undefined) await user.click(close)
    await settled()
    expect(messages()).toEqual(['Saved'])
    expect(undone).toBe(0)
  })

  it('are three at most, the newest', async () => {
    await show(ToastStack)
    for (const text of ['one', 'two', 'three', 'four']) useToasts().tell(text)
    await settled()
    expect(messages()).toEqual(['two', 'three', 'four'])
  })

  it('say what the service refuses and what to do, and never throw', async () => {
    await show(ToastStack, {
      answers: {
        'queue.pause': () => {
          throw new CotrainError([
            { code: 'internal', message: 'The disk is full.', hint: 'Make room.' },
            { code: 'internal', message: 'Second.' },
          ])
        },
      },
    })
    expect(await useToasts().guard(() => call('queue.pause', {}))).toBe(false)
    expect(await useToasts().guard(() => call('queue.get', {}))).toBe(true)
    useToasts().fail('a word')
    await settled()
    expect(messages()).toEqual(['The disk is full.Make room.', 'a word'])
  })

  it.each([
    ['bad', 'assertive'],
    ['info', 'polite'],
  ] as const)('that are %s are said %s', async (tone, live) => {
    await show(ToastStack)
    useToasts().show({ tone, text: 'The disk is full.', hint: 'Make room.', action: null })
    await waitFor(() => {
      const said = screen.getAllByRole('alert', { hidden: true })
      expect(said.map((a) => a.getAttribute('aria-live'))).toEqual([live])
    })
  })

  it('are reached by F8, and what can be done about them by Tab', async () => {
    const { user } = await show(ToastStack)
    useToasts().tell('A run removed', { label: 'Undo', run: () => undefined })
    await settled()
    await user.keyboard('{F8}')
    expect(byRole('region', /^Messages/).contains(document.activeElement)).toBe(true)
    await user.tab()
    expect(screen.getByRole('listitem')).toBe(document.activeElement)
    await user.tab()
    expect(byRole('button', 'Undo')).toBe(document.activeElement)
    await user.keyboard('{Enter}')
    await settled()
    expect(messages()).toEqual([])
  })

  it('leave by themselves after a while', async () => {
    await show(ToastStack)
    vi.useFakeTimers()
    useToasts().tell('Saved')
    await vi.advanceTimersByTimeAsync(8000)
    expect(messages()).toEqual(['Saved'])
    await vi.advanceTimersByTimeAsync(2000)
    expect(messages()).toEqual([])
  })
})

describe('what is said to screen readers', () => {
  const RUNS = demoRuns().map(({ summary }) => summary)
  const page: Component = { render: () => h(LiveRegion) }
  const said = () => screen.getByRole('status').textContent
  const as = (i: number, status: RunSummary['status']): RunSummary => {
    const run = RUNS[i]
    if (run === undefined) throw new Error('no such run')
    return { ...run, status }
  }
  afterEach(() => vi.useRealTimers())

  it('is each change of state, one after the other', async () => {
    await show(page)
    await useRuns().load()
    await nextTick()
    expect(said()).toBe('')
    vi.useFakeTimers()
    useRuns().put(as(5, 'finished'))
    await nextTick()
    await nextTick()
    useRuns().put(as(6, 'running'))
    await nextTick()
    await nextTick()
    expect(said()).toBe('co-trained, wider is finished')
    await vi.advanceTimersByTimeAsync(1500)
    expect(said()).toBe('co-trained, wider is running')
    useRuns().put({ ...as(6, 'running'), note: 'new' })
    await vi.advanceTimersByTimeAsync(5000)
    expect(said()).toBe('co-trained, wider is running')
  })

  it('is a number where many change at once', async () => {
    await show(page)
    await useRuns().load()
    await nextTick()
    for (const i of [5, 6, 7, 8]) useRuns().put(as(i, 'stopped'))
    await settled()
    expect(said()).toBe('4 runs changed their state')
  })

  it('is also the first run of all', async () => {
    await show(page, { state: 'empty' })
    await useRuns().load()
    await settled()
    useRuns().put(as(8, 'queued'))
    await settled()
    expect(said()).toBe('shuffled, wider is queued')
  })

  it('waits until the sentence before was read', async () => {
    await show(page)
    vi.useFakeTimers()
    const texts: string[] = []
    for (const text of ['Copied', 'Saved', 'Removed']) useAnnouncer().say(text)
    for (let i = 0; i < 4; i++) {
      await nextTick()
      texts.push(said())
      await vi.advanceTimersByTimeAsync(1500)
    }
    expect(texts).toEqual(['Copied', 'Saved', 'Removed', 'Removed'])
    useAnnouncer().say('Again')
    await nextTick()
    expect(said()).toBe('Again')
  })
})
