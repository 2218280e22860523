import { describe, expect, it } from 'vitest'
import type { KnownRun } from '../../../../../src-renderer/features/queue/queue-plan.ts'
import {
  expectedSeconds,
  planOf,
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
  const plans = planOf([60, 120, null, 30], 100)

  it('adds up what runs and waits before, until a run of unknown length', () => {
    expect(plans.map(({ startsIn }) => startsIn)).toEqual([100, 160, 280, null])
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
    expect(totalText(plans, 100)).toBe('About 5 min 10 s of work, and one run of unknown length')
    expect(totalText([{ takes: null, startsIn: 0 }], null)).toBe('')
  })
})
