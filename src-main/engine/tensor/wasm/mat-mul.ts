import type { KernelConfig, Tensor } from '@tensorflow/tfjs-core'
import { matMul, tidy, transpose } from '@tensorflow/tfjs-core'
import { replaced } from './kernel.ts'

/**
 * Matrix product with transposed operands: the wasm backend is ten times slower on these, as they occur in every
 * gradient of a dense layer, than on operands that are turned first.
 */
export function batchMatMul(): KernelConfig {
  return replaced<{ a: Tensor; b: Tensor }, { transposeA: boolean; transposeB: boolean }>(
    'BatchMatMul',
    ({ inputs: { a, b }, attrs: { transposeA, transposeB } }, original) => {
      const matrices =
        a.shape.slice(0, -2).every((n) => n === 1) && b.shape.slice(0, -2).every((n) => n === 1)
      if (!matrices || !(transposeA || transposeB)) return original()
      return tidy(() => matMul(transposeA ? turned(a) : a, transposeB ? turned(b) : b))
    },
  )
}

function turned(t: Tensor): Tensor {
  const axes = t.shape.map((_, i) => i)
  const [row = 0, column = 1] = axes.splice(-2)
  return transpose(t, [...axes, column, row])
}
