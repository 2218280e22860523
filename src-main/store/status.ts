import type { RunStatus } from '../../src-shared/contract/run.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'

/** What can happen to a run. `vanish`: its process is gone without a last word. */
export type StatusEvent =
  'start' | 'train' | 'ask-stop' | 'finish' | 'diverge' | 'stop' | 'fail' | 'vanish' | 'requeue'

const TRANSITIONS: Readonly<Record<RunStatus, Partial<Record<StatusEvent, RunStatus>>>> = {
  queued: { start: 'preparing', stop: 'stopped', fail: 'failed' },
  preparing: {
    train: 'running',
    'ask-stop': 'stopping',
    stop: 'stopped',
    finish: 'finished',
    diverge: 'diverged',
    fail: 'failed',
    vanish: 'interrupted',
  },
  running: {
    'ask-stop': 'stopping',
    finish: 'finished',
    diverge: 'diverged',
    stop: 'stopped',
    fail: 'failed',
    vanish: 'interrupted',
  },
  stopping: {
    finish: 'finished',
    diverge: 'diverged',
    stop: 'stopped',
    fail: 'failed',
    vanish: 'interrupted',
  },
  finished: {},
  // The same settings would diverge again.
  diverged: {},
  stopped: { requeue: 'queued' },
  failed: { requeue: 'queued' },
  interrupted: { requeue: 'queued' },
}

/** The status after an event. @throws CotrainError `run-state` for an event that this status does not know. */
export function transition(status: RunStatus, event: StatusEvent): RunStatus {
  const next = TRANSITIONS[status][event]
  if (next !== undefined) return next
  throw new CotrainError({ code: 'run-state', message: `a run that is ${status} cannot ${SAID[event]}.` })
}

export const canHappen = (status: RunStatus, event: StatusEvent): boolean =>
  TRANSITIONS[status][event] !== undefined

const SAID: Readonly<Record<StatusEvent, string>> = {
  start: 'be started',
  train: 'begin training',
  'ask-stop': 'be asked to stop',
  finish: 'finish',
  diverge: 'diverge',
  stop: 'stop',
  fail: 'fail',
  vanish: 'be interrupted',
  requeue: 'be queued again',
}
