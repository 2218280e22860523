import { z } from 'zod'
import { conditions, evaluation, scoredPart } from '../evaluation.ts'
import { setPart } from '../set-part.ts'
import { neuronTable } from '../run.ts'
import { runId as id } from '../views.ts'
import { method } from './method.ts'

const job = z.string().max(64).optional()

/** Finished networks on other data, and together. */
export const evaluateCalls = {
  /** Without data: measures and conditions that the runs lack, on their own data. Known results are not made again. */
  'runs.evaluate': method(
    { view: false, audited: true, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(100),
      /** Name of a registered set, or a path. */
      data: z.string().min(1).max(4_000).nullable().default(null),
      part: scoredPart.default('test'),
      conditions: conditions.prefault({}),
      /** All runs as one network instead of each by itself. */
      ensemble: z.boolean().default(false),
      /** Ridge regressions on the runs' own recordings instead of the runs. */
      baselines: z.boolean().default(false),
      job,
    }),
    z.array(evaluation),
  ),
  /** What was scored after training, newest first. */
  'runs.evaluations': method(
    { view: true, audited: false, paths: [] },
    z.object({ id }),
    z.array(evaluation),
  ),
  /** Units of one of them. */
  'runs.evaluatedNeurons': method(
    { view: true, audited: false, paths: [] },
    z.object({ id, key: z.string().max(64) }),
    z.array(neuronTable),
  ),
  /** Writes what the runs, or their mean, answer to images: a set, or a folder of images. */
  'runs.predict': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({
      ids: z.array(id).min(1).max(100),
      images: z.string().min(1).max(4_000),
      /** Of a registered image set; all its parts where it is null. */
      part: setPart.nullable().default(null),
      /** A new .npz, .csv or .h5 file. */
      to: z.string().min(1).max(4_000),
      job,
    }),
    z.object({
      path: z.string(),
      images: z.number(),
      /** What was written, in words, and what was left out and why. */
      written: z.array(z.string()),
      notes: z.array(z.string()),
    }),
  ),
} as const
