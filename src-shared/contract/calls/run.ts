import { z } from 'zod'
import { file, method, none, ok } from './method.ts'
import { curve, curvePlace, neuronTable, runDetail, runStatus, runSummary } from '../run.ts'
import {
  addedRuns,
  corruptionExamples,
  lineage,
  optionPath,
  runDataPlace,
  runMoment,
  trashedRun,
  worstImages,
} from '../run-answers.ts'
import { taskBalance } from '../balance.ts'
import { endReason } from '../run-end.ts'
import { robustnessTable } from '../compare-views.ts'
import { runId as id } from '../views.ts'

/** Runs: making, listing, reading, changing. */
export const runCalls = {
  /** Validates, freezes and queues a config. An identical finished run is not repeated unless forced. */
  'runs.create': method(
    { view: false, audited: true, paths: [] },
    z.object({
      config: z.unknown(),
      force: z.boolean().default(false),
      priority: z.number().int().default(0),
      /** The only card that it may have, by its UUID or number; null: any. */
      device: z.string().max(100).nullable().default(null),
      /** The run whose config was edited: the new run names it as its parent. */
      from: id.nullable().default(null),
    }),
    z.object({ id, created: z.boolean(), status: runStatus }),
  ),
  'runs.list': method(
    { view: true, audited: false, paths: [] },
    z.object({
      search: z.string().default(''),
      status: z.array(runStatus).default([]),
      /** Only runs that ended so. */
      end: z.array(endReason).default([]),
      tag: z.string().default(''),
      limit: z.number().int().min(1).max(10_000).default(10_000),
      offset: z.number().int().min(0).default(0),
    }),
    z.object({ total: z.number(), runs: z.array(runSummary) }),
  ),
  'runs.get': method({ view: true, audited: false, paths: [] }, z.object({ id }), runDetail),
  /** A run at one of its kept checkpoints. `verify` reads its files whole, which takes seconds for large networks. */
  'runs.moment': method(
    { view: true, audited: false, paths: [] },
    z.object({ id, epoch: z.number().min(0), verify: z.boolean().default(false) }),
    runMoment,
  ),
  'runs.curves': method(
    { view: true, audited: false, paths: [] },
    z.object({
      ids: z.array(id).min(1).max(200),
      keys: z.array(z.string()).min(1).max(200),
      points: z.number().int().min(10).max(2_000_000).default(800),
      /** First and last place wanted, counted in `along`. */
      from: z.number().optional(),
      to: z.number().optional(),
      along: curvePlace.or(z.literal('relative')).default('step'),
      /** Columns wanted; the others come empty. */
      places: z.array(curvePlace).default([...curvePlace.options]),
      /** Weight of the moving average, 0 for none. */
      smoothing: z.number().min(0).max(0.999).default(0),
      /** What a bucket of points becomes: its extremes, or its mean for statistics over runs. */
      reduce: z.enum(['extremes', 'mean']).default('extremes'),
    }),
    z.array(curve),
  ),
  'runs.log': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id,
      search: z.string().default(''),
      /** Least level that is wanted. */
      level: z.enum(['debug', 'info', 'warn', 'error']).default('debug'),
      limit: z.number().int().min(1).max(10_000).default(500),
      /** First line wanted among those found; null: the last ones. */
      offset: z.number().int().min(0).nullable().default(null),
    }),
    z.object({
      total: z.number(),
      lines: z.array(z.object({ at: z.number(), level: z.string(), text: z.string() })),
    }),
  ),
  'runs.neurons': method({ view: true, audited: false, paths: [] }, z.object({ id }), z.array(neuronTable)),
  'runs.robustness': method(
    { view: true, audited: false, paths: [] },
    z.object({ id, baseline: id.nullable().default(null) }),
    robustnessTable,
  ),
  'runs.confusion': method(
    { view: true, audited: false, paths: [] },
    z.object({ id }),
    z.object({ classNames: z.array(z.string()), counts: z.array(z.array(z.number())) }).nullable(),
  ),
  /** Test images that the run got wrong, the surest mistakes first; null where the run kept no answers. `truth` and `answer` choose one cell of the confusion. */
  'runs.worstImages': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id,
      limit: z.number().int().min(1).max(200).default(60),
      truth: z.number().int().min(0).nullable().default(null),
      answer: z.number().int().min(0).nullable().default(null),
    }),
    worstImages.nullable(),
  ),
  /** Some test images before and after a corruption of the robustness table. */
  'runs.corruptionExamples': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id,
      corruption: z.string().max(60),
      severity: z.number().int().min(1).max(5),
      count: z.number().int().min(1).max(24).default(6),
    }),
    corruptionExamples,
  ),
  /** Parent and children of a run with what was changed between them. */
  /** Which task moves the shared network, by the gradients that a co-trained run has recorded. */
  'runs.balance': method({ view: true, audited: false, paths: [] }, z.object({ id }), taskBalance),
  'runs.lineage': method({ view: true, audited: false, paths: [] }, z.object({ id }), lineage),
  /** Part of a stored file, by its name in `runs.get`; at most 4 MB at a time. */
  'runs.readFile': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id,
      name: z.string().max(300),
      offset: z.number().int().min(0).default(0),
      length: z.number().int().min(1).max(4_000_000).default(4_000_000),
    }),
    z.object({ bytes: z.number(), base64: z.string() }),
  ),
  /** The options that the configs of all runs have, for filters and columns. */
  'runs.optionPaths': method({ view: true, audited: false, paths: [] }, none, z.array(optionPath)),
  /** Values of some options: run id -> one value for each path, null where the run has no such option. */
  'runs.options': method(
    { view: true, audited: false, paths: [] },
    z.object({ paths: z.array(z.string().max(300)).max(50) }),
    z.record(z.string(), z.array(z.unknown())),
  ),
  'runs.annotate': method(
    { view: false, audited: false, paths: [] },
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
  'runs.stop': method(
    { view: false, audited: true, paths: [] },
    z.object({ id, when: z.enum(['now', 'epoch']).default('now') }),
    ok,
  ),
  /** Continues a stopped, failed or interrupted run from its last checkpoint. */
  'runs.resume': method({ view: false, audited: true, paths: [] }, z.object({ id }), ok),
  /** Where the data of a run lie, by a glance; of those that are gone, the copies that this home knows. */
  'runs.data': method({ view: true, audited: false, paths: [] }, z.object({ id }), z.array(runDataPlace)),
  /** Says where data of a run are now: `path` has to hold what the run was queued with. Its id stays. */
  'runs.relocate': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ id, path: z.string().min(1).max(4_000) }),
    runDataPlace,
  ),
  /** Makes a run that goes on from a kept checkpoint of a run that is over, longer or from an earlier epoch. */
  'runs.continue': method(
    { view: false, audited: true, paths: [] },
    z.object({
      id,
      maxIter: z.number().int().min(1).nullable().default(null),
      patience: z.number().int().min(0).nullable().default(null),
      rounds: z.number().int().min(1).nullable().default(null),
      fromEpoch: z.number().min(0).nullable().default(null),
    }),
    z.object({
      id,
      created: z.boolean(),
      status: runStatus,
      /** Where it goes on, and which run its numbers equal. */
      note: z.string(),
    }),
  ),
  'runs.remove': method({ view: false, audited: true, paths: [] }, z.object({ id }), ok),
  'runs.restore': method({ view: false, audited: true, paths: [] }, z.object({ id }), ok),
  'runs.trash': method({ view: false, audited: false, paths: [] }, none, z.array(trashedRun)),
  /** Deletes runs of the trash for good. */
  'runs.deleteForever': method(
    { view: false, audited: true, paths: [] },
    z.object({ ids: z.array(id).min(1).max(10_000) }),
    ok,
  ),
  /** Copies runs into the home: `path` is the folder of a run, a folder of such folders, or another home. The originals stay. */
  'runs.add': method(
    { view: false, audited: true, paths: ['path'] },
    z.object({ path: z.string().min(1).max(4_000) }),
    addedRuns,
  ),
  /** Writes weights under the published names as safetensors to `to`: the final ones, or those of a kept checkpoint. */
  'runs.exportWeights': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({
      id,
      to: z.string().min(1).max(4_000),
      epoch: z.number().min(0).nullable().default(null),
    }),
    z.object({ path: z.string() }),
  ),
  /** Writes a run for a tracker into the folder `to`: an event file of TensorBoard, or a run of MLflow's file store. */
  'runs.exportTracker': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({ id, to: z.string().min(1).max(4_000), tracker: z.enum(['tensorboard', 'mlflow']) }),
    z.object({ path: z.string() }),
  ),
  /** Writes the network of a finished run into the new folder `to`, with pictures and its answers: for PyTorch, or as ONNX. */
  'runs.exportNetwork': method(
    { view: false, audited: true, paths: ['to'] },
    z.object({ id, to: z.string().min(1).max(4_000), format: z.enum(['pytorch', 'onnx']) }),
    z.object({ path: z.string(), files: z.array(z.string()) }),
  ),
  'runs.export': method(
    { view: true, audited: false, paths: [] },
    z.object({
      id,
      what: z.enum([
        'config',
        'metrics',
        'neurons',
        'metrics-parquet',
        'neurons-parquet',
        'result',
        'jsonl',
        'nnfabrik',
      ]),
    }),
    file,
  ),
} as const
