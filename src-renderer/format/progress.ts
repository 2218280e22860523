import type { RunProgress } from '../../src-shared/contract/run.ts'
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

const PHASES: Readonly<Record<RunProgress['phase'], string>> = {
  preparing: 'Preparing',
  training: 'Training',
  validating: 'Validating',
  evaluating: 'Evaluating',
  saving: 'Saving',
}

/** "Epoch 12 of 40, step 118 of 300". Early stopping may end sooner, which the time says with "at most". */
export function progressText(p: RunProgress): string {
  if (p.phase === 'training')
    return `Epoch ${p.epoch} of ${p.epochs}, step ${p.stepOfEpoch} of ${p.stepsPerEpoch}`
  const detail = p.detail === '' ? '' : `: ${p.detail}`
  return `${PHASES[p.phase]}${detail}`
}

export const timeLeftText = (p: RunProgress): string =>
  p.secondsLeft === null ? 'time left unknown' : `at most ${formatDuration(p.secondsLeft)} left`

/** Words about a silent run, or an empty text while news is fresh. */
export function quietText(p: RunProgress, now: number): string {
  const age = now - p.at
  return age < QUIET_AFTER_MS ? '' : `no news for ${formatDuration(age / 1000)}`
}
