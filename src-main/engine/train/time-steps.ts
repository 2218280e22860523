import { stepWatch } from './step-watch.ts'
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

const WARM_UP = 2
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
  const { now } = setup
  const watch = stepWatch({ now, untimed: WARM_UP, least: LEAST, most: steps, enoughSeconds })
  let images = 0
  // A step that is only issued says nothing about how long it takes.
  const run = train({ ...setup, readEachBatch: true })
  for (let next = await run.next(); next.done !== true; next = await run.next()) {
    if (next.value.kind === 'progress' && next.value.phase === 'training') {
      images = next.value.imagesPerSecond ?? images
      if (watch.step()) break
      // The values of a step are told before its end.
    } else if (next.value.kind !== 'metrics') watch.skip()
  }
  await run.return(UNFINISHED)
  const seconds = watch.seconds()
  return {
    secondsPerStep: seconds[Math.floor(seconds.length / 2)] ?? NaN,
    imagesPerSecond: images,
    seconds,
  }
}
