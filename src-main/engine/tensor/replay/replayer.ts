import { bindingHere, onNative } from '../base/native-ops.ts'
import type { InTurn, JoinedSteps } from './joined-steps.ts'
import { createJoinedSteps } from './joined-steps.ts'
import type { Ready } from './ready.ts'
import { attempt, disposeOf, readInside, replay } from './ready.ts'
import type { Draw } from './record.ts'
import { record } from './record.ts'
import { checksums, differenceAfter, firstDifference } from './same-results.ts'
import type { Link, Made, Step } from './step.ts'
import { addStepFunction } from './step-function.ts'
import type { Trace } from './trace.ts'
import { sameTrace } from './trace.ts'

export interface Replayer {
  /** What the step makes, from its program or, once the same came twice, from one operation of TensorFlow. */
  run<T>(step: Step<T>): Made<T>
  /** What steps make, one after the other; small ones are done together once each is one operation. The caller takes them all, or ends it. */
  chain<T>(links: readonly Link<T>[]): InTurn<T>
  /** Why steps are not replayed, each said once. */
  takeReasons(): readonly string[]
  dispose(): void
}

/** Who replays, and how often it looks anew (see {@link Step.era}). */
export interface Replaying {
  readonly replayer: Replayer
  readonly era: number
}

/** A network has few kinds of step; what comes beyond is done by its program. */
const MOST_FUNCTIONS = 64

type Known = { readonly state: 'seen'; readonly trace: Trace } | { readonly state: 'single' } | Ready

interface Memory {
  readonly known: Map<string, Known>
  readonly joined: JoinedSteps
  /** Why steps are not replayed: all that was found, and what was not told yet. */
  readonly found: Set<string>
  readonly untold: Set<string>
}

/**
 * Replays steps without their program. TensorFlow.js asks the library for one operation at a time; a step has hundreds. What a step did
 * is noted the first two times; when both did the same, it becomes a function of TensorFlow (as tf.function makes of a Python
 * program), which is used where all that comes out of it equals the program's, bit for bit, and asked for by one call from then on. A step
 * that changes variables is compared at its third time: done as a function, undone, and done by its program.
 * Where the library has no functions every step is done by its program.
 */
export function createReplayer(): Replayer {
  const memory: Memory = {
    known: new Map(),
    joined: createJoinedSteps((reason) => tell(memory, `steps are not done together: ${reason}`)),
    found: new Set(),
    untold: new Set(),
  }
  return {
    run: (step) => run(memory, step),
    chain: (links) => chain(memory, links),
    takeReasons: () => {
      const told = [...memory.untold]
      memory.untold.clear()
      return told
    },
    dispose: () => [...memory.known.keys()].forEach((key) => forget(memory, key)),
  }
}

function run<T>(memory: Memory, step: Step<T>): Made<T> {
  if (!onNative() || bindingHere().addFunction === undefined) return step.compute()
  const entry = memory.known.get(step.key)
  if (entry?.state === 'single') return step.compute()
  if (entry?.state !== 'ready' || entry.era !== step.era) return looked(memory, step)
  return entry.isCompared ? replay(step, entry) : compared(memory, step, entry)
}

/** Together where each step is one operation that was compared, and the whole is too. */
function* chain<T>(memory: Memory, links: readonly Link<T>[]): InTurn<T> {
  const ready = links.flatMap(({ step }) => {
    const entry = memory.known.get(step.key)
    return entry?.state === 'ready' && entry.era === step.era && entry.isCompared ? [entry] : []
  })
  const apart = function* (see?: (made: Made<T>) => void): InTurn<T> {
    for (const { step, keep } of links) {
      const made = run(memory, step)
      see?.(made)
      keep(made)
      yield made
    }
  }
  yield* ready.length === links.length ? memory.joined.inTurn(links, ready, apart) : apart()
}

function forget({ known, joined }: Memory, key: string): void {
  const entry = known.get(key)
  if (entry?.state === 'ready') {
    joined.forget()
    bindingHere().removeFunction?.(entry.step.name)
  }
  known.delete(key)
}

/** Does a step by its program and takes what it did into account. */
function looked<T>(memory: Memory, step: Step<T>): Made<T> {
  const given = step.given.map(({ value }) => value())
  const variables = step.changes?.() ?? []
  const { result, recorded } = record({ given, variables }, step.rng, step.compute, ({ tensors }) => tensors)
  if (recorded.trace === null) {
    giveUp(memory, step, recorded.refusal ?? 'it left no trace')
    return result
  }
  return note(memory, step, result, { trace: recorded.trace, draws: recorded.draws })
}

interface Noted {
  readonly trace: Trace
  readonly draws: readonly Draw[]
}

/** From now on a step is done by its program, which is said once. */
function giveUp(memory: Memory, { key, name }: Step<unknown>, reason: string): void {
  forget(memory, key)
  memory.known.set(key, { state: 'single' })
  tell(memory, `steps of "${name}" are not replayed: ${reason}`)
}

function tell({ found, untold }: Memory, text: string): void {
  if (!found.has(text)) untold.add(text)
  found.add(text)
}

/** Takes a trace of a step into account; what the step makes. */
function note<T>(memory: Memory, step: Step<T>, result: Made<T>, noted: Noted): Made<T> {
  const { known } = memory
  const earlier = known.get(step.key)
  if (earlier === undefined || earlier.state === 'single' || !sameTrace(earlier.trace, noted.trace)) {
    if (earlier?.state === 'seen') {
      giveUp(memory, step, 'no two of them do the same')
      return result
    }
    forget(memory, step.key)
    known.set(step.key, { state: 'seen', trace: noted.trace })
    return result
  }
  if (earlier.state === 'ready') {
    known.set(step.key, { ...earlier, era: step.era })
    return result
  }
  return become(memory, step, result, noted)
}

/** Makes a function of a step that came twice, and compares both where it can be done again; what the step makes. */
function become<T>(memory: Memory, step: Step<T>, result: Made<T>, { trace, draws }: Noted): Made<T> {
  const { known } = memory
  if ([...known.values()].filter(({ state }) => state === 'ready').length >= MOST_FUNCTIONS) {
    giveUp(memory, step, 'there are too many kinds of step')
    return result
  }
  const added = attempt(() => addStepFunction(trace, readInside(step)))
  if (typeof added === 'string') {
    giveUp(memory, step, added)
    return result
  }
  const isCompared = step.changes === undefined
  const ready: Ready = { state: 'ready', trace, era: step.era, step: added, draws, beside: result.beside, isCompared } // prettier-ignore
  known.set(step.key, ready)
  return isCompared ? comparedAgain(memory, step, result, ready) : result
}

/** Compares what the program has made with what the function makes of the same. Only one of them is held at a time. */
function comparedAgain<T>(memory: Memory, step: Step<T>, result: Made<T>, ready: Ready): Made<T> {
  const sums = checksums(result.tensors)
  disposeOf(result)
  const again = attempt(() => replay<T>(step, ready))
  if (typeof again === 'string') {
    giveUp(memory, step, again)
    return step.compute()
  }
  const differs = firstDifference(sums, checksums(again.tensors))
  if (differs < 0) return again
  disposeOf(again)
  giveUp(memory, step, `as one operation, result ${differs + 1} of ${sums.length} differs`)
  return step.compute()
}

/** A step that changes variables, by its function and by its program; what the program makes. */
function compared<T>(memory: Memory, step: Step<T>, ready: Ready): Made<T> {
  const variables = (): readonly number[] => step.changes?.() ?? []
  const made: { byFunction: readonly number[] | string; byProgram: Made<T> | null } = {
    byFunction: [],
    byProgram: null,
  }
  const byFunction = (): void => {
    made.byFunction = attempt(() => {
      const again = replay<T>(step, ready)
      const sums = checksums(again.tensors)
      disposeOf(again)
      return sums
    })
  }
  const differs = differenceAfter(variables, byFunction, () => void (made.byProgram = step.compute()))
  const result = made.byProgram! // done second
  const sums = made.byFunction
  if (typeof sums === 'string') giveUp(memory, step, sums)
  else if (differs >= 0) giveUp(memory, step, `as one operation, it leaves variable ${differs + 1} different`)
  else if (firstDifference(sums, checksums(result.tensors)) >= 0)
    giveUp(memory, step, 'as one operation, its results differ')
  else memory.known.set(step.key, { ...ready, isCompared: true })
  return result
}
