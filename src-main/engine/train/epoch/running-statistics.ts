import type { Tensor } from '@tensorflow/tfjs-core'
import { add, keep, mul, tidy } from '@tensorflow/tfjs-core'
import type { ParamStore } from '../../tensor/index.ts'

interface Seen {
  readonly buffer: string
  readonly value: Tensor
  readonly momentum: number
}

/** Collects batch statistics during a forward pass and moves the running ones afterwards: new = (1 - m) old + m batch. */
export interface StatisticsCollector {
  readonly onStatistics: (buffer: string, batchValue: Tensor, momentum: number) => void
  /** Applies and forgets what was collected. */
  apply(store: ParamStore): void
  /** Forgets it, after an error. */
  discard(): void
}

/** Takes the batch statistics of a step, to move the running ones by them after it. */
export function collectStatistics(): StatisticsCollector {
  const seen: Seen[] = []
  const discard = (): void => {
    for (const { value } of seen) value.dispose()
    seen.length = 0
  }
  return {
    onStatistics: (buffer, batchValue, momentum) => {
      seen.push({ buffer, value: keep(batchValue.clone()), momentum })
    },
    apply: (store) => {
      for (const { buffer, value, momentum } of seen) {
        const old = store.tensors.get(buffer)
        if (old === undefined) continue
        const next = tidy(() => add(mul(old, 1 - momentum), mul(value, momentum)))
        store.assign(buffer, next)
        next.dispose()
      }
      discard()
    },
    discard,
  }
}
