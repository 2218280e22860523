import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebSocket } from 'ws'
import { z } from 'zod'
import { factsOf } from '../../../src-shared/contract/contract.ts'
import type { RunningService } from '../../service/create-service.ts'
import type { Reply } from '../reply.ts'
import { replyTo } from '../reply.ts'
import type { Access, Role } from './access.ts'
import { auditLine } from './audit.ts'
import { postedJson } from './posted-json.ts'
import { refuse, sendJson } from './respond.ts'
import { sendEvents } from './send-events.ts'
import { roleRefusal } from './view-role.ts'

/** What answering needs. */
export interface Host {
  readonly service: RunningService
  readonly access: Access
  readonly log: (text: string) => void
  readonly audit?: (line: string) => void
  /** Ends the streams of news of all pages. */
  endLogins(): void
}

type Route = (host: Host, role: Role, request: IncomingMessage, response: ServerResponse) => Promise<void>

/** All that is answered but files of the page; who gets here is signed in. test/security attacks each entry. */
export const ROUTES: Readonly<Record<string, Route>> = {
  '/api/call': answerCall,
  '/api/access': manageAccess,
}

/** All that a connection may be upgraded to. */
export const STREAMS: Readonly<Record<string, (service: RunningService, socket: WebSocket) => void>> = {
  '/api/events': sendEvents,
}

const callBody = z.object({ method: z.string(), params: z.unknown() })

async function answerCall(
  host: Host,
  role: Role,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const posted = await postedJson(request, response)
  if (posted === null) return
  const asked = callBody.safeParse(posted.value).data
  if (asked === undefined) return refuse(response, 400, 'the request is not a call')
  const reply =
    roleRefusal(role, asked) ?? (await replyTo(host.service, asked.method, asked.params, host.log))
  if (factsOf(asked.method)?.audited === true) tellAudit(host, request, asked, reply)
  // What a person can cause is an answer; the browser would write any other status into its console as an error.
  const isDefect = !reply.ok && reply.problems[0]?.code === 'internal'
  sendJson(response, isDefect ? 500 : 200, reply)
}

const tellAudit = (
  host: Host,
  request: IncomingMessage,
  asked: { readonly method: string; readonly params?: unknown },
  reply: Reply,
): void => host.audit?.(auditLine(new Date(), request.socket.remoteAddress ?? '-', asked, reply))

/** What a login may ask about logins. */
export const ACCESS_ACTIONS = ['role', 'invite-view', 'rotate'] as const
const accessBody = z.object({ action: z.enum(ACCESS_ACTIONS) })

/** What the login may do; for one with control also: a link for somebody who may look, and the end of all logins. */
async function manageAccess(
  host: Host,
  role: Role,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const posted = await postedJson(request, response)
  if (posted === null) return
  const action = accessBody.safeParse(posted.value).data?.action
  if (action === undefined) return refuse(response, 400, 'the request names no action')
  if (action === 'role') return sendJson(response, 200, { role })
  if (role !== 'control') return refuse(response, 403, 'this login may only look')
  tellAudit(host, request, { method: `access.${action}` }, { ok: true, result: null })
  if (action === 'invite-view') return sendJson(response, 200, { path: host.access.invite('view') })
  response.setHeader('set-cookie', host.access.rotate())
  sendJson(response, 200, { role })
  host.endLogins()
}
