import type { RunProgress } from '../../src-shared/contract/run.ts'
import { progressText } from '../../src-shared/contract/progress-text.ts'
import { formatDuration } from './time.ts'

/** A message older than this is worth a word: the run is slow, or its process is gone. */
export const QUIET_AFTER_MS = 15_000

/** Done part of a whole run, 0 to 1. While an epoch is trained it counts in part; afterwards it is done. */
export function runFraction(p: RunProgress): number {
  if (p.epochs <= 0 || p.phase === 'preparing') return 0
  if (p.phase === 'evaluating') return 1
  const within = p.stepsPerEpoch > 0 ? p.stepOfEpoch / p.stepsPerEpoch : 0
  const done = p.phase === 'training' ? Math.max(0, p.epoch - 1) + within : p.epoch
  return Math.min(1, done / p.epochs)
}

/** Early stopping may end sooner. */
export const timeLeftText = (p: RunProgress): string =>
  p.secondsLeft === null ? 'time left unknown' : `at most ${formatDuration(p.secondsLeft)} left`

/** Words about a silent run, or an empty text while news is fresh. */
export function quietText(p: RunProgress, now: number): string {
  const age = now - p.at
  return age < QUIET_AFTER_MS ? '' : `no news for ${formatDuration(age / 1000)}`
}

/** Below this part of the run left, the rounding of the time left would show. */
const LEAST_LEFT = 0.02

/** "3 min 10 s each", the pace so far; empty while it is not known. */
export function epochTimeText(p: RunProgress): string {
  const left = p.epochs * (1 - runFraction(p))
  if (p.secondsLeft === null || p.secondsLeft <= 0 || left < LEAST_LEFT * p.epochs) return ''
  return `${formatDuration(p.secondsLeft / left)} each`
}

/** Age of the last message, so that slow is not mistaken for dead. */
export function newsText(p: RunProgress, now: number): string {
  const seconds = Math.max(0, Math.floor((now - p.at) / 1000))
  return seconds < 2 ? 'news just now' : `news ${formatDuration(seconds).replace('.0', '')} ago`
}

/** "Epoch 12 of 40, 3 min 10 s each, at most 1 h 28 min left": a run in one line. */
export function runLine(p: RunProgress): string {
  const where = p.phase === 'training' ? `Epoch ${p.epoch} of ${p.epochs}` : progressText(p)
  return [where, epochTimeText(p), timeLeftText(p)].filter((part) => part !== '').join(', ')
}
