import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ParamMap } from '../../types.ts'
import { adopt, bindingHere, handlesOf, onNative, runRaw } from '../base/native-ops.ts'
import type { Draw } from './record.ts'
import { drawAnew, record } from './record.ts'
import { checksums, differenceAfter, firstDifference } from './same-results.ts'
import type { StepFunction } from './step-function.ts'
import { addStepFunction } from './step-function.ts'
import type { Trace } from './trace.ts'
import { sameTrace } from './trace.ts'

/** What a step makes: tensors, and what the program keeps beside them. */
export interface Made<T> {
  /** The caller owns them. */
  readonly tensors: readonly Tensor[]
  readonly beside: T
}

/** A tensor that a step may work on, asked for when it is needed. */
export interface Given {
  value(): Tensor
  /** Handle of the variable whose value it is: a function reads it itself. */
  readonly variable?: number | null
}

/** A step that may be replayed. */
export interface Step<T> {
  /** What a person calls it. */
  readonly name: string
  /** Equal for steps that do the same to tensors of the same shapes, by all that the program decides of it. */
  readonly key: string
  /** When it changes, what the program decides may have changed: the step is looked at once more. */
  readonly era: number
  /** All tensors that it may work on. They stay the caller's. */
  readonly given: readonly Given[]
  /** Handles of the variables that it changes, asked for right before; whoever keeps values of them drops these. */
  readonly changes?: () => readonly number[]
  /** All that it draws comes from here, by {@link drawn}; missing: it draws nothing. */
  readonly rng?: Rng
  compute(): Made<T>
}

/** Tensors that a step may work on, parameters by name, and its key: `words` and the shapes of the tensors. */
export function workOn(
  words: readonly (string | number | boolean)[],
  tensors: readonly (Tensor | undefined)[],
  params: ParamMap,
): Pick<Step<unknown>, 'key' | 'given'> {
  const shapes = tensors.map((one) => (one === undefined ? '-' : `${one.dtype}[${one.shape.join()}]`))
  return {
    key: [...words, ...shapes].join('|'),
    given: [
      ...tensors.flatMap((one) => (one === undefined ? [] : [{ value: () => one }])),
      ...[...params.keys()].map((name) => ({
        value: () => params.get(name)!, // it has a value for each of its names
        variable: params.variable?.(name) ?? null,
      })),
    ],
  }
}

export interface Replayer {
  /** What the step makes, from its program or, once the same came twice, from one operation of TensorFlow. */
  run<T>(step: Step<T>): Made<T>
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

interface Ready {
  readonly state: 'ready'
  readonly trace: Trace
  readonly era: number
  readonly step: StepFunction
  readonly draws: readonly Draw[]
  readonly beside: unknown
  /** What changes variables cannot be done again on the spot: it is compared at the next step. */
  readonly isCompared: boolean
}
type Known = { readonly state: 'seen'; readonly trace: Trace } | { readonly state: 'single' } | Ready

interface Memory {
  readonly known: Map<string, Known>
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
  const memory: Memory = { known: new Map(), found: new Set(), untold: new Set() }
  return {
    run: (step) => {
      if (!onNative() || bindingHere().addFunction === undefined) return step.compute()
      const entry = memory.known.get(step.key)
      if (entry?.state === 'single') return step.compute()
      if (entry?.state !== 'ready' || entry.era !== step.era) return looked(memory, step)
      return entry.isCompared ? replay(step, entry) : compared(memory, step, entry)
    },
    takeReasons: () => {
      const told = [...memory.untold]
      memory.untold.clear()
      return told
    },
    dispose: () => [...memory.known.keys()].forEach((key) => forget(memory, key)),
  }
}

function forget({ known }: Memory, key: string): void {
  const entry = known.get(key)
  if (entry?.state === 'ready') bindingHere().removeFunction?.(entry.step.name)
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
  const text = `steps of "${name}" are not replayed: ${reason}`
  if (!memory.found.has(text)) memory.untold.add(text)
  memory.found.add(text)
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

/** Which of the tensors given a function reads itself from their variables: none where it changes some, which would race. */
const readInside = ({ given, changes }: Step<unknown>): ReadonlySet<number> =>
  new Set(given.flatMap(({ variable }, slot) => (changes === undefined && variable != null ? [slot] : [])))

/** What it gives, or why TensorFlow has refused it. */
function attempt<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
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

const disposeOf = ({ tensors }: Made<unknown>): void => tensors.forEach((one) => one.dispose())

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

function replay<T>({ given, changes, rng }: Step<T>, { trace, step, draws, beside }: Ready): Made<T> {
  const random = draws.map((draw) => drawAnew(rng!, draw)) // a step without has drawn nothing
  try {
    const variables = changes?.() ?? []
    const handles = step.inputs.map((slot) => {
      const variable = step.reads.has(slot) ? given[slot]!.variable : variables[slot - given.length]
      if (variable != null) return variable
      const one = slot < given.length ? given[slot]!.value() : random[slot - given.length - variables.length]!
      return handlesOf([one])[0]!
    })
    const made = runRaw(step.name, [], handles, trace.wanted.length)
    return { tensors: made.map(adopt), beside: beside as T } // of a step that did the same
  } finally {
    random.forEach((one) => one.dispose())
  }
}
