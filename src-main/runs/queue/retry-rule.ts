import type { Problem } from '../../../src-shared/contract/errors.ts'
import type { RunAttempt, RunRecord, RunRetry } from '../../store/files/run-record.ts'
import { lossOfDevice } from '../workers/failure.ts'

/**
 * What is tried again without being asked for, how often and after which pause. There is no other place that decides it.
 *
 * A run that ended goes on from its last checkpoint where the cause may pass: the system ended its process for memory, the card
 * was lost, native code crashed. It is tried {@link MOST_TRIES} times within a day, after a pause that grows. Never tried again:
 * numbers that are not finite, a config or data that cannot be used, memory that the run itself asked for and that is not there, a full
 * disk, an instruction that the processor lacks, a process that a person ended, and the same end twice after the same checkpoint.
 *
 * A waiting run whose start is refused before it has a worker (a driver that hangs, settings that cannot be read) is asked for again
 * without end, since nothing is computed, after a pause that doubles. Workers that are gone before they take their run, together with the service that
 * could have said so, are {@link MOST_WORKERS} at most.
 */
const MOST_TRIES = 3
const PAUSES_MS = [30_000, 120_000] as const
/** Longer than any pause: a clock that was put back by more must not hold a run up. */
const LONGEST_WAIT_MS = 3_600_000
/** A training of weeks may meet a passing fault each few days. */
const COUNTED_MS = 24 * 3_600_000

export const MOST_WORKERS = 3
const FIRST_REFUSAL_MS = 1_000
const LONGEST_REFUSAL_MS = 60_000

/** How long a run waits after so many refused starts in a row, in ms. */
export const pauseAfterRefusals = (refusals: number): number =>
  Math.min(LONGEST_REFUSAL_MS, FIRST_REFUSAL_MS * 2 ** (refusals - 1))

/** Signals of crashes in native code that may not come again; a missing instruction (SIGILL) will. */
const CRASHES = new Set(['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGABRT', 'SIGTRAP', 'SIGSYS'])

type Ended = Readonly<Record<keyof Pick<Problem, 'code' | 'message'>, string>>

/** The cause of an end, in words for the record, where it is one that may pass; else null. */
export function passingCause({ code, message }: Ended, signal: string | null): string | null {
  if (code === 'out-of-memory') return signal === 'SIGKILL' ? 'ended by the system for memory' : null
  if (code !== 'engine-failed') return null
  if (lossOfDevice(message) !== null) return 'the card was lost'
  return signal !== null && CRASHES.has(signal) ? `crashed (${signal})` : null
}

/**
 * The tries of a run after one more that ended: when the next begins, or why there is none. `checkpoint` of the try is the step
 * that it could go on from; `pauses` in ms after the first, the second ... try.
 */
export function afterTry(
  before: RunRetry | undefined,
  tried: RunAttempt,
  pauses: readonly number[] = PAUSES_MS,
): RunRetry {
  const earlier = before?.attempts ?? []
  const attempts = [...earlier.filter(({ at }) => Math.abs(tried.at - at) < COUNTED_MS), tried]
  const most = MOST_TRIES
  if (isRepeat(earlier, tried))
    return { attempts, most, nextAt: null, why: 'it ended in the same way twice after the same checkpoint.' }
  if (attempts.length >= most) return { attempts, most, nextAt: null, why: `it was tried ${most} times.` }
  const pause = pauses[Math.min(attempts.length, pauses.length) - 1] ?? 0
  return { attempts, most, nextAt: tried.at + pause, why: '' }
}

/** Whether the next try is due. A clock that was put back must not hold it up for long. */
export const isDue = (nextAt: number | null, now: number): boolean =>
  nextAt !== null && (nextAt <= now || nextAt - now > LONGEST_WAIT_MS)

/** Whether starting the same again ends in the same way, so that only a person who asks for this very run does so. */
export function endsTheSame({ problem, retry }: Pick<RunRecord, 'problem' | 'retry'>): boolean {
  const last = retry?.attempts.at(-1)
  return (
    problem?.code === 'non-finite' || (last !== undefined && isRepeat(retry!.attempts.slice(0, -1), last))
  )
}

const isRepeat = (earlier: readonly RunAttempt[], { cause, checkpoint }: RunAttempt): boolean =>
  earlier.some((one) => one.cause === cause && one.checkpoint === checkpoint)
