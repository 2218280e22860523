import { z } from 'zod'
import { neuronTable, problemSchema, runProgress, runSummary, wireConfig } from './run.ts'

/** What services answer, apart from runs themselves: one schema per thing that a view shows. */

/** Id of a run as callers write it; short forms are completed by the service. */
export const runId = z.string().regex(/^[0-9a-f]{10,64}$/, 'expected a run id (10 to 64 hexadecimal letters)')

export const queueState = z.object({
  paused: z.boolean(),
  /** Runs in the order in which they will start. */
  waiting: z.array(z.object({ id: runId, name: z.string(), reason: z.string(), priority: z.number() })),
  running: z.array(z.object({ id: runId, name: z.string(), progress: runProgress.nullable() })),
  slots: z.number(),
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

export const layerRow = z.object({
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

export const comparison = z.object({
  runs: z.array(runSummary),
  baseline: z.string().nullable(),
  /** Options in which the runs differ, one value per run (JSON). */
  differences: z.array(
    z.object({ path: z.string(), values: z.array(z.unknown()), defaults: z.array(z.boolean()) }),
  ),
  metrics: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      unit: z.string(),
      goal: z.enum(['max', 'min', 'none']),
      values: z.array(z.number().nullable()),
      deltas: z.array(z.number().nullable()),
    }),
  ),
  /** Runs with equal settings and different seeds. */
  groups: z.array(
    z.object({
      groupId: z.string(),
      name: z.string(),
      ids: z.array(z.string()),
      metrics: z.array(
        z.object({
          key: z.string(),
          n: z.number(),
          mean: z.number().nullable(),
          sem: z.number().nullable(),
          /** 95 % bootstrap interval of the difference to the baseline group; null with one seed. */
          delta: z
            .object({ mean: z.number(), low: z.number(), high: z.number(), note: z.string() })
            .nullable(),
        }),
      ),
    }),
  ),
})

export const robustnessTable = z.object({
  id: z.string(),
  baseline: z.string().nullable(),
  clean: z.number().nullable(),
  corruptions: z.array(z.string()),
  severities: z.array(z.number()),
  /** [corruption][severity] accuracy in percent. */
  accuracy: z.array(z.array(z.number().nullable())),
  baselineAccuracy: z.array(z.array(z.number().nullable())).nullable(),
  scores: z.record(z.string(), z.number().nullable()),
})

export const finding = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  reason: z.string(),
  fix: z.string(),
})

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
  findings: z.array(finding),
  present: z.boolean(),
})

export const dataPreview = z.object({
  images: z.array(z.object({ index: z.number(), label: z.string(), png: z.string() })),
  classCounts: z.array(z.object({ name: z.string(), count: z.number() })),
  responseHistogram: z.array(z.object({ low: z.number(), high: z.number(), count: z.number() })),
  neurons: z.array(neuronTable),
})

export const settings = z.object({
  home: z.string(),
  theme: z.enum(['system', 'light', 'dark']),
  engine: z.enum(['auto', 'native', 'wasm']),
  tensorflowFolder: z.string(),
  threads: z.number().int().min(0).max(256),
  author: z.string(),
  notify: z.boolean(),
})
