import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { factsOf } from '../../../src-shared/contract/contract.ts'
import type { RunningService } from '../../service/create-service.ts'
import type { Access, Role } from './access.ts'
import { createAccess } from './access.ts'
import { auditLine } from './audit.ts'
import { CALLS, REFUSALS, rateLimit } from './rate-limit.ts'
import type { Reply } from '../reply.ts'
import { replyTo } from '../reply.ts'
import { sendEvents } from './send-events.ts'
import { SECURITY_HEADERS, staticFile } from '../static-files.ts'
import { roleRefusal } from './view-role.ts'

/** A config may have 1 MB of text; escaped as JSON it grows. */
const MAX_BODY_BYTES = 4_000_000
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
const MAX_CONNECTIONS = 256
/** Pages that listen for news; each costs a copy of all of it. */
const MAX_LISTENERS = 32

export interface ServerOptions {
  readonly service: RunningService
  /** Folder of the built renderer. */
  readonly root: string
  /** 0 takes a free port. */
  readonly port?: number
  /** Loopback unless the user asks for more. */
  readonly address?: string
  readonly log?: (text: string) => void
  /** Takes one line for each start, stop and deletion. */
  readonly audit?: (line: string) => void
}

export interface LocalServer {
  readonly port: number
  /** Address with the one-time token; must not be logged. */
  readonly launchUrl: string
  readonly origin: string
  close(): Promise<void>
}

/** The local web host: one POST route, one event stream, the renderer's files. Everything is refused unless allowed. */
export async function startServer(options: ServerOptions): Promise<LocalServer> {
  const { port = 0, address = '127.0.0.1', log = () => undefined } = options
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS })
  server.maxConnections = MAX_CONNECTIONS
  await listen(server, port, address)
  const actual = (server.address() as AddressInfo).port
  const names = address === '127.0.0.1' ? ['127.0.0.1', 'localhost'] : [address]
  const access = createAccess(actual, names)
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 })
  const host: Host = {
    ...options,
    access,
    log,
    mayCall: rateLimit(CALLS),
    mayRefuse: rateLimit(REFUSALS),
    endLogins: () => sockets.clients.forEach((socket) => socket.terminate()),
  }
  server.on('request', (request, response) => {
    handle(host, request, response).catch((error: unknown) => {
      log(`request: ${String(error)}`)
      if (!response.headersSent) refuse(response, 500, 'internal error')
      else response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const status = sockets.clients.size >= MAX_LISTENERS ? 503 : upgradeStatus(access, request)
    if (status !== null) return refuseUpgrade(socket, status)
    sockets.handleUpgrade(request, socket, head, (connection) => sendEvents(options.service, connection))
  })
  const origin = `http://${names[0]}:${actual}`
  return {
    port: actual,
    origin,
    launchUrl: `${origin}${access.launchPath}`,
    close: () => closeAll(server, sockets),
  }
}

/** What answering needs. */
interface Host extends ServerOptions {
  readonly access: Access
  readonly log: (text: string) => void
  readonly mayCall: () => boolean
  readonly mayRefuse: () => boolean
  /** Ends the streams of news of all pages. */
  endLogins(): void
}

async function handle(host: Host, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { access, root } = host
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
  const path = pathOf(request)
  const isLaunch = path.startsWith('/launch/')
  const verdict = access.judge(request, isLaunch)
  if (!verdict.allowed)
    return host.mayRefuse() ? refuse(response, verdict.status, verdict.why) : tooMany(response)
  if (verdict.role === null) return signIn(host, path, request, response)
  if (path.startsWith('/api/') && !host.mayCall()) return tooMany(response)
  if (path === '/api/call') return answer(host, verdict.role, request, response)
  if (path === '/api/access') return manageAccess(host, verdict.role, request, response)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'method not allowed')
  const file = await staticFile(root, path)
  if (file === null) return refuse(response, 404, 'not found')
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.content.length })
  response.end(request.method === 'HEAD' ? undefined : file.content)
}

const tooMany = (response: ServerResponse): void => {
  response.setHeader('retry-after', '1')
  refuse(response, 429, 'too many requests')
}

/** The token leaves the address at once: it must not stay in the history. A second visit with the cookie is just sent on. */
function signIn(host: Host, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { access } = host
  if (request.method !== 'GET') return refuse(response, 405, 'method not allowed')
  const cookie = access.redeem(path)
  if (cookie === null && !access.judge(request, false).allowed) {
    if (!host.mayRefuse()) return tooMany(response)
    return refuse(response, 401, 'this link was used or is wrong; start `cotrain serve` again')
  }
  response.writeHead(303, { location: '/', ...(cookie === null ? {} : { 'set-cookie': cookie }) })
  response.end()
}

/** The JSON text of a POST; null when it was refused. */
async function postedText(request: IncomingMessage, response: ServerResponse): Promise<string | null> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (request.method !== 'POST') refuse(response, 405, 'method not allowed')
  else if (type !== 'application/json') refuse(response, 415, 'expected application/json')
  else {
    const text = await readBody(request)
    if (text === null) refuse(response, 413, 'the request is too large')
    return text
  }
  return null
}

async function answer(
  host: Host,
  role: Role,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await postedText(request, response)
  if (text === null) return
  const asked = parseCall(text)
  if (asked === null) return refuse(response, 400, 'the request is not a call')
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

const accessBody = z.object({ action: z.enum(['role', 'invite-view', 'rotate']) })

/** What the login may do; for one with control also: a link for somebody who may look, and the end of all logins. */
async function manageAccess(
  host: Host,
  role: Role,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const text = await postedText(request, response)
  if (text === null) return
  const action = accessBody.safeParse(parseJson(text)).data?.action
  if (action === undefined) return refuse(response, 400, 'the request names no action')
  if (action === 'role') return sendJson(response, 200, { role })
  if (role !== 'control') return refuse(response, 403, 'this login may only look')
  tellAudit(host, request, { method: `access.${action}` }, { ok: true, result: null })
  if (action === 'invite-view') return sendJson(response, 200, { path: host.access.invite('view') })
  response.setHeader('set-cookie', host.access.rotate())
  sendJson(response, 200, { role })
  host.endLogins()
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(value))
}

const callBody = z.object({ method: z.string(), params: z.unknown() })

const parseCall = (text: string): z.infer<typeof callBody> | null =>
  callBody.safeParse(parseJson(text)).data ?? null

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body, or null when it is beyond the limit; the rest is then not read. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > MAX_BODY_BYTES) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function upgradeStatus(access: Access, request: IncomingMessage): number | null {
  const verdict = access.judge(request, false)
  if (!verdict.allowed) return verdict.status
  if (request.headers.origin === undefined) return 403
  return pathOf(request) === '/api/events' ? null : 404
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  response.end(why)
}

/** Path without query; never resolved against anything, so that no request can name another host. */
const pathOf = ({ url = '/' }: IncomingMessage): string => url.split(/[?#]/)[0] ?? '/'

function listen(server: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  server.closeAllConnections()
  await new Promise<void>((resolve) => server.close(() => resolve()))
}
