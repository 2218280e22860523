import type { Tensor } from '@tensorflow/tfjs-core'
import { scalar, zeros } from '@tensorflow/tfjs-core'
import type { ParamStore, Replaying } from '../tensor/index.ts'
import { createZeroStore, inPieces } from '../tensor/index.ts'
import type { Grads, NamedArrays } from '../types.ts'
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
  /** One step. `rates`: learning rate of each group now; gradients stay the caller's. `by`: replays it, looking anew in each era. */
  update(grads: Grads, rates?: readonly number[], by?: Replaying): void
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
    update: (grads, rates = [], by) => {
      const isMoved = (name: string): boolean => grads.has(name) || (zeroMissing && memory.steps.has(name))
      const planned = planOf(memory, trainable.filter(isMoved), rates)
      try {
        for (const moves of inPieces(planned.moves, ({ name }) => grads.get(name)?.size ?? 0)) {
          const apply = (): void => moves.forEach((move) => moveOne(memory, move, grads))
          if (by === undefined) apply()
          else
            by.replayer.run({
              ...stepOf(memory, { ...planned, moves }, grads),
              era: by.era,
              compute: () => (apply(), NOTHING),
            })
        }
      } finally {
        planned.numbers.forEach((one) => one.dispose())
      }
      for (const { name, step } of planned.moves) memory.steps.set(name, step)
    },
    save: () => saved(memory),
    load: (from) => load(memory, from),
    reset: () => forget(memory),
    dispose: () => forget(memory),
  }
}

/** What one step does to one parameter. */
interface Move {
  readonly name: string
  readonly group: Group
  readonly learningRate: number
  /** Number of this update of it, from 1. */
  readonly step: number
  readonly state: ParamStore
  /** Numbers of the rule, shared by the parameters whose are the same. */
  readonly numbers: readonly Tensor[]
}

/** A step before it is done: all that it needs is there. */
interface Planned {
  readonly moves: readonly Move[]
  /** Of all moves, each once. The planner's caller frees them. */
  readonly numbers: readonly Tensor[]
}

const NOTHING = { tensors: [], beside: null } as const

function planOf(memory: Memory, names: readonly string[], rates: readonly number[]): Planned {
  const { rule, groups, groupOf, steps } = memory
  const shared = new Map<string, readonly Tensor[]>()
  const moves = names.map((name): Move => {
    const index = groupOf.get(name) ?? 0
    const group = groups[index]!
    const step = (steps.get(name) ?? 0) + 1
    const learningRate = rates[index] ?? group.options.lr
    const key = `${index} ${step}`
    const numbers = shared.get(key) ?? rule.numbers(group.options, learningRate, step).map((n) => scalar(n))
    shared.set(key, numbers)
    return { name, group, learningRate, step, state: slotsOf(memory, name, group), numbers }
  })
  return { moves, numbers: [...shared.values()].flat() }
}

/** The step as one that may be replayed: which parameters it moves, by which of the numbers, is its kind. */
function stepOf({ params }: Memory, { moves, numbers }: Planned, grads: Grads) {
  const at = new Map(numbers.map((one, i) => [one, i]))
  const words = moves.map(
    ({ name, numbers: [first] }) => `${name} ${grads.has(name)} ${first && at.get(first)}`,
  )
  const given = [...moves.flatMap(({ name }) => grads.get(name) ?? []), ...numbers]
  return {
    name: 'update',
    key: ['update', ...words].join('|'),
    given: given.map((one) => ({ value: () => one })),
    changes: () =>
      moves.flatMap(({ name, state }) => [...params.variables([name]), ...state.variables(state.names)]),
  }
}

function slotsOf({ rule, params, slots }: Memory, name: string, { options }: Group): ParamStore {
  const found = slots.get(name)
  if (found !== undefined) return found
  const { shape } = params.tensors.get(name)! // trainable names are in the store
  const made = createZeroStore(rule.slots(options), shape)
  slots.set(name, made)
  return made
}

function moveOne({ rule, params }: Memory, move: Move, grads: Grads): void {
  const { name, group, learningRate, step, state, numbers } = move
  const given = grads.get(name)
  const grad = given ?? zeros(params.tensors.get(name)!.shape)
  rule.apply({ params, state, name, grad, options: group.options, learningRate, step, numbers })
  if (given === undefined) grad.dispose()
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
    const group = memory.groups[memory.groupOf.get(name) ?? 0]!
    slotsOf(memory, name, group).load(slotValues(name, memory.rule.slots(group.options), arrays))
  }
}

function slotValues(name: string, names: readonly string[], arrays: NamedArrays): NamedArrays {
  return new Map(
    names.map((slot) => {
      const array = arrays.get(`${slot}/${name}`)
      if (array === undefined) throw new Error(`the saved optimizer has no ${slot} for ${name}`)
      return [slot, array]
    }),
  )
}
