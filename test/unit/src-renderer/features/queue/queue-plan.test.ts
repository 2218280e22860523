import { describe, expect, it } from 'vitest'
import type { KnownRun } from '../../../../../src-renderer/features/queue/queue-plan.ts'
import {
  deviceText,
  expectedSeconds,
  planOf,
  slotsFree,
  slotsText,
  totalText,
  waitText,
} from '../../../../../src-renderer/features/queue/queue-plan.ts'

const run = (id: string, change: Partial<KnownRun> = {}): KnownRun => ({
  id,
  status: 'finished',
  seconds: 60,
  groupId: 'a',
  dataset: 'digits',
  model: 'cnn',
  trainer: 'cotrainer',
  epochs: 5,
  ...change,
})

describe('the time that a run will take', () => {
  const expected = expectedSeconds([
    run('1', { seconds: 50 }),
    run('2', { seconds: 70 }),
    run('3', { seconds: 500 }),
    run('4', { seconds: 9, status: 'failed' }),
    run('5', { seconds: 200, groupId: 'b', epochs: 20 }),
  ])

  it('is the median over the finished runs of its setting', () => {
    expect(expected(run('6', { status: 'queued' }))).toBe(70)
  })

  it('falls back to runs of the same parts and epochs, and is unknown without any', () => {
    expect(expected(run('6', { groupId: 'c', epochs: 20 }))).toBe(200)
    expect(expected(run('6', { groupId: 'c', epochs: 21 }))).toBeNull()
    expect(expected(undefined)).toBeNull()
  })
})

describe('the plan of the queue', () => {
  const plans = planOf([60, 120, null, 30], [100])

  it('adds up what runs and waits before, until a run of unknown length', () => {
    expect(plans.map(({ startsIn }) => startsIn)).toEqual([100, 160, 280, null])
  })

  it('gives each run the slot that is free first; one with a run of unknown length is not counted on', () => {
    const starts = (takes: (number | null)[], left: (number | null)[], slots = 3) =>
      planOf(takes, slotsFree(slots, left)).map(({ startsIn }) => startsIn)
    expect(starts([60, 60, 60, 10, 10], [100, 5])).toEqual([0, 5, 60, 65, 75])
    expect(starts([60, 60, 60], [null, 20, null])).toEqual([20, 80, 140])
    expect(starts([60, null], [null], 1)).toEqual([null, null])
    expect(starts([null, 30], [10, 20], 2)).toEqual([10, 20])
  })

  it('says how many work where', () => {
    const [a, b] = ['0', '1'].map((index) => ({ uuid: `GPU-${index}`, index, name: 'A100' }))
    const devices = [a, b].filter((device) => device !== undefined)
    expect(slotsText({ slots: 1 }, 'CPU')).toMatch(/^One run at a time on the CPU;/)
    expect(slotsText({ slots: 2, devices: devices.slice(1) }, 'GPU')).toMatch(
      /^Up to 2 runs at a time on the GPU;/,
    )
    expect(slotsText({ slots: 4, devices }, 'GPU')).toMatch(/^Up to 4 runs at a time on 2 cards;/)
    expect(deviceText(undefined, { devices }, 'CPU')).toBe('CPU')
    expect(deviceText(a, { devices: devices.slice(1) }, 'GPU')).toBe('A100')
    expect(deviceText(b, { devices }, 'GPU')).toBe('A100 (card 1)')
  })

  it('says why a run waits and when it starts', () => {
    const busy = { paused: false, runningName: 'Baseline' }
    expect(plans.map((plan, i) => waitText(i, plan, busy))).toEqual([
      'next, when Baseline ends, in about 1 min 40 s',
      'after one run, in about 2 min 40 s',
      'after 2 runs, in about 4 min 40 s',
      'after 3 runs',
    ])
    const first = { takes: 60, startsIn: 0 }
    expect(waitText(0, first, { paused: true, runningName: null })).toBe('first when the queue goes on')
    expect(waitText(0, first, { paused: false, runningName: null })).toBe('starts now')
  })

  it('says how much work there is, and how much is not known', () => {
    expect(totalText(plans, [100])).toBe('About 5 min 10 s of work, and one run of unknown length')
    expect(totalText([{ takes: null, startsIn: 0 }], [null])).toBe('')
  })
})
