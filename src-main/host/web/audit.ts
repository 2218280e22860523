import type { Reply } from '../reply.ts'

/** "2026-05-01T12:00:00.000Z 127.0.0.1 runs.stop 1a2b3c4d5e ok": when, from where, what, to which run or set, and what came of it. */
export function auditLine(
  at: Date,
  from: string,
  { method, params }: { readonly method: string; readonly params?: unknown },
  reply: Reply,
): string {
  const result = reply.ok ? reply.result : null
  const id = idIn(params) ?? idIn(result) ?? '-'
  const end = reply.ok ? 'ok' : (reply.problems[0]?.code ?? 'refused')
  return [at.toISOString(), from, method, id, end].join(' ')
}

/** Only ids go into the line: names and paths are nobody else's. */
function idIn(value: unknown): string | null {
  const id = (value as Record<string, unknown> | null | undefined)?.['id']
  return typeof id === 'string' && /^[\w-]{1,64}$/.test(id) ? id.slice(0, 10) : null
}
