import type { Tensor } from '@tensorflow/tfjs-core'
import { tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ParamMap } from '../../types.ts'
import { adopt, bindingHere, handlesOf, onNative, runRaw } from '../base/native-ops.ts'
import type { Draw, Recorded } from './record.ts'
import { record } from './record.ts'
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

/** A step that may be replayed. */
export interface Step<T> {
  /** What a person calls it. */
  readonly name: string
  /** Equal for steps that do the same to tensors of the same shapes, by all that the program decides of it. */
  readonly key: string
  /** When it changes, what the program decides may have changed: the step is looked at once more. */
  readonly era: number
  /** All tensors that it may work on, asked for when they are needed. They stay the caller's. */
  readonly given: readonly (() => Tensor)[]
  /** All that it draws comes from here, by {@link drawn}. */
  readonly rng: Rng
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
      ...tensors.flatMap((one) => (one === undefined ? [] : [() => one])),
      ...[...params.keys()].map((name) => () => params.get(name)!), // it has a value for each of its names
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

/** A network has few kinds of step; what comes beyond is done by its program. */
const MOST_FUNCTIONS = 64

interface Ready {
  readonly state: 'ready'
  readonly trace: Trace
  readonly era: number
  readonly step: StepFunction
  readonly draws: readonly Draw[]
  readonly beside: unknown
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
 * program), which is used where all that comes out of it equals the program's, bit for bit, and asked for by one call from then on.
 * Where the library has no functions every step is done by its program.
 */
export function createReplayer(): Replayer {
  const memory: Memory = { known: new Map(), found: new Set(), untold: new Set() }
  return {
    run: (step) => {
      if (!onNative() || bindingHere().addFunction === undefined) return step.compute()
      const entry = memory.known.get(step.key)
      if (entry?.state === 'single') return step.compute()
      return entry?.state === 'ready' && entry.era === step.era ? replay(step, entry) : looked(memory, step)
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
  const given = step.given.map((get) => get())
  const { result, recorded } = record(given, step.rng, step.compute, ({ tensors }) => tensors)
  const reason = note(memory, step, result, recorded)
  if (reason === null) return result
  forget(memory, step.key)
  memory.known.set(step.key, { state: 'single' })
  const text = `steps of "${step.name}" are not replayed: ${reason}`
  if (!memory.found.has(text)) memory.untold.add(text)
  memory.found.add(text)
  return result
}

/** Why a step is not to be replayed, or null. */
function note<T>(memory: Memory, step: Step<T>, result: Made<T>, recorded: Recorded): string | null {
  const { known } = memory
  const { trace, draws, refusal } = recorded
  if (trace === null) return refusal
  const earlier = known.get(step.key)
  if (earlier === undefined || earlier.state === 'single' || !sameTrace(earlier.trace, trace)) {
    if (earlier?.state === 'seen') return 'no two of them do the same'
    forget(memory, step.key)
    known.set(step.key, { state: 'seen', trace })
    return null
  }
  if (earlier.state === 'ready') {
    known.set(step.key, { ...earlier, era: step.era })
    return null
  }
  if ([...known.values()].filter(({ state }) => state === 'ready').length >= MOST_FUNCTIONS)
    return 'there are too many kinds of step'
  return become(memory, step, result, { trace, draws })
}

/** Makes a function of a step that came twice and compares both; why it is not to be used, or null. */
function become<T>(
  { known }: Memory,
  given: Step<T>,
  result: Made<T>,
  { trace, draws }: { readonly trace: Trace; readonly draws: readonly Draw[] },
): string | null {
  try {
    const step = addStepFunction(trace)
    const ready: Ready = { state: 'ready', trace, era: given.era, step, draws, beside: result.beside }
    known.set(given.key, ready)
    const again = replay<T>(given, ready)
    const differs = again.tensors.findIndex((one, i) => !sameBits(one, result.tensors[i]!))
    again.tensors.forEach((one) => one.dispose())
    if (differs < 0) return null
    return `as one operation, result ${differs + 1} of ${result.tensors.length} differs`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function replay<T>({ given, rng }: Step<T>, { trace, step, draws, beside }: Ready): Made<T> {
  const random = draws.map(({ purpose, shape, fill }) => {
    const count = shape.reduce((product, n) => product * n, 1)
    return tensor(fill(rng.fork(purpose), count), [...shape], 'float32')
  })
  try {
    const all = [...given, ...random.map((one) => () => one)]
    const inputs = handlesOf(step.inputs.map((slot) => all[slot]!()))
    const made = runRaw(step.name, [], inputs, trace.wanted.length)
    return { tensors: made.map(adopt), beside: beside as T } // of a step that did the same
  } finally {
    random.forEach((one) => one.dispose())
  }
}

/** Bit for bit: other than by value, NaN equals itself and 0 differs from -0. */
const sameBits = (a: Tensor, b: Tensor): boolean => Buffer.compare(bytesOf(a), bytesOf(b)) === 0

function bytesOf(value: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = value.dataSync()
  return new Uint8Array(buffer, byteOffset, byteLength)
}
