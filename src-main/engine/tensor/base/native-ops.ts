import type { DataType, Tensor } from '@tensorflow/tfjs-core'
import { backend, engine, getBackend } from '@tensorflow/tfjs-core'

/** Value of an attribute of a TensorFlow operation, tagged with the binding's type code. */
export interface NativeAttr {
  readonly name: string
  readonly type: number
  readonly value: unknown
}

/** An output of an operation as the binding hands it over: a handle that somebody must delete or adopt. */
export interface RawTensor {
  readonly id: number
  readonly shape: number[]
  readonly dtype: number
}

export interface Binding {
  executeOp(
    name: string,
    attrs: readonly NativeAttr[],
    inputs: readonly number[],
    outputs: number,
  ): RawTensor[]
  createTensor(shape: readonly number[], dtype: number, values: unknown): number
  deleteTensor(id: number): void
  tensorDataSync(id: number): unknown
  getNumOfTensors(): number
  /** Registers a graph as a function that `executeOp` knows by its name; missing where our part of the binding is. */
  addFunction?(
    name: string,
    graph: Uint8Array,
    inputs: readonly string[],
    outputs: readonly string[],
    controls: readonly string[],
  ): void
  removeFunction?(name: string): void
  readonly TF_ATTR_STRING: number
  readonly TF_ATTR_INT: number
  readonly TF_ATTR_FLOAT: number
  readonly TF_ATTR_BOOL: number
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_SHAPE: number
  readonly TF_FLOAT: number
  readonly TF_INT32: number
  readonly TF_BOOL: number
}

interface NodeBackend {
  readonly isUsingGpuDevice: boolean
  binding: Binding
  getInputTensorIds(tensors: readonly Tensor[]): number[]
  readonly tensorMap: { set(dataId: object, record: object): void }
}

/** TensorFlow's number of bfloat16, which TensorFlow.js has no name for. */
export const DT_BFLOAT16 = 14
export const DT_FLOAT = 1
export const DT_INT32 = 3
/** A handle of a variable. */
export const DT_RESOURCE = 20

/** Whether operations run in libtensorflow, so that its own kernels can be called by name. */
export const onNative = (): boolean => getBackend() === 'tensorflow'

/** Whether operations run on a device through WebGPU: values can then be read by promise alone. */
export const onWebgpu = (): boolean => getBackend() === 'webgpu'

/** Whether the device works beside this process, so that reading a value waits for everything issued before it. */
export const readingWaits = (): boolean => onWebgpu() || (onNative() && node().isUsingGpuDevice)

const node = (): NodeBackend => backend() as unknown as NodeBackend // the backend that tfjs-node registers under this name

export const attr = {
  type: (name: string, value: number = DT_FLOAT): NativeAttr => ({
    name,
    type: node().binding.TF_ATTR_TYPE,
    value,
  }),
  int: (name: string, value: number | readonly number[]): NativeAttr => ({
    name,
    type: node().binding.TF_ATTR_INT,
    value,
  }),
  float: (name: string, value: number): NativeAttr => ({ name, type: node().binding.TF_ATTR_FLOAT, value }),
  bool: (name: string, value: boolean): NativeAttr => ({ name, type: node().binding.TF_ATTR_BOOL, value }),
  text: (name: string, value: string): NativeAttr => ({ name, type: node().binding.TF_ATTR_STRING, value }),
  shape: (name: string, value: readonly number[]): NativeAttr => ({
    name,
    type: node().binding.TF_ATTR_SHAPE,
    value,
  }),
}

/** Handles of tensors; pending values are uploaded. They stay owned by the tensors. */
export const handlesOf = (tensors: readonly Tensor[]): number[] => node().getInputTensorIds(tensors)

/** Runs an operation on raw handles. The caller owns the outputs. */
export function runRaw(
  name: string,
  attrs: readonly NativeAttr[],
  inputs: readonly number[],
  outputs: number,
): RawTensor[] {
  return node().binding.executeOp(name, attrs, inputs, outputs)
}

/** Frees an output that nobody has adopted. */
export const deleteRaw = (id: number): void => node().binding.deleteTensor(id)

/** Turns an output into a tensor of the current scope, which then owns the handle. */
export function adopt(raw: RawTensor): Tensor {
  const { binding, tensorMap } = node()
  const dtype: DataType =
    raw.dtype === binding.TF_INT32 ? 'int32' : raw.dtype === binding.TF_BOOL ? 'bool' : 'float32'
  const dataId = {}
  tensorMap.set(dataId, { shape: raw.shape, dtype: raw.dtype, id: raw.id, values: null, refCount: 1 })
  return engine().makeTensorFromTensorInfo({ dataId, shape: raw.shape, dtype })
}

/**
 * Runs an operation on tensors and adopts the first `wanted` of its `outputs`; the rest is deleted at once.
 * Nothing is recorded for gradients: call it inside `differentiable`. As with the operations of TensorFlow.js, the caller
 * says of which ranks the outputs are.
 */
export function runNative<Out extends Tensor[] = Tensor[]>(
  name: string,
  attrs: readonly NativeAttr[],
  inputs: readonly Tensor[],
  outputs = 1,
  wanted: number = outputs,
): Out {
  const raw = runRaw(name, attrs, handlesOf(inputs), outputs)
  raw.slice(wanted).forEach((r) => deleteRaw(r.id))
  return raw.slice(0, wanted).map(adopt) as Out // as many as are wanted, of the ranks of the operation
}

/** Like {@link runNative} for one output. */
export function runNative1<T extends Tensor = Tensor>(
  name: string,
  attrs: readonly NativeAttr[],
  inputs: readonly Tensor[],
): T {
  return runNative<[T]>(name, attrs, inputs)[0]
}

/** The binding of the native backend. */
export const bindingHere = (): Binding => node().binding

/** Runs with another binding in place of the current one, which is back when it returns. */
export function withBinding<T>(other: Binding, run: () => T): T {
  const here = node()
  const usual = here.binding
  here.binding = other
  try {
    return run()
  } finally {
    here.binding = usual
  }
}

/** Live handles in the binding, resource variables included; for leak tests. 0 on the other backends. */
export const nativeHandleCount = (): number => (onNative() ? node().binding.getNumOfTensors() : 0)
