import type { Tensor } from '@tensorflow/tfjs-core'
import { add, keep, mul, tidy } from '@tensorflow/tfjs-core'
import type { ParamStore, Replaying } from '../../tensor/index.ts'
import type { ParamMap } from '../../types.ts'

interface Seen {
  readonly buffer: string
  readonly value: Tensor
  readonly momentum: number
}

/** Collects batch statistics during a forward pass; what the running ones become: new = (1 - m) old + m batch. */
export interface StatisticsCollector {
  readonly onStatistics: (buffer: string, batchValue: Tensor, momentum: number) => void
  /** The running statistics after the batch, by name. The caller owns them. */
  moved(running: ParamMap): ReadonlyMap<string, Tensor>
  dispose(): void
}

/** Takes the batch statistics of a step, to move the running ones by them after it. */
export function collectStatistics(): StatisticsCollector {
  const seen: Seen[] = []
  return {
    onStatistics: (buffer, batchValue, momentum) => {
      seen.push({ buffer, value: keep(batchValue.clone()), momentum })
    },
    moved: (running) => {
      const moved = new Map<string, Tensor>()
      for (const { buffer, value, momentum } of seen) {
        const before = moved.get(buffer)
        const old = before ?? running.get(buffer)
        if (old === undefined) continue
        moved.set(
          buffer,
          tidy(() => add(mul(old, 1 - momentum), mul(value, momentum))),
        )
        before?.dispose()
      }
      return moved
    },
    dispose: () => seen.forEach(({ value }) => value.dispose()),
  }
}

/** Keeps the statistics that a step has moved; frees what it is given. `by`: replays it, looking anew in each era. */
export function keepStatistics(store: ParamStore, moved: ReadonlyMap<string, Tensor>, by: Replaying): void {
  if (moved.size === 0) return
  const { replayer, era } = by
  const names = [...moved.keys()]
  replayer.run({
    name: 'running statistics',
    key: ['running statistics', ...names].join('|'),
    era,
    given: [...moved.values()].map((one) => ({ value: () => one })),
    changes: () => store.variables(names),
    compute: () => {
      for (const [name, value] of moved) store.assign(name, value)
      return { tensors: [], beside: null }
    },
  })
  for (const value of moved.values()) value.dispose()
}
