import { z } from 'zod'
import { file, method, ok } from './method.ts'
import { curve, neuronTable, runDetail, runStatus, runSummary } from '../run.ts'
import { robustnessTable, runId as id } from '../views.ts'

/** Runs: making, listing, reading, changing. */
export const runCalls = {
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
} as const
