import type { Batch } from '../../types.ts'
import type { CycleStep } from '../cyclers/source.ts'

/** A batch at its place in the epoch, from 0. */
export interface PlacedBatch extends CycleStep<Batch> {
  readonly index: number
}

/** So much is held at once: small batches alone gain by being computed together. */
const MOST_BATCHES = 4
const MOST_INPUTS = 2 ** 20

/**
 * Batches from the place `from` on, small ones of one update in a group, so that they may be computed together; the others, and all
 * where `isAlone`, one by one. Whoever takes a group frees it.
 */
export async function* groupsOf(
  steps: AsyncIterable<CycleStep<Batch>>,
  { from, isAlone }: { readonly from: number; readonly isAlone: boolean },
): AsyncGenerator<readonly PlacedBatch[], void> {
  let index = 0
  let group: PlacedBatch[] = []
  try {
    for await (const step of steps) {
      if (index++ < from) {
        disposeBatch(step.batch)
        continue
      }
      group.push({ ...step, index: index - 1 })
      if (!step.step && !isAlone && isFew(group)) continue
      const full = group
      group = []
      yield full
    }
    const rest = group
    group = []
    if (rest.length > 0) yield rest
  } finally {
    for (const { batch } of group) disposeBatch(batch)
  }
}

const isFew = (group: readonly PlacedBatch[]): boolean =>
  group.length < MOST_BATCHES && group.reduce((sum, { batch }) => sum + batch.inputs.size, 0) < MOST_INPUTS

/** Frees what a loader has made. */
export function disposeBatch(batch: Batch): void {
  batch.inputs.dispose()
  batch.targets.dispose()
  for (const extra of [batch.labels, batch.behavior, batch.pupil]) extra?.dispose()
}
