import type { Tensor } from '@tensorflow/tfjs-core'
import { clone, fill, keep, tensor } from '@tensorflow/tfjs-core'
import type { NamedArray, NamedArrays, ParamMap } from '../../types.ts'
import { adopt, attr, deleteRaw, handlesOf, onNative, runRaw } from './native-ops.ts'

/**
 * Named float32 tensors that outlive a step: parameters, statistics, optimizer state.
 * On the native backend each lives in a resource variable, so that an optimizer kernel can update it in place.
 */
export interface ParamStore {
  readonly names: readonly string[]
  /** Current values in the order of `names`, borrowed: good until the name is next changed. Read them anew for every step. */
  readonly tensors: ParamMap
  /** Replaces a value; `value` stays the caller's. */
  assign(name: string, value: Tensor): void
  /** Replaces the values of all names in `arrays`. */
  load(arrays: NamedArrays): void
  read(names?: readonly string[]): Promise<NamedArrays>
  /**
   * Handles of variables, for a kernel that changes them in place. Values of them that were read are dropped: a buffer that
   * is shared would be copied. Native backend only.
   */
  variables(names: readonly string[]): readonly number[]
  dispose(): void
}

interface Slot {
  readonly shape: readonly number[]
  /** The resource handle; null on backends without variables. */
  readonly variable: number | null
}

let variableCount = 0

/** What a store holds: shapes and variables, and of the current values those that were asked for. */
interface Held {
  readonly slots: Map<string, Slot>
  readonly read: Map<string, Tensor>
}

/** A store holding `values`, with shapes fixed from now on. Each is taken when the one before is stored: all need not be there at once. */
export function createParamStore(values: Iterable<readonly [string, NamedArray]>): ParamStore {
  const held: Held = { slots: new Map(), read: new Map() }
  for (const [name, array] of values) {
    addSlot(held, name, array.shape)
    load(held, [[name, array]])
  }
  return storeOf(held)
}

/** A store of zeros, which are made where they stay. */
export function createZeroStore(names: readonly string[], shape: readonly number[]): ParamStore {
  const held: Held = { slots: new Map(), read: new Map() }
  for (const name of names) addSlot(held, name, shape)
  const zero = fill([...shape], 0)
  for (const name of names) assign(held, name, zero)
  zero.dispose()
  return storeOf(held)
}

function addSlot({ slots }: Held, name: string, shape: readonly number[]): void {
  slots.set(name, { shape: [...shape], variable: onNative() ? createVariable(name, shape) : null })
}

function storeOf(held: Held): ParamStore {
  const tensors = currentValues(held)
  return {
    names: [...held.slots.keys()],
    tensors,
    assign: (name, value) => assign(held, name, value),
    load: (arrays) => load(held, arrays),
    variables: (names) => variablesOf(held, names),
    read: async (names = [...held.slots.keys()]) => {
      const entries = names.map(async (name) => [name, await readArray(tensors, name)] as const)
      return new Map(await Promise.all(entries))
    },
    dispose: () => {
      for (const [name, { variable }] of held.slots) {
        drop(held, name)
        if (variable !== null) destroyVariable(variable)
      }
      held.slots.clear()
    },
  }
}

function slotOf({ slots }: Held, name: string): Slot {
  const found = slots.get(name)
  if (found === undefined) throw new Error(`The store has no tensor named ${name}`)
  return found
}

function drop({ read }: Held, name: string): void {
  read.get(name)?.dispose()
  read.delete(name)
}

/** The current values; that of a variable is read when it is first asked for after a change. */
function currentValues(held: Held): ParamMap {
  const { slots, read } = held
  const get = (name: string): Tensor | undefined => {
    const variable = slots.get(name)?.variable ?? null
    if (variable === null || read.has(name)) return read.get(name)
    const [raw] = runRaw('ReadVariableOp', [attr.type('dtype')], [variable], 1)
    if (raw) read.set(name, keep(adopt(raw)))
    return read.get(name)
  }
  const entries = function* (): MapIterator<[string, Tensor]> {
    for (const name of slots.keys()) yield [name, get(name)!] // every slot has a value
  }
  return {
    get,
    entries,
    has: (name) => slots.has(name),
    keys: () => slots.keys(),
    values: function* (): MapIterator<Tensor> {
      for (const [, value] of entries()) yield value
    },
    forEach(callback) {
      for (const [name, value] of entries()) callback(value, name, this)
    },
    [Symbol.iterator]: entries,
    get size() {
      return slots.size
    },
    variable: (name) => slots.get(name)?.variable ?? null,
  }
}

function assign(held: Held, name: string, value: Tensor): void {
  const { shape, variable } = slotOf(held, name)
  if (value.dtype !== 'float32' || !sameShape(shape, value.shape))
    throw new Error(`${name} is float32 [${shape}], got ${value.dtype} [${value.shape}]`)
  drop(held, name)
  if (variable === null) return void held.read.set(name, keep(clone(value)))
  runRaw('AssignVariableOp', [attr.type('dtype')], [variable, ...handlesOf([value])], 0)
}

function load(held: Held, arrays: Iterable<readonly [string, NamedArray]>): void {
  for (const [name, array] of arrays) {
    const value = tensor(array.data, [...array.shape], 'float32')
    assign(held, name, value)
    value.dispose()
  }
}

function variablesOf(held: Held, names: readonly string[]): readonly number[] {
  return names.map((name) => {
    const { variable } = slotOf(held, name)
    if (variable === null) throw new Error('Variables are updated in place on the native backend only')
    drop(held, name)
    return variable
  })
}

function createVariable(name: string, shape: readonly number[]): number {
  const attrs = [
    attr.type('dtype'),
    attr.shape('shape', shape),
    attr.text('shared_name', `${name}#${variableCount++}`),
    attr.text('container', ''),
  ]
  return runRaw('VarHandleOp', attrs, [], 1)[0]!.id // one output
}

/** Deleting the handle alone would leave the buffer in TensorFlow's resource manager. */
function destroyVariable(variable: number): void {
  runRaw('DestroyResourceOp', [attr.bool('ignore_lookup_error', true)], [variable], 0)
  deleteRaw(variable)
}

async function readArray(tensors: ParamMap, name: string): Promise<NamedArray> {
  const value = tensors.get(name)
  if (value === undefined) throw new Error(`The store has no tensor named ${name}`)
  const data = Float32Array.from(await value.data())
  return { shape: value.shape, dtype: 'float32', data }
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i])
