import { factsOf } from '../../../src-shared/contract/contract.ts'
import type { Role } from './access.ts'
import type { Reply } from '../reply.ts'

/** Why this login may not make the call; null when it may. */
export function roleRefusal(
  role: Role,
  { method, params }: { method: string; params?: unknown },
): Reply | null {
  if (role === 'control' || mayView(method, params)) return null
  const message = 'this login may only look.'
  const hint = 'Ask whoever started the service for a link with control.'
  return { ok: false, problems: [{ code: 'not-allowed', message, hint }] }
}

/** What the contract does not name is refused. */
function mayView(method: string, params: unknown): boolean {
  const view = factsOf(method)?.view ?? false
  if (typeof view === 'boolean') return view
  const given = params as Record<string, unknown> | null | undefined
  return view.unless.every((name) => given?.[name] !== true)
}
