import { z } from 'zod'
import { runEnd } from '../../../src-shared/contract/run-end.ts'
import {
  problemSchema,
  runEnvironment,
  runOrigin,
  type RunSegment,
  runSegment,
  runStatus,
  usedDataSet,
  wireConfig,
} from '../../../src-shared/contract/run.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { TASK_NAMES } from '../../../src-shared/schema/names.ts'

/** Raised when a field changes its meaning; a reader opens lower formats and refuses higher ones. */
export const RECORD_FORMAT = 1

const numbers = z.record(z.string(), z.number().nullable())

/** What the id of a run is made of. */
export const runIdentityRecord = z.object({
  /** Hash of what decides the result, without the data. */
  config: z.string(),
  /** The same without the seed: equal for the repeats of one setting. */
  group: z.string(),
  /** Fingerprint of the data set version. */
  data: z.string(),
  /** Rule of the fingerprint: 2 is by content; runs of the first rule, by files, have none. */
  rule: z.number().int().optional(),
  /** Fingerprint of each part of the data, to find copies of one; no part of the id. */
  parts: z.record(z.string(), z.string()).optional(),
  engine: z.number().int(),
  /** 0 for the first run of this identity; forced repeats count up. */
  repetition: z.number().int(),
})

/** A try that ended for a cause that may pass. */
const runAttempt = z.object({
  /** Unix milliseconds of its end. */
  at: z.number(),
  cause: z.string(),
  /** Where it was at its last sign of life; that may be a second before. */
  step: z.number().int(),
  /** Step of the checkpoint that it could go on from; -1 for none. */
  checkpoint: z.number().int(),
})
export type RunAttempt = z.infer<typeof runAttempt>

/** What the app does by itself about such ends; `runs/queue/retry-rule.ts` decides. */
const runRetry = z.object({
  attempts: z.array(runAttempt),
  /** Tries at most, the first included. */
  most: z.number().int(),
  /** Unix milliseconds of the next try; null where there is none. */
  nextAt: z.number().nullable(),
  /** Why there is none; empty where there is one. */
  why: z.string(),
})
export type RunRetry = z.infer<typeof runRetry>

/** run.json: frozen when queued, then changed only in status, times and latest numbers. Unknown keys are kept. */
export const runRecord = z.looseObject({
  format: z.number().int(),
  id: z.string(),
  name: z.string(),
  /** Its schemas checked it when the run was made; options that came later are absent, see `storedConfig`. */
  config: wireConfig.transform((config) => config as RunConfig),
  identity: runIdentityRecord,
  parent: z.string().nullable(),
  /** Folder from which relative paths of the config are seen. */
  folder: z.string(),
  status: runStatus,
  /** Why it has this status, where that is not plain. */
  reason: z.string(),
  problem: problemSchema.nullable(),
  /** How it ended; null while it has not, and in records of earlier versions. */
  end: runEnd.nullable().default(null),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Seconds of work up to the last write. */
  seconds: z.number(),
  /** Number of processes that have worked on the run. */
  segment: z.number().int(),
  epoch: z.number(),
  epochs: z.number(),
  step: z.number().int(),
  latest: numbers,
  scores: numbers,
  /** That of the last segment. */
  environment: runEnvironment.nullable(),
  /** Every segment that got as far as its engine; records of earlier versions have `environment` alone. */
  segments: z.array(runSegment).optional(),
  /** Registered sets that the config names and their findings when it was queued; no part of the id. */
  dataSets: z.array(usedDataSet).optional(),
  /** Absent as long as no try ended for a cause that may pass, and once a person started it again. */
  retry: runRetry.optional(),
  /** The package that it was opened from; absent for runs of this home. */
  origin: runOrigin.optional(),
})
export type RunRecord = z.infer<typeof runRecord>

/** What is known of the segments of a run. */
export function segmentsOf({
  segments,
  environment,
  segment,
  startedAt,
  createdAt,
}: RunRecord): RunSegment[] {
  if (segments !== undefined) return segments
  return environment === null ? [] : [{ segment, at: startedAt ?? createdAt, environment }]
}
export type RunIdentityRecord = z.infer<typeof runIdentityRecord>

/** notes.json: what people add to a run; never part of its identity, changeable at any time. */
export const runNotes = z.object({
  note: z.string().default(''),
  tags: z.array(z.string()).nullable().default(null),
  star: z.boolean().default(false),
  name: z.string().nullable().default(null),
})
export type RunNotes = z.infer<typeof runNotes>

const keptFile = z.object({ bytes: z.number().int(), sha256: z.string() })
export type KeptFile = z.infer<typeof keptFile>

/** result.json beside arrays.safetensors: the final scores. */
export const runResult = z.looseObject({
  format: z.number().int(),
  id: z.string(),
  scores: numbers,
  end: runEnd.nullable().default(null),
  classNames: z.array(z.string()).default([]),
  /** Sums of the final weights and arrays by file name; absent in results of earlier versions and of packages. */
  files: z.record(z.string(), keptFile).optional(),
  /** Names of the units by session. */
  units: z.record(z.string(), z.array(z.string())).default({}),
  /** How the images of each task were normalised; absent in results of earlier versions. */
  normalisations: z
    .partialRecord(
      z.enum(TASK_NAMES),
      z.object({ mean: z.array(z.number()).readonly(), std: z.array(z.number()).readonly() }),
    )
    .optional(),
})
export type RunResult = z.infer<typeof runResult>
