import { z } from 'zod'
import { method, none, ok } from './method.ts'
import { queueState, runId as id } from '../views.ts'

/** The order of the waiting runs. */
export const queueCalls = {
  'queue.get': method(none, queueState),
  'queue.pause': method(none, ok),
  'queue.resume': method(none, ok),
  'queue.move': method(z.object({ id, to: z.number().int().min(0) }), ok),
  'queue.remove': method(z.object({ id }), ok),
  'queue.retry': method(z.object({ id }), ok),
  'queue.prioritise': method(z.object({ id, priority: z.number().int().min(-100).max(100) }), ok),
} as const
