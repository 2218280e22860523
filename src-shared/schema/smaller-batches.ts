/** Changes of a config, to be taken at once. */
export interface SmallerBatches {
  readonly label: string
  readonly changes: readonly BatchChange[]
}

interface BatchChange {
  readonly path: string
  readonly from: number
  readonly value: number
}

/** Options that say how many batches are added up to a step, by trainer. */
const ADDED_UP: Readonly<Record<string, string>> = {
  cotrainer: 'trainer.config.train_cycler_args.grad_accum_step',
  nnvision_trainer: 'trainer.config.loss_accum_batch_n',
}

/** The batch sizes of a config, by path; `leaves` are its options. */
export function batchSizes(leaves: ReadonlyMap<string, unknown>): readonly { path: string; size: number }[] {
  return [...leaves].flatMap(([path, size]) =>
    path.startsWith('dataset.') && path.endsWith('.batch_size') && typeof size === 'number'
      ? [{ path, size }]
      : [],
  )
}

/**
 * What makes training need less memory, the change that alters its steps least first: half the batch with twice as many
 * batches added up to a step, where the cycler can add them up, and half the batch alone. `leaves` are the options of a config.
 */
export function smallerBatches(leaves: ReadonlyMap<string, unknown>): readonly SmallerBatches[] {
  const halves = batchSizes(leaves)
    .filter(({ size }) => size > 1)
    .map(({ path, size }) => ({ path, from: size, value: Math.floor(size / 2) }))
  if (halves.length === 0) return []
  const alone = { label: 'Halve the batch', changes: halves }
  const now = addedUp(leaves)
  if (now === null) return [alone]
  const twice = { path: now.path, from: now.batches, value: Math.max(1, now.batches) * 2 }
  return [{ label: 'Halve the batch and accumulate', changes: [...halves, twice] }, alone]
}

/** Batches that are added up to a step; null where the cycler adds up none, or a number that is not known here. */
function addedUp(leaves: ReadonlyMap<string, unknown>): { path: string; batches: number } | null {
  const path = ADDED_UP[String(leaves.get('trainer.fn'))]
  if (path === undefined || leaves.get('trainer.config.train_cycler') === 'MTL_Cycler') return null
  const batches = leaves.get(path)
  if (typeof batches !== 'number') return null
  const tasks = [...leaves.keys()].filter((key) => key.startsWith('trainer.config.loss_functions.')).length
  // 0 means one batch per session.
  return batches > 0 || tasks === 1 ? { path, batches } : null
}
