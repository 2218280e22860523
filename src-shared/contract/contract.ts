import { z } from 'zod'
import { doctorReport } from './doctor.ts'
import {
  curve,
  neuronTable,
  problemSchema,
  runDetail,
  runProgress,
  runStatus,
  runSummary,
  wireConfig,
} from './run.ts'

/**
 * The one table of calls between any host and the services: method -> parameters and result. Electron's IPC, the web
 * server and the CLI validate `params` with it; types follow from it; tests check results against it.
 */
const id = z.string().regex(/^[0-9a-f]{10,64}$/, 'expected a run id (10 to 64 hexadecimal letters)')
const none = z.object({})
const ok = z.object({ ok: z.literal(true) })
const method = <P extends z.ZodType, R extends z.ZodType>(params: P, result: R) => ({ params, result })

export const queueState = z.object({
  paused: z.boolean(),
  /** Runs in the order in which they will start. */
  waiting: z.array(z.object({ id, name: z.string(), reason: z.string(), priority: z.number() })),
  running: z.array(z.object({ id, name: z.string(), progress: runProgress.nullable() })),
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

const exportFormat = z.enum(['csv', 'markdown', 'latex', 'json', 'html'])
const file = z.object({ name: z.string(), mime: z.string(), text: z.string() })

export const contract = {
  'app.info': method(
    none,
    z.object({
      name: z.string(),
      version: z.string(),
      host: z.enum(['electron', 'web', 'cli']),
      home: z.string(),
      reason: z.string(),
    }),
  ),
  'app.doctor': method(z.object({ deep: z.boolean().default(false) }), doctorReport),
  'app.setup': method(z.object({ force: z.boolean().default(false) }), ok),
  'settings.get': method(none, settings),
  'settings.set': method(settings.omit({ home: true }).partial(), settings),
  /** What the interface remembers between starts (colours of runs, saved views, first steps), as one small JSON document. */
  'ui.get': method(none, z.record(z.string(), z.unknown())),
  'ui.set': method(z.object({ key: z.string().min(1).max(100), value: z.unknown() }), ok),

  'config.presets': method(none, z.array(preset)),
  /** Parses YAML text; problems carry field paths, and `line` where the text itself is at fault. */
  'config.parse': method(
    z.object({ yaml: z.string().max(1_000_000) }),
    z.object({ config: wireConfig.nullable(), given: z.unknown(), problems: z.array(problemSchema) }),
  ),
  'config.preflight': method(z.object({ config: z.unknown() }), preflight),
  /** `assume` describes data that are not there, to look at a model without them. */
  'config.modelCard': method(
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
                area: z.enum(['v1', 'v4']),
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

  /** Validates, freezes and queues a config. An identical finished run is not repeated unless forced. */
  'runs.create': method(
    z.object({
      config: z.unknown(),
      force: z.boolean().default(false),
      priority: z.number().int().default(0),
    }),
    z.object({ id, created: z.boolean(), status: runStatus }),
  ),
  'runs.list': method(
    z.object({
      search: z.string().default(''),
      status: z.array(runStatus).default([]),
      tag: z.string().default(''),
      limit: z.number().int().min(1).max(10_000).default(10_000),
      offset: z.number().int().min(0).default(0),
    }),
    z.object({ total: z.number(), runs: z.array(runSummary) }),
  ),
  'runs.get': method(z.object({ id }), runDetail),
  'runs.curves': method(
    z.object({
      ids: z.array(id).min(1).max(200),
      keys: z.array(z.string()).min(1).max(200),
      points: z.number().int().min(10).max(20_000).default(800),
      from: z.number().optional(),
      to: z.number().optional(),
    }),
    z.array(curve),
  ),
  'runs.log': method(
    z.object({ id, search: z.string().default(''), limit: z.number().int().min(1).max(10_000).default(500) }),
    z.object({
      total: z.number(),
      lines: z.array(z.object({ at: z.number(), level: z.string(), text: z.string() })),
    }),
  ),
  'runs.neurons': method(z.object({ id }), z.array(neuronTable)),
  'runs.robustness': method(z.object({ id, baseline: id.nullable().default(null) }), robustnessTable),
  'runs.confusion': method(
    z.object({ id }),
    z.object({ classNames: z.array(z.string()), counts: z.array(z.array(z.number())) }).nullable(),
  ),
  'runs.annotate': method(
    z.object({
      id,
      note: z.string().max(20_000).optional(),
      tags: z.array(z.string()).optional(),
      star: z.boolean().optional(),
      name: z.string().optional(),
    }),
    runSummary,
  ),
  /** Stops at the next step with a checkpoint, or after the epoch. */
  'runs.stop': method(z.object({ id, when: z.enum(['now', 'epoch']).default('now') }), ok),
  /** Continues a stopped, failed or interrupted run from its last checkpoint. */
  'runs.resume': method(z.object({ id }), ok),
  'runs.remove': method(z.object({ id }), ok),
  'runs.restore': method(z.object({ id }), ok),
  'runs.export': method(z.object({ id, what: z.enum(['config', 'metrics', 'neurons', 'result']) }), file),

  'queue.get': method(none, queueState),
  'queue.pause': method(none, ok),
  'queue.resume': method(none, ok),
  'queue.move': method(z.object({ id, to: z.number().int().min(0) }), ok),
  'queue.remove': method(z.object({ id }), ok),
  'queue.retry': method(z.object({ id }), ok),
  'queue.prioritise': method(z.object({ id, priority: z.number().int().min(-100).max(100) }), ok),

  'compare.table': method(
    z.object({ ids: z.array(id).min(1).max(200), baseline: id.nullable().default(null) }),
    comparison,
  ),
  'compare.neurons': method(
    z.object({ a: id, b: id, column: z.string().default('avg_correlation') }),
    z.object({
      pairs: z.array(
        z.object({
          session: z.string(),
          unit: z.string(),
          a: z.number().nullable(),
          b: z.number().nullable(),
          ceiling: z.number().nullable(),
        }),
      ),
      n: z.number(),
      better: z.number(),
      worse: z.number(),
      pValue: z.number().nullable(),
    }),
  ),
  'compare.export': method(
    z.object({
      ids: z.array(id).min(1).max(200),
      baseline: id.nullable().default(null),
      format: exportFormat,
    }),
    file,
  ),

  /** Starts the three demo runs; the engine is timed first and the runs sized to it. */
  'demo.start': method(
    z.object({ size: z.enum(['auto', 'quick', 'full']).default('auto') }),
    z.object({ ids: z.array(id), note: z.string() }),
  ),

  'data.list': method(none, z.array(dataSetInfo)),
  /** `path` is a folder or file on the machine that runs the service; in Electron it comes from the file dialog. */
  'data.inspect': method(
    z.object({ path: z.string() }),
    z.object({
      format: z.string(),
      summary: z.string(),
      needsMapping: z.boolean(),
      tree: z.unknown(),
      problems: z.array(problemSchema),
    }),
  ),
  'data.add': method(
    z.object({
      path: z.string(),
      name: z.string().default(''),
      mapping: z.unknown().optional(),
      /** Where the units were recorded; the importer's own choice when not given. */
      area: z.enum(['v1', 'v4']).optional(),
    }),
    dataSetInfo,
  ),
  /** `path` is new: a data file (.h5), an .npz or a folder of pictures. Pictures with classes are written one part at a time. */
  'data.export': method(
    z.object({
      id: z.string(),
      format: z.enum(['canonical', 'npz', 'folder']),
      path: z.string().min(1),
      part: z.enum(['train', 'val', 'test']).optional(),
    }),
    z.object({ path: z.string() }),
  ),
  'data.get': method(z.object({ id: z.string() }), dataSetInfo),
  'data.check': method(z.object({ id: z.string() }), dataSetInfo),
  'data.preview': method(
    z.object({ id: z.string(), images: z.number().int().min(0).max(200).default(24) }),
    dataPreview,
  ),
  'data.remove': method(z.object({ id: z.string() }), ok),
} as const

export type Contract = typeof contract
export type Method = keyof Contract
/** What a caller may leave out has a default. */
export type ParamsIn<M extends Method> = z.input<Contract[M]['params']>
export type Params<M extends Method> = z.output<Contract[M]['params']>
export type Result<M extends Method> = z.output<Contract[M]['result']>

export const events = {
  'runs.changed': z.object({ runs: z.array(runSummary), removed: z.array(z.string()) }),
  'run.progress': z.object({ id: z.string(), progress: runProgress }),
  'run.metrics': z.object({
    id: z.string(),
    step: z.number(),
    epoch: z.number(),
    values: z.record(z.string(), z.number().nullable()),
  }),
  'run.log': z.object({ id: z.string(), level: z.string(), text: z.string(), at: z.number() }),
  'queue.changed': queueState,
  'setup.progress': z.object({
    route: z.string(),
    phase: z.string(),
    bytes: z.number(),
    totalBytes: z.number().nullable(),
    text: z.string(),
  }),
  'data.changed': z.object({ id: z.string() }),
} as const

export type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.output<Events[E]>

/** What every host offers and every caller uses. */
export interface Service {
  call<M extends Method>(name: M, params: ParamsIn<M>): Promise<Result<M>>
  /** Returns the function that ends the subscription. */
  listen<E extends EventName>(name: E, handler: (payload: EventPayload<E>) => void): () => void
}
