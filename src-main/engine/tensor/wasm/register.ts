import type { KernelConfig } from '@tensorflow/tfjs-core'
import { getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { conv2DBackpropFilter, conv2DBackpropInput } from './conv-gradients.ts'
import { depthwiseBackpropFilter, depthwiseBackpropInput } from './depthwise-gradients.ts'
import { identity } from './identity.ts'
import { batchMatMul } from './mat-mul.ts'
import { maxPoolGrad } from './max-pool-gradient.ts'
import { unsortedSegmentSum } from './segment-sum.ts'
import { tile } from './tile.ts'

let registered = false

/** Registers the kernels that training needs and the wasm backend lacks, gets wrong or runs slowly. Once per process. */
export function registerWasmKernels(): void {
  if (registered) return
  registered = true
  const missing = [conv2DBackpropFilter, depthwiseBackpropFilter, depthwiseBackpropInput, unsortedSegmentSum]
  const better = [conv2DBackpropInput(), batchMatMul(), identity(), maxPoolGrad, tile()]
  for (const kernel of [...missing, ...better]) replace(kernel)
}

function replace(kernel: KernelConfig): void {
  if (getKernel(kernel.kernelName, kernel.backendName))
    unregisterKernel(kernel.kernelName, kernel.backendName)
  registerKernel(kernel)
}
