import { z } from 'zod'
import { method, none, ok } from './method.ts'
import { queueState, runId as id } from '../views.ts'

/** The order of the waiting runs. */
export const queueCalls = {
  'queue.get': method({ view: true, audited: false, paths: [] }, none, queueState),
  'queue.pause': method({ view: false, audited: true, paths: [] }, none, ok),
  'queue.resume': method({ view: false, audited: true, paths: [] }, none, ok),
  'queue.move': method(
    { view: false, audited: false, paths: [] },
    z.object({ id, to: z.number().int().min(0) }),
    ok,
  ),
  'queue.remove': method({ view: false, audited: true, paths: [] }, z.object({ id }), ok),
  'queue.retry': method({ view: false, audited: true, paths: [] }, z.object({ id }), ok),
  'queue.prioritise': method(
    { view: false, audited: false, paths: [] },
    z.object({ id, priority: z.number().int().min(-100).max(100) }),
    ok,
  ),
  /** Lets a waiting run have this card alone, by its UUID or number; null: any. */
  'queue.choose': method(
    { view: false, audited: false, paths: [] },
    z.object({ id, device: z.string().max(100).nullable() }),
    ok,
  ),
} as const
