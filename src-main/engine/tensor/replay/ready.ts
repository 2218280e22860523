import type { Tensor } from '@tensorflow/tfjs-core'
import { adopt, handlesOf, runRaw } from '../base/native-ops.ts'
import type { Draw } from './record.ts'
import { drawAnew } from './record.ts'
import type { Given, Made, Step } from './step.ts'
import type { StepFunction } from './step-function.ts'
import type { Trace } from './trace.ts'

/** A step that is one operation. */
export interface Ready {
  readonly state: 'ready'
  readonly trace: Trace
  readonly era: number
  readonly step: StepFunction
  readonly draws: readonly Draw[]
  readonly beside: unknown
  /** What changes variables cannot be done again on the spot: it is compared at the next step. */
  readonly isCompared: boolean
}

/** Random numbers that a step draws for itself. */
export const drawsOf = ({ rng }: Step<unknown>, { draws }: Pick<Ready, 'draws'>): readonly Tensor[] =>
  draws.map((draw) => drawAnew(rng!, draw)) // a step without has drawn nothing

/** Calls a function of what it is given, the handles of variables that it changes, and random numbers, which are freed. */
export function callFunction(
  { name, inputs, reads }: StepFunction,
  from: {
    readonly given: readonly Given[]
    readonly variables: readonly number[]
    readonly random: readonly Tensor[]
  },
  outputs: number,
): Tensor[] {
  const { given, variables, random } = from
  try {
    const handles = inputs.map((slot) => {
      const variable = reads.has(slot) ? given[slot]!.variable : variables[slot - given.length]
      if (variable != null) return variable
      const one = slot < given.length ? given[slot]!.value() : random[slot - given.length - variables.length]!
      return handlesOf([one])[0]!
    })
    return runRaw(name, [], handles, outputs).map(adopt)
  } finally {
    random.forEach((one) => one.dispose())
  }
}

/** Does a step by its function. */
export function replay<T>(step: Step<T>, ready: Ready): Made<T> {
  const from = { given: step.given, random: drawsOf(step, ready), variables: step.changes?.() ?? [] }
  const tensors = callFunction(ready.step, from, ready.trace.wanted.length)
  return { tensors, beside: ready.beside as T } // of a step that did the same
}

/** Which of the tensors given a function reads itself from their variables: none where it changes some, which would race. */
export const readInside = ({
  given,
  changes,
}: Pick<Step<unknown>, 'given' | 'changes'>): ReadonlySet<number> =>
  new Set(given.flatMap(({ variable }, slot) => (changes === undefined && variable != null ? [slot] : [])))

export const disposeOf = ({ tensors }: Made<unknown>): void => tensors.forEach((one) => one.dispose())

/** What it gives, or why TensorFlow has refused it. */
export function attempt<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
