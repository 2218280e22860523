import type { DataType, KernelConfig, Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import {
  backend,
  engine,
  getBackend,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
  removeBackend,
  setBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { KernelBackend } from '@tensorflow/tfjs-core'
import type { TraceAttrs } from './as-one.ts'
import { setRecorder } from './as-one.ts'

/** Where a value comes from. An operation names its inputs by their places among the values. */
type TraceSource =
  | { readonly kind: 'images' }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Float32Array | Int32Array | Uint8Array }
  | {
      readonly kind: 'operation'
      readonly op: string
      readonly inputs: Readonly<Record<string, number>>
      readonly attrs: TraceAttrs
      /** Which of several outputs. */
      readonly part: number
    }

export interface TraceValue {
  readonly shape: readonly number[]
  readonly from: TraceSource
}

/** What was computed, in order; the last value that `output` names is the answer. */
export interface Trace {
  readonly values: readonly TraceValue[]
  readonly output: number
}

const TRACING = 'trace'

/**
 * Computes `network` once on these images and writes down every operation that depends on them or on parameters; what depends on
 * neither is a constant. The computing is done by the backend that is current, under another name, so that operations go through
 * TensorFlow.js and none through a library's own kernels. Its values must be readable at once.
 */
export async function trace(
  images: Tensor,
  params: ReadonlyMap<string, Tensor>,
  network: () => Tensor,
): Promise<Trace> {
  const [name, real] = [getBackend(), backend()]
  const kernels = getKernelsForBackend(name)
  const log = traceLog(images, params, real)
  const traced = kernels.map((kernel): KernelConfig => ({ ...tracedKernel(kernel, real, log), backendName: TRACING })) // prettier-ignore
  registerBackend(TRACING, () => standIn(real))
  traced.forEach(registerKernel)
  await setBackend(TRACING)
  engine().startScope()
  setRecorder(log)
  try {
    const output = log.placeOf(network())
    return { values: log.values, output }
  } finally {
    setRecorder(null)
    engine().endScope()
    await setBackend(name)
    removeBackend(TRACING)
    traced.forEach((kernel) => unregisterKernel(kernel.kernelName, TRACING))
  }
}

/** The real backend, which must survive the end of the tracing. */
const standIn = (real: KernelBackend): KernelBackend =>
  new Proxy(real, {
    get: (target, key) => {
      if (key === 'dispose') return () => undefined
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })

function tracedKernel(
  kernel: KernelConfig,
  real: KernelBackend,
  log: ReturnType<typeof traceLog>,
): Omit<KernelConfig, 'backendName'> {
  return {
    kernelName: kernel.kernelName,
    kernelFunc: ({ inputs, attrs }) => {
      const given = inputs as Readonly<Record<string, TensorInfo>> // tensors by name: lists come as "0", "1"
      const hears = setRecorder(null)
      try {
        const made = kernel.kernelFunc({ inputs, ...(attrs === undefined ? {} : { attrs }), backend: real })
        if (hears !== null) log.record(kernel.kernelName, given, attrs ?? {}, made)
        return made
      } finally {
        setRecorder(hears)
      }
    },
  }
}

function traceLog(images: Tensor, params: ReadonlyMap<string, Tensor>, real: KernelBackend) {
  const values: TraceValue[] = []
  /** Reshaped tensors share their data: the shape tells them apart. */
  const known = new Map<object, Map<string, number>>()
  const add = (tensor: TensorInfo, from: TraceSource): number => {
    const place = values.push({ shape: [...tensor.shape], from }) - 1
    const shapes = known.get(tensor.dataId) ?? new Map<string, number>()
    known.set(tensor.dataId, shapes.set(tensor.shape.join(), place))
    return place
  }
  const find = ({ dataId, shape }: TensorInfo): number | undefined => known.get(dataId)?.get(shape.join())
  add(images, { kind: 'images' })
  for (const [name, tensor] of params) add(tensor, { kind: 'parameter', name })
  const constant = (tensor: TensorInfo): number =>
    add(tensor, { kind: 'constant', data: numbersOf(real.readSync?.(tensor.dataId), tensor.dtype) })
  const record = (
    op: string,
    inputs: Readonly<Record<string, TensorInfo | undefined>>,
    attrs: TraceAttrs,
    outputs: TensorInfo | TensorInfo[],
  ): void => {
    const given = Object.entries(inputs).flatMap(([key, t]) => (t === undefined ? [] : [[key, t] as const]))
    if (!given.some(([, t]) => find(t) !== undefined)) return
    const places = Object.fromEntries(given.map(([key, t]) => [key, find(t) ?? constant(t)]))
    const made = Array.isArray(outputs) ? outputs : [outputs]
    made.forEach((t, part) => add(t, { kind: 'operation', op, inputs: places, attrs, part }))
  }
  return { values, record, placeOf: (tensor: Tensor): number => find(tensor) ?? constant(tensor) }
}

function numbersOf(data: unknown, dtype: DataType): Float32Array | Int32Array | Uint8Array {
  if (data instanceof Float32Array || data instanceof Int32Array || data instanceof Uint8Array)
    return data.slice()
  throw new Error(`a traced network holds a constant of type ${dtype}`)
}
