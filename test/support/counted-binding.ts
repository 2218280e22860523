import { backend } from '@tensorflow/tfjs-core'

interface Binding {
  tensorDataSync(id: number): unknown
  createTensor(shape: number[], dtype: number, values: unknown): unknown
  executeOp(name: string, ...rest: unknown[]): unknown
}

/** What the native binding was asked for while something ran. */
export interface Issued {
  /** Values that were brought back from the device. */
  reads: number
  operations: number
  /** Tensors that were given values of the main memory: the binding copies them to the device at once. */
  uploads: number
  /** Numbers in the largest of them. */
  largest: number
}

/** Stands between TensorFlow.js and its binding and counts, until `stop`. The native backend must be current. */
export function countIssued(): { readonly issued: Issued; stop(): void } {
  const node = backend() as unknown as { binding: Binding } // the backend that tfjs-node registers
  const { binding } = node
  const issued: Issued = { reads: 0, operations: 0, uploads: 0, largest: 0 }
  node.binding = Object.create(binding, {
    tensorDataSync: {
      value: (id: number) => {
        issued.reads++
        return binding.tensorDataSync(id)
      },
    },
    createTensor: {
      value: (...given: Parameters<Binding['createTensor']>) => {
        issued.uploads++
        issued.largest = Math.max(
          issued.largest,
          given[0].reduce((product, n) => product * n, 1),
        )
        return binding.createTensor(...given)
      },
    },
    executeOp: {
      value: (name: string, ...rest: unknown[]) => {
        issued.operations++
        return binding.executeOp(name, ...rest)
      },
    },
  }) as Binding
  return { issued, stop: () => void (node.binding = binding) }
}
