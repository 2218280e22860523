import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tile } from '@tensorflow/tfjs-core'
import type { TrialContext } from '../../eval/network.ts'
import { trialContext } from '../../eval/network.ts'
import type { Batch } from '../../types.ts'
import type { Hook, InputNotes, Moment } from '../hooks/hook.ts'
import { disposeBatch } from './batch-groups.ts'
import type { GradientJob } from './gradient-job.ts'

/** A batch as the network sees it. */
export interface View {
  readonly job: GradientJob
  readonly inputs: Tensor4D
  readonly rows: TrialContext
  readonly notes: InputNotes
}

export function viewOf(job: GradientJob): View {
  const notes: InputNotes = {}
  const inputs = viewsOf(job.batch.inputs, job.hooks, job.moment, notes)
  return { job, inputs, rows: perTrial(job.batch, inputs.shape[0] / job.batch.targets.shape[0]), notes }
}

/** Frees the batch and all that was made of it. */
export function freeView({ job: { batch, readoutNoise }, inputs, rows }: View): void {
  disposeCopies(rows, batch)
  if (inputs !== batch.inputs) inputs.dispose()
  disposeBatch(batch)
  readoutNoise?.dispose()
}

/** Behaviour and eye positions for each view of the batch. */
function perTrial(batch: Batch, views: number): TrialContext {
  const { behavior, pupil } = trialContext(batch)
  return {
    ...(behavior && { behavior: views === 1 ? behavior : tile(behavior, [views, 1]) }),
    ...(pupil && { pupil: views === 1 ? pupil : tile(pupil, [views, 1]) }),
  }
}

function disposeCopies({ behavior, pupil }: TrialContext, batch: Batch): void {
  if (behavior !== batch.behavior) behavior?.dispose()
  if (pupil !== batch.pupil) pupil?.dispose()
}

/** Inputs after every hook that changes them; a new tensor unless no hook does. */
function viewsOf(inputs: Tensor4D, hooks: readonly Hook[], moment: Moment, notes: InputNotes): Tensor4D {
  let current = inputs
  for (const hook of hooks) {
    if (hook.inputs === undefined) continue
    const next = hook.inputs(current, { ...moment, rng: moment.rng.fork(hook.name) }, notes)
    if (current !== inputs) current.dispose()
    current = next
  }
  return current
}
