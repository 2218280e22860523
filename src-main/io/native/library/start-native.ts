import { createRequire } from 'node:module'
import { env, getGradient, setBackend } from '@tensorflow/tfjs-core'
import { registerReductionGradients } from '../../../engine/tensor/index.ts'
import type { LoadedTensorFlow } from './load-tfjs-node.ts'
import { loadTfjsNode } from './load-tfjs-node.ts'
import type { Binding } from './open-binding.ts'

const require = createRequire(import.meta.url)

/** Loads the library and its binding into this process and makes it current. Its environment must be set before. */
export async function startNative(binding: Binding): Promise<LoadedTensorFlow> {
  const loaded = loadTfjsNode(binding)
  if (!(await selectBackend('tensorflow')))
    throw new Error('TensorFlow.js could not start its tensorflow backend')
  return loaded
}

/** Makes a registered backend current, with gradients; false when it does not start. */
export async function selectBackend(name: string): Promise<boolean> {
  env().set('PROD', true) // only silences the advertisement for tfjs-node that the other backends print
  registerGradients()
  return setBackend(name)
}

/** TensorFlow.js keeps the gradients of its operations out of its core; the layers package brings them in. Ours come after. */
function registerGradients(): void {
  if (getGradient('Sum') === undefined) {
    const fromTfjs = createRequire(
      createRequire(require.resolve('@tensorflow/tfjs-node-gpu')).resolve('@tensorflow/tfjs'),
    )
    fromTfjs('@tensorflow/tfjs-layers')
  }
  registerReductionGradients()
}
