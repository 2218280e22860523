import type { Tensor } from '@tensorflow/tfjs-core'
import type { Batch, Grads, TaskLoaders, TaskName, TrainerEvent } from '../../types.ts'
import type { CycleStep } from '../cyclers/source.ts'
import type { Hook } from '../hooks/hook.ts'
import type { TaskObjective } from '../rules/objective.ts'
import type { TrainingRules } from '../rules/rules.ts'
import type { RunPosition } from '../state/run-checkpoint.ts'
import type { TrainingState } from '../state/training-state.ts'
import type { BatchNumbers } from './batch-numbers.ts'
import type { NormMemory } from './divergence.ts'

/** What an epoch is trained with. */
export interface EpochJob {
  readonly state: TrainingState
  readonly rules: TrainingRules
  readonly objectives: ReadonlyMap<TaskName, TaskObjective>
  readonly hooks: readonly Hook[]
  readonly loaders: TaskLoaders
  readonly epoch: number
  readonly rates: readonly number[]
  /** Moved along as the epoch goes. */
  readonly position: RunPosition
  /** Remembers the norms of the last gradients. */
  readonly norms: NormMemory
  waited(): number
  now(): number
  stopRequest(): 'no' | 'now' | 'epoch'
  /**
   * Read the numbers of each batch before its gradient is used, which costs nothing where arithmetic is done at once. A
   * device that works beside waits at each reading: there they are read with the points of the curves, and once a second.
   */
  readonly readEachBatch: boolean
  /** Watches single batches and steps, with `readEachBatch`; conformance tests compare them with published traces. */
  readonly probe?: Probe
}

export interface Probe {
  /** Standard-normal draws for the k-th neural batch [batch, units, 2]; undefined: drawn as usual. */
  noise(neuralBatch: number, step: CycleStep<Batch>): Tensor | undefined
  batch(step: CycleStep<Batch>, numbers: BatchNumbers, grads: Grads): void
  /** Accumulated gradients right before the update. */
  gradients(pending: ReadonlyMap<string, Tensor>): void
  updated(): void
}

export type EpochEvent =
  | Extract<TrainerEvent, { kind: 'metrics' | 'mark' | 'log' }>
  | {
      readonly kind: 'pace'
      readonly batch: number
      readonly batches: number
      readonly imagesPerSecond: number
      readonly loaderWait: number
    }
