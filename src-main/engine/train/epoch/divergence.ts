import type { Tensor } from '@tensorflow/tfjs-core'
import { cast, mul, stack, sum } from '@tensorflow/tfjs-core'
import type { Divergence } from '../../../../src-shared/contract/run-end.ts'
import { readValues } from '../../tensor/index.ts'

/** Gradient norms that are remembered. */
const KEPT = 5

/** The last gradient norms, as evidence for the moment at which a number is no longer finite. */
export interface NormMemory {
  add(step: number, norm: number): void
  last(): Divergence['gradientNorms']
}

/** Keeps the last gradient norms, for the report of a training that diverged. */
export function normMemory(): NormMemory {
  let norms: Divergence['gradientNorms'] = []
  return {
    add: (step, norm) => {
      norms = [...norms.slice(1 - KEPT), { step, norm: Number.isFinite(norm) ? norm : null }]
    },
    last: () => norms,
  }
}

/** First of these tensors, in the order of `names`, with a value that is not finite; null where all are. */
export async function firstSpoilt(
  names: readonly string[],
  tensors: ReadonlyMap<string, Tensor>,
): Promise<string | null> {
  const there = names.filter((name) => tensors.has(name))
  if (there.length === 0) return null
  // Zero times a value is zero only when the value is finite.
  const sums = await readValues(() =>
    stack(there.map((name) => sum(mul(cast(tensors.get(name)!, 'float32'), 0)))),
  )
  return there.find((_, i) => !Number.isFinite(sums[i])) ?? null
}
