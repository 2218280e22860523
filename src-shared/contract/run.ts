import { z } from 'zod'
import { runEnd } from './run-end.ts'
import { engineProof } from './engine-proof.ts'
import { engineName } from './engine-name.ts'
import { AREAS } from '../schema/names.ts'
import { pluginRef } from '../schema/plugin/manifest.ts'

/** A run has exactly one status. `queued` waits, `preparing` loads data and builds the model, `stopping` ends at the next step, `diverged` ended because a number was no longer finite. */
export const runStatus = z.enum([
  'queued',
  'preparing',
  'running',
  'stopping',
  'finished',
  'diverged',
  'stopped',
  'failed',
  'interrupted',
])
export type RunStatus = z.infer<typeof runStatus>

/** Statuses in which a process works on the run. */
export const LIVE: ReadonlySet<RunStatus> = new Set(['preparing', 'running', 'stopping'])
/** Statuses from which `resume` or `retry` may start. */
export const RESUMABLE: ReadonlySet<RunStatus> = new Set(['stopped', 'failed', 'interrupted'])
/** Statuses in which nothing more happens by itself. */
export const OVER: ReadonlySet<RunStatus> = new Set([...RESUMABLE, 'finished', 'diverged'])

export const problemSchema = z.object({
  code: z.string(),
  path: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
})

/** Where a working run stands; sent at most four times a second, never stored. */
export const runProgress = z.object({
  phase: z.enum(['preparing', 'training', 'validating', 'evaluating', 'saving']),
  /** What exactly: "v1 validation", "fog, severity 3". */
  detail: z.string(),
  epoch: z.number().int(),
  /** Most epochs that can follow; early stopping may end sooner. */
  epochs: z.number().int(),
  step: z.number().int(),
  /** Optimizer steps of this epoch. */
  stepOfEpoch: z.number().int(),
  stepsPerEpoch: z.number().int(),
  /** Done part of the phase, 0 to 1. */
  fraction: z.number(),
  imagesPerSecond: z.number().nullable(),
  /** Seconds until the run is expected to end, at the longest. */
  secondsLeft: z.number().nullable(),
  /** Part of the step time spent waiting for data. */
  loaderWait: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  /** Unix milliseconds of this message: an old one means slow or dead. */
  at: z.number(),
})
export type RunProgress = z.infer<typeof runProgress>

/** One line of a run's events.jsonl. `segment` counts the processes that worked on the run; later segments overrule earlier ones from their first step on. */
const stamp = { segment: z.number().int(), at: z.number() }
export const runEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), ...stamp, status: runStatus, reason: z.string().optional() }),
  /** Numbers at one optimizer step; null stands for a value that was not finite. */
  z.object({
    kind: z.literal('metrics'),
    ...stamp,
    step: z.number().int(),
    epoch: z.number(),
    images: z.number().int(),
    values: z.record(z.string(), z.number().nullable()),
  }),
  z.object({
    kind: z.literal('log'),
    ...stamp,
    level: z.enum(['debug', 'info', 'warn', 'error']),
    text: z.string(),
  }),
  /** Moments worth a line in a chart. */
  z.object({
    kind: z.literal('mark'),
    ...stamp,
    mark: z.enum(['best', 'restore', 'lr-decay', 'resume', 'checkpoint', 'reset', 'prune', 'stop']),
    step: z.number().int(),
    epoch: z.number(),
    text: z.string(),
  }),
])
export type RunEvent = z.infer<typeof runEvent>
/** Distributes over the union, so that each kind keeps its own fields. */
export type UnstampedRunEvent = RunEvent extends infer E
  ? E extends RunEvent
    ? Omit<E, 'segment' | 'at'>
    : never
  : never

/** Number formats of products. */
export const precision = z.enum(['float32', 'tf32', 'bfloat16'])
export type Precision = z.infer<typeof precision>

/** What the run was made with. */
export const runEnvironment = z.object({
  app: z.string(),
  /** Who made the run, as the settings name them. */
  author: z.string().optional(),
  node: z.string(),
  backend: engineName,
  backendReason: z.string(),
  tensorflow: z.string().nullable(),
  gpu: z.boolean(),
  device: z.string(),
  /** The card, or instance of one, behind that device; absent on the processor, and where no driver tells of it. */
  card: z.object({ uuid: z.string(), name: z.string() }).optional(),
  cpu: z.string(),
  threads: z.number().int(),
  os: z.string(),
  memoryBytes: z.number(),
  /** Number format of products; absent in records of earlier versions. */
  precision: precision.optional(),
  /** Whether TensorFlow was told to repeat bit for bit; absent in records of earlier versions. */
  deterministic: z.boolean().optional(),
  /** Operations whose result may differ between repeats on this device; empty when a repeat is bit-identical. */
  nondeterministic: z.array(z.string()),
  /** Names of the cards that were there and computed nothing; absent where there was none. */
  unusedCards: z.array(z.string()).optional(),
  /** Variables that choose kernels of the engine, in words: `ONEDNN_MAX_CPU_ISA=AVX2`; absent where none was set. */
  setting: z.string().optional(),
  /** Plug-ins whose code took part; absent where none did. */
  plugins: z.array(pluginRef).optional(),
  /** What the engine had shown on this machine: `412 of 412 operations right, repeats bit-equal`. */
  proof: z.string().optional(),
  /** The proof behind that line, with every setting tried and the faults; absent for other engines and earlier versions. */
  proofRecord: engineProof.optional(),
})
export type RunEnvironment = z.infer<typeof runEnvironment>

/** The part of a run that one process worked on: its start, or what followed a resume. */
export const runSegment = z.object({
  /** Counts the processes from 1. */
  segment: z.number().int(),
  at: z.number(),
  environment: runEnvironment,
})
export type RunSegment = z.infer<typeof runSegment>

/** One row of the run list: everything the table shows without opening the run. */
export const runSummary = z.object({
  id: z.string(),
  /** First ten letters of the id, for people. */
  shortId: z.string(),
  name: z.string(),
  status: runStatus,
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Seconds of work, pauses left out. */
  seconds: z.number(),
  epoch: z.number(),
  epochs: z.number(),
  seed: z.number(),
  dataset: z.string(),
  model: z.string(),
  trainer: z.string(),
  /** Equal for runs that differ in the seed only. */
  groupId: z.string(),
  /** Final scores by metric key (`FinalTest/img_classification/eval`). */
  scores: z.record(z.string(), z.number().nullable()),
  /** Latest values of the running curves. */
  latest: z.record(z.string(), z.number().nullable()),
  tags: z.array(z.string()),
  star: z.boolean(),
  note: z.string(),
  parent: z.string().nullable(),
  /** How it ended; null while it has not, and for runs of earlier versions. */
  end: runEnd.nullable(),
  /** Cause of a failure, or why the folder cannot be read. */
  problem: problemSchema.nullable(),
  backend: z.string().nullable(),
  /** What is done by itself about an end that may pass: `tried` of `most` tries, and when the next begins (null: none, for `why`). */
  retry: z
    .object({ tried: z.number(), most: z.number(), nextAt: z.number().nullable(), why: z.string() })
    .optional(),
  /** False when something in the folder could not be read: the row says why. */
  readable: z.boolean(),
  /** It was opened from a package: its weights are here, its data and checkpoints are not. */
  packaged: z.literal(true).optional(),
})
export type RunSummary = z.infer<typeof runSummary>

const componentChoice = z.object({ fn: z.string(), config: z.record(z.string(), z.unknown()) })

/** A registered data set that a run names, with what was known about it when the run was queued. */
export const usedDataSet = z.object({
  id: z.string(),
  name: z.string(),
  /** Its checks were not over: its findings were not all known. */
  unchecked: z.literal(true).optional(),
  findings: z.array(
    z.object({
      key: z.string(),
      severity: z.enum(['info', 'warning', 'error']),
      message: z.string(),
      /** Why it was set aside; absent where nobody did. */
      ignored: z.string().optional(),
    }),
  ),
})
export type UsedDataSet = z.infer<typeof usedDataSet>

/** A validated config as it crosses the wire. */
export const wireConfig = z.object({
  name: z.string(),
  dataset: componentChoice,
  model: componentChoice,
  trainer: componentChoice,
  seed: z.number(),
  data_seed: z.number(),
  parent: z
    .object({
      run: z.string().nullable(),
      file: z.string().nullable(),
      use: z.string(),
      strict: z.boolean(),
      epoch: z.number().nullable().default(null),
    })
    .nullable(),
  comment: z.string(),
  tags: z.array(z.string()),
})

/** A checkpoint that is kept: training can go on from it. */
const keptCheckpoint = z.object({
  epoch: z.number(),
  step: z.number(),
  best: z.boolean(),
  score: z.number().nullable(),
})

/** What a run saw of its data, as its network did: the size of classified images, their classes, and the units of each session. */
const seenData = z.object({
  image: z.object({ height: z.number(), width: z.number(), channels: z.number() }).nullable(),
  classes: z.number().nullable(),
  sessions: z.array(z.object({ area: z.enum(AREAS), key: z.string(), units: z.number() })),
})

/** Where a run came from that was opened from a package. */
export const runOrigin = z.object({
  /** Name of the file, without its folder. */
  file: z.string(),
  /** Of the whole file. */
  sha256: z.string(),
  title: z.string(),
  note: z.string(),
  authors: z.array(z.string()),
  licence: z.string(),
  citation: z.string(),
  openedAt: z.number(),
})
export type RunOrigin = z.infer<typeof runOrigin>

export const runDetail = z.object({
  summary: runSummary,
  config: wireConfig,
  /** That of the last segment. */
  environment: runEnvironment.nullable(),
  /** Every segment with its environment; runs of earlier versions kept the last one only. */
  segments: z.array(runSegment),
  progress: runProgress.nullable(),
  marks: z.array(z.object({ mark: z.string(), step: z.number(), epoch: z.number(), text: z.string() })),
  metricKeys: z.array(z.string()),
  files: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Newest first, one for each epoch. */
  checkpoints: z.array(keptCheckpoint),
  /** The folder of the run, for "show in file manager"; only told to hosts on the same machine. */
  folder: z.string().nullable(),
  /** The same action in a terminal. */
  command: z.string(),
  dataFingerprint: z.string().nullable(),
  /** Absent for runs of earlier versions. */
  dataSets: z.array(usedDataSet).optional(),
  /** Absent for runs that have not built their data, and for runs of earlier versions. */
  seen: seenData.optional(),
  /** Absent for runs that were not opened from a package. */
  origin: runOrigin.optional(),
})
export type RunDetail = z.infer<typeof runDetail>

/** A place along a run; `seconds` leaves the pauses between its parts out, `elapsed` counts them. */
export const curvePlace = z.enum(['step', 'epoch', 'images', 'seconds', 'elapsed'])
export type CurvePlace = z.infer<typeof curvePlace>

/** A curve thinned for drawing: of each bucket the least and greatest value are kept. */
export const curve = z.object({
  id: z.string(),
  key: z.string(),
  step: z.array(z.number()),
  epoch: z.array(z.number()),
  images: z.array(z.number()),
  /** Seconds of work since the start of the run. */
  seconds: z.array(z.number()),
  /** Seconds since the start of the run, pauses included. */
  elapsed: z.array(z.number()),
  value: z.array(z.number().nullable()),
  /** Moving average over all points, at the points kept; absent where nothing is smoothed. */
  smooth: z.array(z.number().nullable()).optional(),
  /** First step of the whole curve: relative steps count from here. */
  start: z.number(),
  /** Points before thinning. */
  total: z.number(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  last: z.number().nullable(),
})
export type Curve = z.infer<typeof curve>

/** Results per neuron of one session, as columns. */
export const neuronTable = z.object({
  session: z.string(),
  area: z.string(),
  units: z.array(z.string()),
  /** Column name (correlation, avg_correlation, feve, oracle, ceiling, fev, mu_x, mu_y ...) -> one value per unit. */
  columns: z.record(z.string(), z.array(z.number().nullable())),
})
export type NeuronTable = z.infer<typeof neuronTable>
