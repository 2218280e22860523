import { bindingHere } from '../base/native-ops.ts'
import { checksums, firstDifference } from './same-results.ts'
import type { Ready } from './ready.ts'
import { attempt, callFunction, disposeOf, drawsOf, readInside } from './ready.ts'
import type { Link, Made } from './step.ts'
import type { StepFunction } from './step-function.ts'
import { addStepFunction } from './step-function.ts'
import { joinedTrace } from './joined-trace.ts'

/** Together they may hold all that they make at once: beyond this, memory matters more than the few milliseconds that are won. */
const MOST_VALUES = 2 ** 25
/** Chains that are joined at most: a network of many sessions has many pairs. */
const MOST_CHAINS = 64

/** Steps one after the other, each done when it is taken. */
export type InTurn<T> = Generator<Made<T>, void>
/** Does them by themselves; what each makes is seen before it is kept. */
type Apart<T> = (see?: (made: Made<T>) => void) => InTurn<T>

/**
 * Small steps of a chain as one function of TensorFlow, whose parts run side by side: those of two tasks depend on one another by
 * their running statistics alone.
 */
export interface JoinedSteps {
  /**
   * Does steps that are each one operation: together, `apart` where that is not possible, and both ways the first time, to compare.
   */
  inTurn<T>(links: readonly Link<T>[], ready: readonly Ready[], apart: Apart<T>): InTurn<T>
  /** A part was made anew or is no more. */
  forget(): void
}

interface Joined {
  readonly step: StepFunction
  isCompared: boolean
}

/** @param refuse is told why steps that could be joined are not */
export function createJoinedSteps(refuse: (reason: string) => void): JoinedSteps {
  const known = new Map<string, Joined | null>()
  const giveUp = (key: string, reason: string): null => {
    const joined = known.get(key)
    if (joined != null) bindingHere().removeFunction?.(joined.step.name)
    known.set(key, null)
    refuse(reason)
    return null
  }
  const find = (key: string, links: readonly Link<unknown>[], ready: readonly Ready[]): Joined | null => {
    const earlier = known.get(key)
    if (earlier !== undefined) return earlier
    if (known.size === MOST_CHAINS) return null
    const step = attempt(() => addStepFunction(joinedTrace(links, ready), readInside(allGiven(links))))
    if (typeof step === 'string') return giveUp(key, step)
    const joined = { step, isCompared: false }
    known.set(key, joined)
    return joined
  }
  return {
    *inTurn(links, ready, apart) {
      const key = ready.map(({ step }) => step.name).join()
      const isSmall = ready.reduce((sum, { trace }) => sum + trace.values, 0) <= MOST_VALUES
      const joined = links.length > 1 && isSmall ? find(key, links, ready) : null
      if (joined === null) return yield* apart()
      if (joined.isCompared) return yield* together(links, ready, joined.step)
      const sums = attempt(() => sumsOfAll(links, ready, joined.step))
      const differs = yield* comparedWith(typeof sums === 'string' ? [] : sums, apart)
      if (typeof sums === 'string') giveUp(key, sums)
      else if (differs) giveUp(key, 'done together, their results differ')
      else joined.isCompared = true
    },
    forget: () => {
      for (const one of known.values()) if (one !== null) bindingHere().removeFunction?.(one.step.name)
      known.clear()
    },
  }
}

const allGiven = (links: readonly Link<unknown>[]) => ({ given: links.flatMap(({ step }) => step.given) })

/** What the steps make, all at once. */
function madeOf<T>(links: readonly Link<T>[], ready: readonly Ready[], step: StepFunction): Made<T>[] {
  const random = links.flatMap((link, k) => drawsOf(link.step, ready[k]!))
  const outputs = ready.reduce((sum, { trace }) => sum + trace.wanted.length, 0)
  const tensors = callFunction(step, { ...allGiven(links), variables: [], random }, outputs)
  return ready.map(({ trace, beside }) => ({
    tensors: tensors.splice(0, trace.wanted.length),
    beside: beside as T, // of a step that did the same
  }))
}

function* together<T>(links: readonly Link<T>[], ready: readonly Ready[], step: StepFunction): InTurn<T> {
  const made = madeOf(links, ready, step)
  try {
    for (const { keep } of links) {
      keep(made[0]!) // as many as there are links
      yield made.shift()!
    }
  } finally {
    made.forEach(disposeOf)
  }
}

function sumsOfAll(
  links: readonly Link<unknown>[],
  ready: readonly Ready[],
  step: StepFunction,
): readonly number[] {
  const made = madeOf(links, ready, step)
  const sums = made.flatMap(({ tensors }) => checksums(tensors))
  made.forEach(disposeOf)
  return sums
}

/** Hands over what is done apart; whether its results have other sums. */
function* comparedWith<T>(sums: readonly number[], apart: Apart<T>): Generator<Made<T>, boolean> {
  const own: number[] = []
  yield* apart(({ tensors }) => void own.push(...checksums(tensors)))
  return firstDifference(sums, own) >= 0 || sums.length !== own.length
}
