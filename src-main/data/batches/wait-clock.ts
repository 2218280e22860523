import type { WaitClock } from '../../engine/data/loaders/create-loader.ts'

/** Adds up the time that the engine waited for data. */
export function waitClock(now: () => number): WaitClock & { seconds(): number } {
  let milliseconds = 0
  return {
    now,
    add(more) {
      milliseconds += more
    },
    seconds: () => milliseconds / 1000,
  }
}
