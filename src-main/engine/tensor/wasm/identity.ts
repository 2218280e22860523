import type { KernelConfig } from '@tensorflow/tfjs-core'
import { getKernel } from '@tensorflow/tfjs-core'

/** An alias of a tensor that shares its data, where the wasm backend copies: every saved activation passes here. */
export function identity(): KernelConfig {
  return {
    ...getKernel('Identity', 'wasm'),
    kernelFunc: ({ inputs, backend }) => {
      const { dataId, shape, dtype } = inputs['x']!
      ;(backend as { incRef(dataId: object): void }).incRef(dataId)
      return { dataId, shape, dtype }
    },
  }
}
