import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { getKernel } from '@tensorflow/tfjs-core'

type Outputs = TensorInfo | TensorInfo[]

/** What a kernel is called with: tensors by the names of its inputs, its attributes, and its backend. */
export interface KernelCall<Inputs, Attrs> {
  readonly inputs: Inputs
  readonly attrs: Attrs
  readonly backend: { incRef(dataId: object): void }
}

/** The type of the library knows neither the inputs nor the attributes of a kernel. */
const untyped = <Inputs, Attrs>(run: (call: KernelCall<Inputs, Attrs>) => Outputs): KernelFunc =>
  run as unknown as KernelFunc

/** A kernel for the wasm backend; `Inputs` and `Attrs` are what TensorFlow.js calls kernels of this name with. */
export const wasmKernel = <Inputs, Attrs>(
  kernelName: string,
  run: (call: KernelCall<Inputs, Attrs>) => Outputs,
): KernelConfig => ({ kernelName, backendName: 'wasm', kernelFunc: untyped(run) })

/** A kernel in place of one that the wasm backend has; `original` runs that one on the same call. */
export function replaced<Inputs, Attrs>(
  kernelName: string,
  run: (call: KernelCall<Inputs, Attrs>, original: () => Outputs) => Outputs,
): KernelConfig {
  const known = getKernel(kernelName, 'wasm')
  const kernelFunc: KernelFunc = (call) =>
    untyped<Inputs, Attrs>((typed) => run(typed, () => known.kernelFunc(call)))(call)
  return { ...known, kernelFunc }
}
