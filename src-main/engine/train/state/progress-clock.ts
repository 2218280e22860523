import type { TrainerEvent, TrainerSetup } from '../../types.ts'
import type { RunPosition } from './run-checkpoint.ts'

type Progress = Extract<TrainerEvent, { kind: 'progress' }>
interface Pace {
  readonly batch: number
  readonly batches: number
  readonly imagesPerSecond: number
  readonly loaderWait: number
}

/** Turns positions into progress with time left; the only part of training that looks at the clock. */
export interface ProgressClock {
  seconds(): number
  startFrom(seconds: number): void
  pace(position: RunPosition, pace: Pace): Progress
  progress(
    phase: Progress['phase'],
    position: RunPosition,
    at: { detail: string; fraction: number },
  ): Progress
}

/** Tells progress of a training of at most `epochs` epochs, with images per second and seconds left. */
export function progressClock(setup: TrainerSetup, epochs: number): ProgressClock {
  const began = setup.now()
  let earlier = 0
  let first: { epoch: number; at: number } | null = null
  let last: Pace = { batch: 0, batches: 1, imagesPerSecond: 0, loaderWait: 0 }
  const seconds = (): number => earlier + (setup.now() - began) / 1000
  /** At the speed so far, validation included, if every epoch is used. */
  const secondsLeft = (done: number): number | null => {
    if (first === null || done - first.epoch < 0.01) return null
    return ((setup.now() - first.at) / 1000 / (done - first.epoch)) * Math.max(0, epochs - done)
  }
  const make = (
    phase: Progress['phase'],
    detail: string,
    fraction: number,
    position: RunPosition,
    done: number,
  ): Progress => ({
    kind: 'progress',
    phase,
    detail,
    epoch: position.stop.epoch,
    epochs,
    step: position.step,
    stepOfEpoch: last.batch,
    stepsPerEpoch: last.batches,
    fraction,
    imagesPerSecond: last.imagesPerSecond > 0 ? last.imagesPerSecond : null,
    secondsLeft: phase === 'evaluating' ? null : secondsLeft(done),
    loaderWait: last.imagesPerSecond > 0 ? last.loaderWait : null,
  })
  return {
    seconds,
    startFrom: (value) => {
      earlier = value
    },
    pace: (position, pace) => {
      last = pace
      const done = position.stop.epoch - 1 + pace.batch / pace.batches
      first ??= { epoch: done, at: setup.now() }
      return make('training', `epoch ${position.stop.epoch}`, pace.batch / pace.batches, position, done)
    },
    progress: (phase, position, { detail, fraction }) =>
      make(phase, detail, fraction, position, position.stop.epoch),
  }
}
