import type { Tensor } from '@tensorflow/tfjs-core'
import { zeros } from '@tensorflow/tfjs-core'
import type { ParamStore } from '../tensor/index.ts'
import { createParamStore } from '../tensor/index.ts'
import type { Grads, NamedArray, NamedArrays } from '../types.ts'
import type { Group, OptimizerSettings } from './options.ts'
import { groupIndex, groupsOf } from './options.ts'
import { updateRules } from './update-rules.ts'

/** State of an optimizer: slots as `<slot>/<parameter>`, and per parameter how often it was updated. */
export interface SavedOptimizer {
  readonly arrays: NamedArrays
  readonly counters: Readonly<Record<string, unknown>>
}

/** Updates the parameters of a store in place; its state can be saved and put back for an exact resume. */
export interface Optimizer {
  /** Configured learning rate of each group, the default group first. */
  readonly rates: readonly number[]
  readonly groups: readonly Group[]
  /** One step. `rates`: learning rate of each group now; gradients stay the caller's. */
  update(grads: Grads, rates?: readonly number[]): void
  save(): Promise<SavedOptimizer>
  load(saved: SavedOptimizer): void
  /** Forgets momentum and counters. */
  reset(): void
  dispose(): void
}

/** An optimizer for the `trainable` parameters of `params`; slots are made when a parameter first has a gradient. */
export function createOptimizer(
  settings: OptimizerSettings,
  params: ParamStore,
  trainable: readonly string[],
): Optimizer {
  const rule = updateRules[settings.name]
  const groups = groupsOf(settings)
  const zeroMissing = settings.missingGradients !== 'skip'
  const slots = new Map<string, ParamStore>()
  const steps = new Map<string, number>()
  const groupOf = new Map(trainable.map((name) => [name, groupIndex(groups, name)]))

  const slotsOf = (name: string, group: Group): ParamStore => {
    const found = slots.get(name)
    if (found !== undefined) return found
    const shape = (params.tensors.get(name) as Tensor).shape // trainable names are in the store
    const made = createParamStore(new Map(rule.slots(group.options).map((slot) => [slot, zeroArray(shape)])))
    slots.set(name, made)
    return made
  }

  const updateOne = (name: string, grad: Tensor, rates: readonly number[]): void => {
    const index = groupOf.get(name) ?? 0
    const group = groups[index]!
    const step = (steps.get(name) ?? 0) + 1
    const learningRate = rates[index] ?? group.options.lr
    rule.apply({
      params,
      state: slotsOf(name, group),
      name,
      grad,
      options: group.options,
      learningRate,
      step,
    })
    steps.set(name, step)
  }

  const reset = (): void => {
    for (const store of slots.values()) store.dispose()
    slots.clear()
    steps.clear()
  }

  return {
    rates: groups.map((g) => g.options.lr),
    groups,
    update: (grads, rates = []) => {
      for (const name of trainable) {
        const grad = grads.get(name)
        if (grad !== undefined) updateOne(name, grad, rates)
        else if (zeroMissing && steps.has(name))
          updateWithZero(name, params, (zero) => updateOne(name, zero, rates))
      }
    },
    save: async () => {
      const entries = [...slots].map(async ([name, store]) => {
        return [...(await store.read())].map(([slot, array]) => [`${slot}/${name}`, array] as const)
      })
      return {
        arrays: new Map((await Promise.all(entries)).flat()),
        counters: { steps: Object.fromEntries(steps) },
      }
    },
    load: ({ arrays, counters }) => {
      reset()
      const saved = (counters['steps'] ?? {}) as Record<string, number> // written by save
      for (const name of trainable) {
        const step = saved[name]
        if (step === undefined) continue
        steps.set(name, step)
        const group = groups[groupOf.get(name) ?? 0]!
        slotsOf(name, group).load(slotValues(name, rule.slots(group.options), arrays))
      }
    },
    reset,
    dispose: reset,
  }
}

function updateWithZero(name: string, params: ParamStore, update: (zero: Tensor) => void): void {
  const zero = zeros((params.tensors.get(name) as Tensor).shape)
  update(zero)
  zero.dispose()
}

const zeroArray = (shape: readonly number[]): NamedArray => ({
  shape,
  dtype: 'float32',
  data: new Float32Array(shape.reduce((product, n) => product * n, 1)),
})

function slotValues(name: string, names: readonly string[], arrays: NamedArrays): NamedArrays {
  return new Map(
    names.map((slot) => {
      const array = arrays.get(`${slot}/${name}`)
      if (array === undefined) throw new Error(`the saved optimizer has no ${slot} for ${name}`)
      return [slot, array]
    }),
  )
}
