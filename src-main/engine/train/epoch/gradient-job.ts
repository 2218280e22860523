import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { Batch, Route, TaskName } from '../../types.ts'
import type { Hook, Moment } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import type { TrainingState } from '../state/training-state.ts'

/** A batch, and all that its gradient depends on. */
export interface GradientJob {
  readonly state: TrainingState
  readonly objectives: ReadonlyMap<TaskName, TaskObjective>
  readonly hooks: readonly Hook[]
  readonly batch: Batch
  readonly route: Route
  readonly moment: Moment
  readonly size: number
  readonly keepClasses: number
  readonly rng: Rng
  /** Given draws for readout positions, in conformance tests. */
  readonly readoutNoise?: Tensor
}

/** A hook within the gradient may decide anew at each batch. */
export const isReplayable = (hooks: readonly Hook[]): boolean =>
  hooks.every(({ loss, watch, gradients, capture }) => !loss && !watch && !gradients && !capture)

/** Route of a cycler step. */
export const routeOf = (task: TaskName, session: string): Route =>
  task === 'img_classification' ? { task } : { task, session }
