import { z } from 'zod'
import { problemSchema } from './run.ts'
import { AREAS, TASK_NAMES } from '../schema/names.ts'

/** A trained network in one file: what its card says, and what is told of a file before and after it is opened. */

/** Raised when a field of the file changes its meaning; a reader refuses other versions. */
export const PACKAGE_FORMAT = 1
export const PACKAGE_ENDING = '.cotrain'

/** A SHA-256 in hexadecimal, which the id of a run is too. */
export const digest = z.string().regex(/^[0-9a-f]{64}$/)
const line = z.string().max(500)

/** What people state about a network that they share. */
export const packageWords = z.strictObject({
  title: line,
  note: z.string().max(20_000),
  authors: z.array(line).max(100),
  /** SPDX identifier or words; empty where none is stated. */
  licence: line,
  citation: z.string().max(5_000),
})
export type PackageWords = z.infer<typeof packageWords>

/** Pictures whose outputs are stored: made up, or test images of the data. */
export const exampleSource = z.enum(['generated', 'data'])
export type ExampleSource = z.infer<typeof exampleSource>

/** Mean of a score over the runs inside, with its 95 % t interval; null ends for a single run. */
const packageScore = z.strictObject({
  key: line,
  mean: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Runs that have the score. */
  n: z.number().int(),
})
export type PackageScore = z.infer<typeof packageScore>

const inputSize = z.strictObject({
  task: z.enum(TASK_NAMES),
  height: z.number().int(),
  width: z.number().int(),
  channels: z.number().int(),
})

/** card.json: what a person reads before the network is used. */
export const packageCard = z.strictObject({
  format: z.literal(PACKAGE_FORMAT),
  ...packageWords.shape,
  made: z.strictObject({ at: z.iso.datetime(), app: line }),
  model: line,
  dataset: line,
  /** Fingerprint of the data that it was trained on, and of their parts. The data are not inside. */
  data: z.strictObject({ fingerprint: line, parts: z.record(z.string(), line) }),
  inputs: z.array(inputSize).max(10),
  classes: z.array(line).max(100_000),
  sessions: z.array(z.strictObject({ area: z.enum(AREAS), key: line, units: z.number().int() })).max(10_000),
  scores: z.array(packageScore).max(10_000),
  runs: z
    .array(
      z.strictObject({
        id: digest,
        name: line,
        seed: z.number(),
        epochs: z.number(),
        seconds: z.number(),
        engine: line,
      }),
    )
    .min(1)
    .max(64),
  examples: z.strictObject({ from: exampleSource, count: z.number().int() }),
})
export type PackageCard = z.infer<typeof packageCard>

const member = z.object({ name: z.string(), bytes: z.number() })

/** What a package of a run would hold, before it is written. */
export const packageOutline = z.object({
  runs: z.array(z.object({ id: z.string(), name: z.string(), seed: z.number(), bytes: z.number() })),
  /** Finished runs of the setting, with those named. */
  inSetting: z.number().int(),
  title: z.string(),
  author: z.string(),
  dataFingerprint: z.string(),
})
export type PackageOutline = z.infer<typeof packageOutline>

export const writtenPackage = z.object({
  path: z.string(),
  bytes: z.number(),
  members: z.array(member),
  notes: z.array(z.string()),
})

/** A package as it says it is; its weights are looked at when it is opened. */
export const packageLook = z.object({
  path: z.string(),
  bytes: z.number(),
  card: packageCard,
  members: z.array(member),
  /** Ids of its runs that are here already. */
  known: z.array(z.string()),
})
export type PackageLook = z.infer<typeof packageLook>

export const openedPackage = z.object({
  card: packageCard,
  added: z.array(z.string()),
  /** Runs that were here already and were left as they are. */
  known: z.array(z.string()),
  /** Largest difference between an output computed here and the stored one, as a part of the largest output (at least 1). */
  difference: z.number(),
  /** Outputs compared: pictures x classes and units, over all runs. */
  compared: z.number().int(),
  engine: z.string(),
  notes: z.array(z.string()),
})
export type OpenedPackage = z.infer<typeof openedPackage>

/** index.json of a web address with packages. */
export const shelfIndex = z.strictObject({
  format: z.literal(PACKAGE_FORMAT),
  packages: z
    .array(
      z.strictObject({
        /** A plain file name beside the index. */
        file: z.string().regex(/^[^/\\:?#%]{1,200}\.cotrain$/),
        bytes: z.number().int().min(0),
        sha256: digest,
        card: packageCard,
      }),
    )
    .max(1_000),
})
export type ShelfIndex = z.infer<typeof shelfIndex>

/** A package of a shelf: what its card says, or why it cannot be read. */
export const shelfEntry = z.object({
  file: z.string(),
  bytes: z.number(),
  card: packageCard.nullable(),
  known: z.array(z.string()),
  problem: problemSchema.nullable(),
})
export type ShelfEntry = z.infer<typeof shelfEntry>
