import type { KernelFunc, Tensor, Tensor3D } from '@tensorflow/tfjs-core'
import {
  add,
  clone,
  getKernel,
  pad,
  registerKernel,
  reshape,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core'

let registered = false

/** Registers the kernels that training needs and that the WebGPU backend gets wrong. Once per process. */
export function registerWebgpuKernels(): void {
  if (registered) return
  registered = true
  replace('PadV2', padded)
  replace('AddN', summed)
}

type Call = Parameters<KernelFunc>[0]

function replace(kernelName: string, run: (call: Call, own: KernelFunc) => ReturnType<KernelFunc>): void {
  const own = getKernel(kernelName, 'webgpu')
  unregisterKernel(kernelName, 'webgpu')
  registerKernel({ ...own, kernelFunc: (call) => run(call, own.kernelFunc) })
}

/** Its program is no WGSL for more axes. */
const MOST_AXES = 4

/** Padding of many axes, one axis after another; of few as the backend does it. */
function padded(call: Call, own: KernelFunc): ReturnType<KernelFunc> {
  const x = call.inputs['x'] as Tensor // kernels are called with tensors
  if (x.rank <= MOST_AXES) return own(call)
  const { paddings, constantValue } = call.attrs as unknown as {
    readonly paddings: readonly [number, number][]
    readonly constantValue: number
  } // the type of the library knows no attributes
  return tidy(() =>
    paddings.reduce<Tensor>((now, edges, axis) => {
      if (edges[0] + edges[1] === 0) return now
      const size = now.shape[axis] ?? 1
      const outer = now.shape.slice(0, axis).reduce((product, n) => product * n, 1)
      const rows: Tensor3D = reshape(now, [outer, size, now.size / (outer * size)])
      const wider = pad(rows, [[0, 0], edges, [0, 0]], constantValue)
      return reshape(wider, now.shape.with(axis, size + edges[0] + edges[1]))
    }, clone(x)),
  )
}

/** Buffers that a program may read at least on every device, less the one that it writes. */
const MOST_TERMS = 7

/** A sum of many tensors, which would need more buffers than a device has, as a sum of sums. */
function summed(call: Call, own: KernelFunc): ReturnType<KernelFunc> {
  const terms = Object.values(call.inputs) as Tensor[] // kernels are called with tensors
  return terms.length <= MOST_TERMS ? own(call) : tidy(() => terms.reduce((sum, term) => add(sum, term)))
}
