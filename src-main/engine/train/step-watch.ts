export interface StepWatchOptions {
  now(): number
  /** First steps that pay for memory, caches and just-in-time compilation and say nothing about the rest. */
  readonly untimed: number
  /** Steps that are timed however long they take: with fewer there is nothing to take a median of. */
  readonly least: number
  readonly most: number
  /** Steps that took this long together are enough. */
  readonly enoughSeconds: number
}

/** Times of steps that follow one another. */
export interface StepWatch {
  /** A step has ended; whether enough were timed. */
  step(): boolean
  /** What passed since the last step is part of none. */
  skip(): void
  /** Seconds of each timed step, the shortest first. */
  seconds(): number[]
}

/** Begins to time steps. */
export function stepWatch({ now, untimed, least, most, enoughSeconds }: StepWatchOptions): StepWatch {
  const timed: number[] = []
  let last = now()
  let spent = 0
  let count = 0
  return {
    step: () => {
      const at = now()
      if (++count > untimed) {
        timed.push((at - last) / 1000)
        spent += (at - last) / 1000
      }
      last = at
      return timed.length >= most || (timed.length >= least && spent >= enoughSeconds)
    },
    skip: () => void (last = now()),
    seconds: () => timed.toSorted((a, b) => a - b),
  }
}
