import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ParamMap } from '../../types.ts'

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

/** A step of a chain, and what is done with it before the next. */
export interface Link<T> {
  readonly step: Step<T>
  /** Places among `given` of values by name. */
  readonly places: ReadonlyMap<string, number>
  /** Names of values that become what it makes, with their places among its tensors. */
  renewed(beside: T): ReadonlyMap<string, number>
  /** Renews them. */
  keep(made: Made<T>): void
}
