import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core'
import { getKernel, matMul, tidy, transpose } from '@tensorflow/tfjs-core'

/**
 * Matrix product with transposed operands: the wasm backend is ten times slower on these, as they occur in every
 * gradient of a dense layer, than on operands that are turned first.
 */
export function batchMatMul(): KernelConfig {
  const original = getKernel('BatchMatMul', 'wasm')
  return {
    ...original,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as unknown as { a: Tensor; b: Tensor }
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean }
      const matrices =
        a.shape.slice(0, -2).every((n) => n === 1) && b.shape.slice(0, -2).every((n) => n === 1)
      if (!matrices || !(transposeA || transposeB)) return original.kernelFunc(call)
      return tidy(() => matMul(transposeA ? turned(a) : a, transposeB ? turned(b) : b))
    },
  }
}

function turned(t: Tensor): Tensor {
  const axes = t.shape.map((_, i) => i)
  const [row = 0, column = 1] = axes.splice(-2)
  return transpose(t, [...axes, column, row])
}
