import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import type { Init, NamedArray, NamedArrays, ParamSpec } from '../types.ts'
import { streamOf } from './base/param-spec.ts'
import { elements } from './base/shape.ts'

/**
 * First values of every tensor. Each draws from a stream named after it, so that adding a session or changing a head
 * leaves the first values of all other tensors as they were.
 */
export function initialValues(specs: readonly ParamSpec[], rng: Rng): NamedArrays {
  return new Map(specs.map((spec) => [spec.name, initialValue(spec, rng)]))
}

/** First value of one tensor (also what a reset draws). */
export function initialValue(spec: ParamSpec, rng: Rng): NamedArray {
  return { shape: spec.shape, dtype: 'float32', data: fill(spec, spec.init, rng.fork(streamOf(spec))) }
}

function fill(spec: ParamSpec, init: Init, rng: Rng): Float32Array {
  const data = new Float32Array(elements(spec.shape))
  switch (init.kind) {
    case 'constant':
      return data.fill(init.value)
    case 'uniform':
      for (let i = 0; i < data.length; i++) data[i] = init.low + (init.high - init.low) * rng.uniform()
      return data
    case 'normal':
      for (let i = 0; i < data.length; i++) data[i] = init.std * rng.normal()
      return data
    case 'values':
      if (init.values.length !== data.length) {
        throw new CotrainError({
          code: 'data-missing',
          path: spec.name,
          message: `expected ${data.length} initial values, got ${init.values.length}.`,
          hint: 'Give one value per unit of the session.',
        })
      }
      data.set(init.values)
      return data
  }
}
