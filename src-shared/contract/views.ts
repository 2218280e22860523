import { AREAS } from '../schema/names.ts'
import { z } from 'zod'
import { dataAccount } from './account.ts'
import { problemSchema, runProgress, runSummary, wireConfig } from './run.ts'

/** What services answer, apart from runs themselves: one schema per thing that a view shows. */

/** Id of a run as callers write it; short forms are completed by the service. */
export const runId = z.string().regex(/^[0-9a-f]{10,64}$/, 'expected a run id (10 to 64 hexadecimal letters)')

/** A card, or an instance of one: its UUID, its number as the driver's tool counts, its name. */
const queueDevice = z.object({ uuid: z.string(), index: z.string(), name: z.string() })
export type QueueDevice = z.infer<typeof queueDevice>

export const queueState = z.object({
  paused: z.boolean(),
  /** Runs in the order in which they will start. */
  waiting: z.array(
    z.object({
      id: runId,
      name: z.string(),
      reason: z.string(),
      priority: z.number(),
      /** UUID of the only card that it may have; absent where any will do. */
      device: z.string().optional(),
      /** Why it does not get that card now; absent where nothing but its turn keeps it. */
      waits: z.string().optional(),
    }),
  ),
  running: z.array(
    z.object({
      id: runId,
      name: z.string(),
      progress: runProgress.nullable(),
      /** Where it computes; absent on the processor. */
      device: queueDevice.optional(),
    }),
  ),
  /** Runs that work at the same time. */
  slots: z.number(),
  /** Cards, and instances of cards, that runs are placed on; absent where they compute on the processor. */
  devices: z.array(queueDevice).optional(),
  /** Why a card that is there is not among them; absent where all are. */
  devicesNote: z.string().optional(),
})

export const preset = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  /** Text of the shipped file, comments kept. */
  yaml: z.string(),
})

export const preflight = z.object({
  /** Absent when the config is wrong. */
  id: z.string().nullable(),
  problems: z.array(problemSchema),
  warnings: z.array(z.string()),
  config: wireConfig.nullable(),
  identicalRun: runSummary.nullable(),
  data: z.array(z.object({ name: z.string(), present: z.boolean(), detail: z.string() })),
  memoryBytes: z.number().nullable(),
  freeMemoryBytes: z.number(),
  diskBytes: z.number().nullable(),
  freeDiskBytes: z.number(),
  secondsEstimate: z.number().nullable(),
})

const layerRow = z.object({
  name: z.string(),
  kind: z.string(),
  block: z.string(),
  outputShape: z.array(z.number()),
  parameters: z.number(),
  activationBytes: z.number(),
  multiplyAdds: z.number(),
  receptiveField: z.number().optional(),
})

export const modelCard = z.object({
  parameters: z.number(),
  tensors: z.number(),
  multiplyAdds: z.number(),
  activationBytes: z.number(),
  layers: z.array(layerRow),
  parameterList: z.array(
    z.object({ name: z.string(), shape: z.array(z.number()), count: z.number(), frozen: z.boolean() }),
  ),
  /** Receptive field at each split, in input pixels. */
  splits: z.array(z.object({ block: z.string(), receptiveField: z.number().nullable() })),
})

/** Where in a data set a finding lies. */
const findingPlace = z.object({
  file: z.string().optional(),
  /** Array or column: responses, labels, trials/image_id. */
  field: z.string().optional(),
  part: z.string().optional(),
  session: z.string().optional(),
  units: z.array(z.string()).optional(),
  /** Positions of images in the part, or in the recording. */
  images: z.array(z.number()).optional(),
})

/** A response that stands for "not recorded"; JSON has no infinities. */
export const missingValue = z.union([z.number(), z.enum(['inf', '-inf'])])

/** A step that mends what a finding tells. All but `test-share` write the recording anew; the earlier set goes to the trash. */
export const setFix = z.discriminatedUnion('kind', [
  /** These responses are missing (NaN). */
  z.object({ kind: z.literal('missing'), values: z.array(missingValue).min(1).max(20) }),
  /** Units that never change, have no response, or repeat another one are left out. */
  z.object({ kind: z.literal('units'), which: z.enum(['dead', 'empty', 'copies']) }),
  /** Images with equal pixels become one image with all their trials. */
  z.object({ kind: z.literal('equal-images') }),
  /** All trials of an image that has test trials become test trials. */
  z.object({ kind: z.literal('test-images') }),
  /** Where the units of a session were recorded; of all sessions that do not say it, where none is named. */
  z.object({ kind: z.literal('area'), session: z.string().optional(), area: z.enum(AREAS) }),
  /** New experiments on the set keep this share of the images for testing; 0 takes that back. */
  z.object({
    kind: z.literal('test-share'),
    share: z.number().min(0).max(0.9),
    seed: z.number().int().min(0),
  }),
])
export type SetFix = z.infer<typeof setFix>

export const finding = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  /** Why it matters. */
  reason: z.string(),
  fix: z.string(),
  where: findingPlace.optional(),
  /** Values that `data.mend` would turn into missing ones. */
  missing: z.array(missingValue).optional(),
  /** What `data.ignore` calls it; the same after the next check. */
  key: z.string().optional(),
  /** Why somebody decided that it does not matter here. */
  ignored: z.object({ reason: z.string(), at: z.number() }).optional(),
})

/** One part of a classification set; mean and sd per channel in grey levels, empty as long as the set is not checked. */
export const dataPart = z.object({
  name: z.string(),
  images: z.number(),
  height: z.number(),
  width: z.number(),
  channels: z.number(),
  mean: z.array(z.number()),
  std: z.array(z.number()),
  grey: z.number().nullable(),
  perClass: z.object({ least: z.number(), most: z.number() }),
})

/** One session of a recording; null stands for what cannot be measured. */
export const dataSession = z.object({
  session: z.string(),
  area: z.string(),
  units: z.number(),
  trials: z.number(),
  /** Trials by tier, in words: "200 training". */
  tiers: z.array(z.object({ name: z.string(), trials: z.number() })),
  images: z.number(),
  repeats: z.object({ least: z.number(), mean: z.number(), most: z.number() }),
  meanResponse: z.number().nullable(),
  /** Lowest single response; absent in records of earlier versions. */
  least: z.number().nullable().optional(),
  fano: z.number().nullable(),
  missing: z.number(),
  oracle: z.number().nullable(),
  explainableVariance: z.number().nullable(),
})

/**
 * A reading of an imported file that could have been another one. By: the user said so (option), the file says so, nothing else
 * fits, or it is what such files usually mean.
 */
export const importChoice = z.object({
  what: z.string(),
  value: z.string(),
  by: z.enum(['option', 'file', 'fit', 'usual']),
})

/** Size and channels of the images of a recording, in pixels. */
export const stimuli = z.object({ height: z.number(), width: z.number(), channels: z.number() })

export const dataSetInfo = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['images', 'neural']),
  origin: z.string(),
  fingerprint: z.string(),
  addedAt: z.number(),
  bytes: z.number(),
  summary: z.string(),
  /** Number facts by label, in reading order. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  /** Absent in records of earlier versions, until the set is checked again. */
  parts: z.array(dataPart).optional(),
  sessions: z.array(dataSession).optional(),
  /** Absent in records of earlier versions, until the set is checked again. */
  stimuli: stimuli.optional(),
  /** What the import of a recording decided; absent for images with classes and in records of earlier versions. */
  choices: z.array(importChoice).optional(),
  findings: z.array(finding),
  /** Options that new experiments on the set begin with. */
  options: z.record(z.string(), z.number()).optional(),
  /** Its checks go on in the background: findings, means and reliability are not known yet. */
  unchecked: z.literal(true).optional(),
  /** Absent in records of earlier versions, until the set is checked again. */
  account: dataAccount.optional(),
  present: z.boolean(),
})

export const histogramBins = z.array(z.object({ low: z.number(), high: z.number(), count: z.number() }))

/** Values left of the first and right of the last bar: few extremes would press all others into one. */
export const beyondBins = z.object({ below: z.number(), above: z.number() })

const previewImage = z.object({
  index: z.number(),
  label: z.string(),
  png: z.string(),
  /** Mean response to this image: of the chosen unit, or over all. */
  response: z.number().nullable().optional(),
  trials: z.number().optional(),
})

export const dataPreview = z.object({
  images: z.array(previewImage),
  /** Images that fit the choice of part and class. */
  total: z.number().optional(),
  /** Parts or sessions one can choose, and the chosen one. */
  parts: z.array(z.string()).optional(),
  part: z.string().optional(),
  classCounts: z.array(z.object({ name: z.string(), count: z.number() })),
  responseHistogram: histogramBins,
  responsesBeyond: beyondBins.optional(),
})

/** What a file would become, before it is added. */
export const dataLook = z.object({
  summary: z.string(),
  choices: z.array(importChoice),
  sessions: z.array(dataSession),
  /** Of images with classes. */
  parts: z.array(dataPart).optional(),
  findings: z.array(finding),
  account: dataAccount,
  images: z.array(previewImage),
  responseHistogram: histogramBins,
})

export const settings = z.object({
  home: z.string(),
  theme: z.enum(['system', 'light', 'dark']),
  /** `gpu`: the native one on a card, or no run at all. `webgpu`: a card of any maker, slower than the native one. */
  engine: z.enum(['auto', 'native', 'gpu', 'webgpu', 'wasm']),
  tensorflowFolder: z.string(),
  /** Runs write their curves there as well while they train, as event files of TensorBoard; empty: nowhere. */
  tensorboardFolder: z.string().max(4_000),
  threads: z.number().int().min(0).max(256),
  /** Runs that compute on one card, or instance of a card, at the same time. */
  slotsPerGpu: z.number().int().min(1).max(8),
  author: z.string(),
  notify: z.boolean(),
  /** Keep the machine awake while a run works; the desktop app can. */
  blockSleep: z.boolean(),
  /** Look once a day for a newer app, at the address that the installed package names, and ask. */
  lookForUpdates: z.boolean(),
})
