import { z } from 'zod'
import { problemSchema, runSummary } from './run.ts'
import { TASK_NAMES } from '../schema/names.ts'

/** What the page of a run asks for beside its curves: images, relatives, files, the trash. */

/** An image of the test set with what the network made of it. */
const answeredImage = z.object({
  /** Position in the test images of the set. */
  index: z.number().int(),
  truth: z.number().int(),
  answer: z.number().int(),
  /** Probability of the true class, 0 to 1. */
  probability: z.number(),
  /** Probability of the answer; null in runs that did not keep it. */
  confidence: z.number().nullable(),
  /** Data URL; null where the image cannot be shown. */
  png: z.string().nullable(),
})
export type AnsweredImage = z.infer<typeof answeredImage>

export const worstImages = z.object({
  classNames: z.array(z.string()),
  /** Images tested, and how many of them meet the filter. */
  tested: z.number().int(),
  found: z.number().int(),
  /** Most confident wrong answer first; by the probability of the true class where confidence was not kept. */
  order: z.enum(['confidence', 'probability']),
  images: z.array(answeredImage),
  /** Why there are answers without images. */
  problems: z.array(problemSchema),
})
export type WorstImages = z.infer<typeof worstImages>

export const corruptionExamples = z.object({
  corruption: z.string(),
  severity: z.number().int(),
  /** Data URLs of the same image before and after. */
  images: z.array(
    z.object({ index: z.number().int(), label: z.string(), clean: z.string(), corrupted: z.string() }),
  ),
})
export type CorruptionExamples = z.infer<typeof corruptionExamples>

/** A related run, the options that were changed on the way from parent to child, and what the shared scores became. */
const relative = z.object({
  run: runSummary,
  /** Epoch of the checkpoint that the child started from; null where it started from none. */
  fromEpoch: z.number().nullable(),
  changes: z.array(z.object({ path: z.string(), from: z.unknown(), to: z.unknown() })),
  scores: z.array(z.object({ key: z.string(), from: z.number(), to: z.number() })),
})
export type Relative = z.infer<typeof relative>

export const lineage = z.object({
  parent: relative.nullable(),
  /** Id of a parent that is no longer there. */
  missingParent: z.string().nullable(),
  children: z.array(relative),
})
export type Lineage = z.infer<typeof lineage>

/** An option of the configs of all runs: its values, most frequent first. */
export const optionPath = z.object({
  path: z.string(),
  distinct: z.number().int(),
  samples: z.array(z.string()),
})
export type OptionPath = z.infer<typeof optionPath>

export const trashedRun = z.object({
  id: z.string(),
  name: z.string(),
  seed: z.number().nullable(),
  removedAt: z.number(),
  bytes: z.number(),
})
export type TrashedRun = z.infer<typeof trashedRun>

export const addedRuns = z.object({
  added: z.array(z.string()),
  /** Runs that were there already and were left as they are. */
  known: z.array(z.string()),
  /** Folders that could not be read. */
  problems: z.array(problemSchema),
})
export type AddedRuns = z.infer<typeof addedRuns>

/** Where a part of a run's data lies. */
export const runDataPlace = z.object({
  part: z.enum(TASK_NAMES),
  /** Option of the dataset config that says so. */
  option: z.string(),
  /** Registered set that it names; null for a folder or file. */
  set: z.string().nullable(),
  path: z.string(),
  present: z.boolean(),
  /** Copies of the same content that this home knows, where it is gone. */
  copies: z.array(z.object({ name: z.string(), path: z.string() })),
})
export type RunDataPlace = z.infer<typeof runDataPlace>

/** A run at one of its kept checkpoints. */
export const runMoment = z.object({
  epoch: z.number(),
  step: z.number(),
  /** Whether it was the best in validation so far. */
  best: z.boolean(),
  /** When it was saved, in Unix milliseconds; null in checkpoints of earlier versions. */
  at: z.number().nullable(),
  /** All that was logged in that epoch, by metric key. */
  values: z.record(z.string(), z.number().nullable()),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** What is wrong with the files; null when nothing is known to be. */
  fault: z.string().nullable(),
  /** Whether their content was read and compared, not their sizes alone. */
  verified: z.boolean(),
  /** Epoch of the weights whose units were scored after training; null where none were, and in runs of earlier versions. */
  scoredEpoch: z.number().nullable(),
})
export type RunMoment = z.infer<typeof runMoment>
