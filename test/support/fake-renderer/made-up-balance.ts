import type { TaskBalance } from '../../../src-shared/contract/balance.ts'
import { taskBalance } from '../../../src-shared/balance/task-balance.ts'

const EPOCHS = 12
const POINTS = 5
const NONE = { lossWeighing: false, ratio: 1, scaleLoss: true, averages: false, layer: 17 }

/** What a run of these epochs has recorded: the neurons' gradient is so many times that of classification. */
export function madeUpBalance(ratio: number): TaskBalance {
  const epoch = Array.from({ length: EPOCHS * POINTS }, (_, i) => (i + 1) / POINTS)
  const curve = (of: (at: number, i: number) => number) => ({ epoch, value: epoch.map(of) })
  return taskBalance(
    {
      neural: curve((_, i) => ratio * (1 + 0.2 * Math.sin(i))),
      classification: curve(() => 1),
      isShared: true,
      cosine: curve((_, i) => 0.02 * Math.sin(3 * i)),
      weights: {},
    },
    NONE,
  )
}
