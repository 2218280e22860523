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
import {
  comparison,
  dataPreview,
  dataSetInfo,
  modelCard,
  preflight,
  preset,
  queueState,
  robustnessTable,
  settings,
  runId as id,
} from './views.ts'

/**
 * The one table of calls between any host and the services: method -> parameters and result. Electron's IPC, the web
 * server and the CLI validate `params` with it; types follow from it; tests check results against it.
 */
const none = z.object({})
const ok = z.object({ ok: z.literal(true) })
const method = <P extends z.ZodType, R extends z.ZodType>(params: P, result: R) => ({ params, result })

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
