import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core'
import { replaced } from './kernel.ts'

/** An alias of a tensor that shares its data, where the wasm backend copies: every saved activation passes here. */
export function identity(): KernelConfig {
  return replaced<{ x: TensorInfo }, undefined>('Identity', ({ inputs, backend }) => {
    const { dataId, shape, dtype } = inputs.x
    backend.incRef(dataId)
    return { dataId, shape, dtype }
  })
}
