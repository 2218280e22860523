import { describe, expect, it } from 'vitest'
import { runStatus } from '../../../../src-shared/contract/run.ts'
import type { StatusEvent } from '../../../../src-main/store/status.ts'
import { canHappen, transition } from '../../../../src-main/store/status.ts'

const follow = (...events: StatusEvent[]) => events.reduce(transition, 'queued' as const)

describe('transition', () => {
  it('leads a good run from the queue to its end', () => {
    expect(follow('start', 'train', 'finish')).toBe('finished')
    expect(follow('start', 'train', 'ask-stop', 'stop')).toBe('stopped')
  })

  it('lets a stopped, failed or interrupted run go on, and no other', () => {
    const resumable = runStatus.options.filter((status) => canHappen(status, 'requeue'))
    expect(resumable.sort()).toEqual(['failed', 'interrupted', 'stopped'])
  })

  it('never changes a finished run', () => {
    for (const event of [
      'start',
      'train',
      'ask-stop',
      'finish',
      'stop',
      'fail',
      'vanish',
      'requeue',
    ] as const)
      expect(() => transition('finished', event)).toThrow(/finished cannot/)
  })

  it('can interrupt exactly the statuses in which a process works', () => {
    const live = runStatus.options.filter((status) => canHappen(status, 'vanish'))
    expect(live.sort()).toEqual(['preparing', 'running', 'stopping'])
  })
})
