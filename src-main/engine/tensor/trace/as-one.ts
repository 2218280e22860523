import type { Tensor } from '@tensorflow/tfjs-core'

/** Attributes of an operation: sizes, steps, names. */
export type TraceAttrs = Readonly<Record<string, unknown>>

/** Hears what is computed while a network is traced. */
export interface Recorder {
  record(
    op: string,
    inputs: Readonly<Record<string, Tensor | undefined>>,
    attrs: TraceAttrs,
    output: Tensor,
  ): void
}

let recorder: Recorder | null = null

/** Sets who hears; null for nobody. Gives the one before. */
export function setRecorder(next: Recorder | null): Recorder | null {
  const before = recorder
  recorder = next
  return before
}

/**
 * Computes one operation of ours. Where a network is traced it is recorded as a whole, by this name, and not as the operations that
 * it is made of; otherwise nothing happens but the computation.
 */
export function asOne<T extends Tensor>(
  op: string,
  inputs: Readonly<Record<string, Tensor | undefined>>,
  attrs: TraceAttrs,
  compute: () => T,
): T {
  if (recorder === null) return compute()
  const hears = setRecorder(null)
  try {
    const output = compute()
    hears?.record(op, inputs, attrs, output)
    return output
  } finally {
    setRecorder(hears)
  }
}
