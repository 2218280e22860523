import type { Tensor } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { TaskName } from '../../types.ts'
import type { Moment } from '../hooks/hook.ts'
import type { PlacedBatch } from './batch-groups.ts'
import type { GradientJob } from './gradient-job.ts'
import { isReplayable, routeOf } from './gradient-job.ts'
import type { NoteEvent } from './hook-notes.ts'
import { notesBeforeBatch } from './hook-notes.ts'
import type { EpochJob } from './epoch-job.ts'

/** Hooks that decide by batch see each before the next is computed, and so does a probe. */
export const isEachAlone = ({ hooks, probe }: EpochJob): boolean =>
  probe !== undefined || !isReplayable(hooks) || hooks.some(({ beforeBatch }) => beforeBatch)

/** What is to be computed of each batch, after what hooks do before it. `noiseOf`: given draws of a neural batch. */
export function* prepared(
  job: EpochJob,
  group: readonly PlacedBatch[],
  rng: Rng,
  noiseOf: (step: PlacedBatch) => Tensor | undefined,
): Generator<NoteEvent, readonly GradientJob[]> {
  const jobs: GradientJob[] = []
  for (const step of group) {
    const task = step.task as TaskName
    const moment: Moment = {
      epoch: job.epoch,
      batch: step.index,
      task,
      rng: rng.fork('batch').fork(step.index),
    }
    yield* notesBeforeBatch(job, moment)
    jobs.push(gradientJob(job, step, moment, task === 'img_classification' ? undefined : noiseOf(step)))
  }
  return jobs
}

const gradientJob = (job: EpochJob, step: PlacedBatch, moment: Moment, noise?: Tensor): GradientJob => ({
  state: job.state,
  objectives: job.objectives,
  hooks: job.hooks,
  batch: step.batch,
  route: routeOf(moment.task, step.session),
  moment,
  size: job.loaders[moment.task]!.get(step.session)!.size,
  keepClasses: job.rules.keepClasses,
  rng: moment.rng.fork('forward'),
  ...(noise === undefined ? {} : { readoutNoise: noise }),
})
