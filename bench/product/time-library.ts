import { backend, getBackend } from '@tensorflow/tfjs-core'

interface Binding {
  executeOp(name: string, ...rest: unknown[]): unknown
}

/** What a training asks of TensorFlow's operations. */
interface LibraryUse {
  readonly operations: number
  /** Seconds within them; the rest of a step is JavaScript and copying. */
  readonly library: number
}

/** Counts and times the operations of the native library, until `stop`; on another engine there is nothing to count. */
export function timeLibrary(): { stop(): LibraryUse | Record<string, never> } {
  // Corrupting images loads no engine.
  const isLoaded = ['tensorflow', 'wasm'].includes(getBackend())
  const node: { binding?: Binding } = isLoaded ? (backend() as { binding?: Binding }) : {} // tfjs-node's has one
  const { binding } = node
  if (binding === undefined) return { stop: () => ({}) }
  let operations = 0
  let ms = 0
  node.binding = Object.create(binding, {
    executeOp: {
      value: (name: string, ...rest: unknown[]) => {
        const start = performance.now()
        const outputs = binding.executeOp(name, ...rest)
        ms += performance.now() - start
        operations++
        return outputs
      },
    },
  }) as Binding
  return {
    stop: () => {
      node.binding = binding
      return { operations, library: ms / 1000 }
    },
  }
}
