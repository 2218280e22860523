import type { Tensor } from '@tensorflow/tfjs-core'
import { clone, keep, tensor } from '@tensorflow/tfjs-core'
import type { NamedArray, NamedArrays, ParamMap } from '../../types.ts'
import { adopt, attr, deleteRaw, handlesOf, onNative, runRaw } from './native-ops.ts'

/**
 * Named float32 tensors that outlive a step: parameters, statistics, optimizer state.
 * On the native backend each lives in a resource variable, so that an optimizer kernel can update it in place.
 */
export interface ParamStore {
  readonly names: readonly string[]
  /** Current values, borrowed: good until the name is next changed. Read them anew for every step. */
  readonly tensors: ParamMap
  /** Replaces a value; `value` stays the caller's. */
  assign(name: string, value: Tensor): void
  /** Replaces the values of all names in `arrays`. */
  load(arrays: NamedArrays): void
  read(names?: readonly string[]): Promise<NamedArrays>
  /**
   * Lets a kernel change variables in place: hands their resource handles to `run` while no other tensor shares the
   * buffers, which would force a copy. Native backend only.
   */
  inPlace(names: readonly string[], run: (handles: readonly number[]) => void): void
  dispose(): void
}

interface Slot {
  readonly shape: readonly number[]
  /** The resource handle; null on backends without variables. */
  readonly variable: number | null
}

let variableCount = 0

/** A store holding `values`, with shapes fixed from now on. */
export function createParamStore(values: NamedArrays): ParamStore {
  const slots = new Map<string, Slot>()
  const tensors = new Map<string, Tensor>()
  const slot = (name: string): Slot => {
    const found = slots.get(name)
    if (found === undefined) throw new Error(`The store has no tensor named ${name}`)
    return found
  }
  const drop = (name: string): void => {
    tensors.get(name)?.dispose()
    tensors.delete(name)
  }
  const refresh = (name: string, variable: number): void => {
    const [raw] = runRaw('ReadVariableOp', [attr.type('dtype')], [variable], 1)
    if (raw) tensors.set(name, keep(adopt(raw)))
  }
  const assign = (name: string, value: Tensor): void => {
    const { shape, variable } = slot(name)
    if (value.dtype !== 'float32' || !sameShape(shape, value.shape))
      throw new Error(`${name} is float32 [${shape}], got ${value.dtype} [${value.shape}]`)
    drop(name)
    if (variable === null) return void tensors.set(name, keep(clone(value)))
    runRaw('AssignVariableOp', [attr.type('dtype')], [variable, ...handlesOf([value])], 0)
    refresh(name, variable)
  }
  const load = (arrays: NamedArrays): void => {
    for (const [name, array] of arrays) {
      const value = tensor(array.data, array.shape as number[], 'float32')
      assign(name, value)
      value.dispose()
    }
  }
  const inPlace: ParamStore['inPlace'] = (names, run) => {
    const handles = names.map((name) => {
      const { variable } = slot(name)
      if (variable === null) throw new Error('Variables are updated in place on the native backend only')
      return variable
    })
    names.forEach(drop)
    try {
      run(handles)
    } finally {
      names.forEach((name, i) => refresh(name, handles[i]!))
    }
  }
  for (const [name, array] of values) {
    slots.set(name, {
      shape: [...array.shape],
      variable: onNative() ? createVariable(name, array.shape) : null,
    })
  }
  load(values)
  return {
    names: [...slots.keys()],
    tensors,
    assign,
    load,
    inPlace,
    read: async (names = [...slots.keys()]) => {
      const entries = names.map(async (name) => [name, await readArray(tensors, name)] as const)
      return new Map(await Promise.all(entries))
    },
    dispose: () => {
      for (const [name, { variable }] of slots) {
        drop(name)
        if (variable !== null) destroyVariable(variable)
      }
      slots.clear()
    },
  }
}

function createVariable(name: string, shape: readonly number[]): number {
  const attrs = [
    attr.type('dtype'),
    attr.shape('shape', shape),
    attr.text('shared_name', `${name}#${variableCount++}`),
    attr.text('container', ''),
  ]
  return (runRaw('VarHandleOp', attrs, [], 1)[0] as { id: number }).id
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
