import type { Tensor } from '@tensorflow/tfjs-core'
import { zeros } from '@tensorflow/tfjs-core'
import type { ParamStore } from '../tensor/index.ts'
import { createParamStore } from '../tensor/index.ts'
import type { Grads, NamedArray, NamedArrays } from '../types.ts'
import type { Group, OptimizerSettings } from './options.ts'
import { groupIndex, groupsOf } from './options.ts'
import type { UpdateRule } from './update-rules.ts'
import { updateRules } from './update-rules.ts'

/** State of an optimizer: slots as `<slot>/<parameter>`, and per parameter how often it was updated. */
interface SavedOptimizer {
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

/** What an optimizer works with and what it remembers of each parameter. */
interface Memory {
  readonly rule: UpdateRule
  readonly groups: readonly Group[]
  readonly params: ParamStore
  readonly trainable: readonly string[]
  readonly groupOf: ReadonlyMap<string, number>
  /** By parameter, made when it first has a gradient. */
  readonly slots: Map<string, ParamStore>
  /** How often a parameter was updated. */
  readonly steps: Map<string, number>
}

/** An optimizer for the `trainable` parameters of `params`; slots are made when a parameter first has a gradient. */
export function createOptimizer(
  settings: OptimizerSettings,
  params: ParamStore,
  trainable: readonly string[],
): Optimizer {
  const groups = groupsOf(settings)
  const zeroMissing = settings.missingGradients !== 'skip'
  const memory: Memory = {
    rule: updateRules[settings.name],
    groups,
    params,
    trainable,
    groupOf: new Map(trainable.map((name) => [name, groupIndex(groups, name)])),
    slots: new Map(),
    steps: new Map(),
  }
  return {
    rates: groups.map((g) => g.options.lr),
    groups,
    update: (grads, rates = []) => {
      for (const name of trainable) {
        const grad = grads.get(name)
        if (grad !== undefined) updateOne(memory, name, grad, rates)
        else if (zeroMissing && memory.steps.has(name)) updateWithZero(memory, name, rates)
      }
    },
    save: () => saved(memory),
    load: (from) => load(memory, from),
    reset: () => forget(memory),
    dispose: () => forget(memory),
  }
}

function groupAt(
  { groups, groupOf }: Memory,
  name: string,
): { readonly index: number; readonly group: Group } {
  const index = groupOf.get(name) ?? 0
  return { index, group: groups[index]! }
}

function slotsOf({ rule, params, slots }: Memory, name: string, { options }: Group): ParamStore {
  const found = slots.get(name)
  if (found !== undefined) return found
  const { shape } = params.tensors.get(name)! // trainable names are in the store
  const made = createParamStore(new Map(rule.slots(options).map((slot) => [slot, zeroArray(shape)])))
  slots.set(name, made)
  return made
}

function updateOne(memory: Memory, name: string, grad: Tensor, rates: readonly number[]): void {
  const { rule, params, steps } = memory
  const { index, group } = groupAt(memory, name)
  const step = (steps.get(name) ?? 0) + 1
  const learningRate = rates[index] ?? group.options.lr
  const state = slotsOf(memory, name, group)
  rule.apply({ params, state, name, grad, options: group.options, learningRate, step })
  steps.set(name, step)
}

function updateWithZero(memory: Memory, name: string, rates: readonly number[]): void {
  const zero = zeros(memory.params.tensors.get(name)!.shape)
  updateOne(memory, name, zero, rates)
  zero.dispose()
}

function forget({ slots, steps }: Memory): void {
  for (const store of slots.values()) store.dispose()
  slots.clear()
  steps.clear()
}

async function saved({ slots, steps }: Memory): Promise<SavedOptimizer> {
  const entries = [...slots].map(async ([name, store]) => {
    return [...(await store.read())].map(([slot, array]) => [`${slot}/${name}`, array] as const)
  })
  return {
    arrays: new Map((await Promise.all(entries)).flat()),
    counters: { steps: Object.fromEntries(steps) },
  }
}

function load(memory: Memory, { arrays, counters }: SavedOptimizer): void {
  forget(memory)
  const steps = (counters['steps'] ?? {}) as Record<string, number> // written by `saved`
  for (const name of memory.trainable) {
    const step = steps[name]
    if (step === undefined) continue
    memory.steps.set(name, step)
    const { group } = groupAt(memory, name)
    slotsOf(memory, name, group).load(slotValues(name, memory.rule.slots(group.options), arrays))
  }
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
