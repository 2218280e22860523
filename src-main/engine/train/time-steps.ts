import { UNFINISHED } from './unfinished.ts'
import type { TrainerSetup } from '../types.ts'
import { train } from './registry.ts'

/** What a step costs on this machine. */
export interface StepTiming {
  /** Median of the timed steps; a step may take several batches. */
  readonly secondsPerStep: number
  readonly imagesPerSecond: number
  /** Seconds of each timed step, the shortest first. */
  readonly seconds: readonly number[]
}

/** Steps that pay for memory, caches and just-in-time compilation and say nothing about the rest. */
const WARM_UP = 2
/** Steps that are timed however long they take: with fewer there is nothing to take a median of. */
const LEAST = 3

/**
 * Trains a few steps of a run that is then thrown away, to size a run or to tell how long it will take: `steps` of them, or
 * fewer that took `enoughSeconds` together.
 */
export async function timeSteps(
  setup: TrainerSetup,
  steps: number,
  enoughSeconds = Infinity,
): Promise<StepTiming> {
  const seconds: number[] = []
  let last = setup.now()
  let images = 0
  let spent = 0
  let count = 0
  // A step that is only issued says nothing about how long it takes.
  const run = train({ ...setup, readEachBatch: true })
  for (let next = await run.next(); next.done !== true; next = await run.next()) {
    if (next.value.kind === 'progress' && next.value.phase === 'training') {
      const now = setup.now()
      if (++count > WARM_UP) {
        seconds.push((now - last) / 1000)
        spent += (now - last) / 1000
      }
      last = now
      images = next.value.imagesPerSecond ?? images
      if (seconds.length >= steps || (seconds.length >= LEAST && spent >= enoughSeconds)) break
      // The values of a step are told before its end.
    } else if (next.value.kind !== 'metrics') last = setup.now()
  }
  await run.return(UNFINISHED)
  seconds.sort((a, b) => a - b)
  return {
    secondsPerStep: seconds[Math.floor(seconds.length / 2)] ?? NaN,
    imagesPerSecond: images,
    seconds,
  }
}
