import { backend } from '@tensorflow/tfjs-core'
import type { Binding } from '../../src-main/engine/tensor/base/native-ops.ts'

/** Puts a binding with some functions of its own in place of the library's, until `stop`. */
export function withOtherBinding(change: (library: Binding) => Partial<Binding>): { stop(): void } {
  const node = backend() as unknown as { binding: Binding } // the backend that tfjs-node registers
  const { binding } = node
  const own = Object.entries(change(binding)).map(([name, value]) => [name, { value: value as unknown }])
  node.binding = Object.create(binding, Object.fromEntries(own) as PropertyDescriptorMap) as Binding
  return { stop: () => void (node.binding = binding) }
}
