import { z } from 'zod'
import { method, none } from './method.ts'
import { problemSchema, wireConfig } from '../run.ts'
import { modelCard, preflight, preset, runId } from '../views.ts'
import { familyCalls } from './family.ts'
import { recipeCalls } from './recipe.ts'
import { AREAS, TASK_NAMES } from '../../schema/names.ts'

const change = z.object({ path: z.string(), value: z.unknown() })

/** `preflight` with what takes the memory and what makes it less. */
const preflightAnswer = preflight.extend({
  /** What a run takes of the card on which it would compute, estimated; null where no card computes, or its memory is not told. */
  deviceMemory: z
    .object({
      card: z.string(),
      freeBytes: z.number(),
      totalBytes: z.number().nullable(),
      needBytes: z.number(),
      parts: z.array(z.object({ name: z.string(), bytes: z.number() })),
    })
    .nullable(),
  /** The largest tensors, largest first. */
  biggest: z.array(z.object({ name: z.string(), bytes: z.number() })),
  fixes: z.array(z.object({ label: z.string(), changes: z.array(change) })),
  /** Changes that make the result say more; taken with one click. */
  offers: z.array(z.object({ label: z.string(), changes: z.array(change) })),
  /** Batches with which each task and session moves the optimizer, per epoch from the epoch named on; empty while not known. */
  share: z.array(
    z.object({
      task: z.string(),
      session: z.string(),
      perEpoch: z.array(z.object({ from: z.number(), batches: z.number() })),
    }),
  ),
})

/** A few steps of a config, timed on this machine. */
export const warmUpAnswer = z.object({
  /** Faults that only show with the data and the model in place. */
  problems: z.array(problemSchema),
  /** Seconds; null when nothing could be timed. */
  seconds: z
    .object({ start: z.number(), training: z.number(), evaluation: z.number(), total: z.number() })
    .nullable(),
  secondsPerStep: z.number().nullable(),
  stepsPerEpoch: z.number().nullable(),
  /** Epochs that the total counts: the most that can follow. */
  epochs: z.number().nullable(),
  timedSteps: z.number(),
  /** Most memory that the process had in use. */
  memoryBytes: z.number().nullable(),
  backend: z.string(),
  /** Runs that worked on this machine meanwhile: they made it slower. */
  workingRuns: z.number().default(0),
})
export type WarmUp = z.infer<typeof warmUpAnswer>

/** A data set that a shipped config names. */
const dataNeed = z.object({
  part: z.enum(TASK_NAMES),
  /** In words: "Tiny ImageNet", "V4 recording (v4-three.h5)". */
  name: z.string(),
  /** made: the app makes or brings it. there: it is where the config says, or a registered set stands in. */
  state: z.enum(['made', 'there', 'missing']),
  /** The registered set that is taken where nothing lies at the place that the config names, and the option that has to name it. */
  standIn: z.object({ set: z.string(), path: z.string(), value: z.string() }).nullable(),
})
export type DataNeed = z.infer<typeof dataNeed>

/** What a shipped config or recipe needs and costs on this machine. */
const offer = z.object({
  id: z.string(),
  kind: z.enum(['preset', 'recipe']),
  needs: z.array(dataNeed),
  /** What a recipe asks for before its runs are known, such as a finished run. */
  asks: z.array(z.string()),
  /** How many there are with one run for each thing that it asks for. */
  runs: z.number(),
  /** The config, of a recipe that of its first run, with the sets that stand in: what is timed. Null while it asks for something. */
  config: wireConfig.nullable(),
  /** Seconds of one run of that config, from steps that were timed since the app was started; null: not timed yet. */
  seconds: z.number().nullable(),
})
export type Offer = z.infer<typeof offer>

/** Reading, checking and describing a config before it is queued. */
export const configCalls = {
  ...recipeCalls,
  ...familyCalls,
  'config.presets': method({ view: true, audited: false, paths: [] }, none, z.array(preset)),
  /** Data and time of every shipped config and recipe; looks at places and names, reads no data. */
  'config.offers': method({ view: false, audited: false, paths: [] }, none, z.array(offer)),
  /** The text of a config file, for the editor. */
  'config.read': method(
    { view: false, audited: false, paths: ['path'] },
    z.object({ path: z.string().min(1) }),
    z.object({ name: z.string(), yaml: z.string() }),
  ),
  /** Parses YAML text; problems carry field paths, and `line` where the text itself is at fault. */
  'config.parse': method(
    { view: true, audited: false, paths: [] },
    z.object({ yaml: z.string().max(1_000_000) }),
    z.object({ config: wireConfig.nullable(), given: z.unknown(), problems: z.array(problemSchema) }),
  ),
  /** `original` is the run that the config was cloned from: its data must not have changed since. */
  'config.preflight': method(
    { view: false, audited: false, paths: [] },
    z.object({ config: z.unknown(), original: runId.nullable().default(null) }),
    preflightAnswer,
  ),
  /** Trains and evaluates a few batches in a process of their own; takes seconds to two minutes. */
  'config.warmUp': method(
    { view: false, audited: false, paths: [] },
    z.object({ config: z.unknown() }),
    warmUpAnswer,
  ),
  /** `assume` describes data that are not there, to look at a model without them. */
  'config.modelCard': method(
    { view: true, audited: false, paths: [] },
    z.object({
      config: z.unknown(),
      assume: z
        .object({
          size: z.number().int().min(1).max(4096),
          channels: z.number().int().min(1).max(64).default(3),
          classes: z.number().int().min(1).max(1_000_000).nullable().default(null),
          sessions: z
            .array(
              z.object({
                area: z.enum(AREAS),
                key: z.string(),
                units: z.number().int().min(1).max(1_000_000),
              }),
            )
            .max(10_000)
            .default([]),
        })
        .nullable()
        .default(null),
    }),
    modelCard,
  ),
} as const
