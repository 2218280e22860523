import type { Role } from './access.ts'
import type { Reply } from '../reply.ts'

/** What a login that may only look can call; everything that is not named here is refused. */
export const VIEWING: ReadonlySet<string> = new Set([
  'app.info',
  'settings.get',
  'ui.get',
  'config.presets',
  'config.parse',
  'config.modelCard',
  'runs.list',
  'runs.get',
  'runs.data',
  'runs.curves',
  'runs.log',
  'runs.neurons',
  'runs.robustness',
  'runs.confusion',
  'runs.export',
  'runs.worstImages',
  'runs.corruptionExamples',
  'runs.lineage',
  'runs.evaluations',
  'runs.evaluatedNeurons',
  'runs.readFile',
  'runs.optionPaths',
  'runs.options',
  'queue.get',
  'compare.table',
  'compare.neurons',
  'compare.export',
  'compare.options',
  'compare.evidence',
  'compare.distributions',
  'data.list',
  'data.get',
  'data.preview',
  'data.neurons',
  'data.responses',
  'data.uses',
])

/** Why this login may not make the call; null when it may. */
export function roleRefusal(
  role: Role,
  { method, params }: { method: string; params?: unknown },
): Reply | null {
  const isShallow = method === 'app.doctor' && (params as { deep?: unknown } | undefined)?.deep !== true
  if (role === 'control' || VIEWING.has(method) || isShallow) return null
  const message = 'this login may only look.'
  const hint = 'Ask whoever started the service for a link with control.'
  return { ok: false, problems: [{ code: 'not-allowed', message, hint }] }
}
