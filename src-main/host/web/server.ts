import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { RunningService } from '../../service/create-service.ts'
import type { Access } from './access.ts'
import { createAccess } from './access.ts'
import type { Rate } from './rate-limit.ts'
import { CALLS, REFUSALS, rateLimit } from './rate-limit.ts'
import { refuse, refuseTooMany } from './respond.ts'
import type { Host } from './routes.ts'
import { ROUTES, STREAMS } from './routes.ts'
import { SECURITY_HEADERS, staticFile } from '../static-files.ts'

/** What one client may take of the server. */
export interface ServerLimits {
  /** Time for all headers of a request, and for the whole of it. */
  readonly headersMs: number
  readonly requestMs: number
  readonly connections: number
  /** Pages that listen for news; each costs a copy of all of it. */
  readonly listeners: number
  readonly calls: Rate
  readonly refusals: Rate
}

const LIMITS: ServerLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  connections: 256,
  listeners: 32,
  calls: CALLS,
  refusals: REFUSALS,
}

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
  readonly limits?: Partial<ServerLimits>
}

export interface LocalServer {
  readonly port: number
  /** Address with the one-time token; must not be logged. */
  readonly launchUrl: string
  readonly origin: string
  close(): Promise<void>
}

/** The local web host: the routes and streams of `routes.ts` and the renderer's files. Everything is refused unless allowed. */
export async function startServer(options: ServerOptions): Promise<LocalServer> {
  const { port = 0, address = '127.0.0.1', log = () => undefined } = options
  const limits = { ...LIMITS, ...options.limits }
  const server = createServer({
    requestTimeout: limits.requestMs,
    headersTimeout: limits.headersMs,
    // Node looks for connections beyond their time every 30 s: thrice the time for headers.
    connectionsCheckingInterval: limits.headersMs / 4,
  })
  server.maxConnections = limits.connections
  await listen(server, port, address)
  const actual = (server.address() as AddressInfo).port
  const names = address === '127.0.0.1' ? ['127.0.0.1', 'localhost'] : [address]
  const access = createAccess(actual, names)
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 })
  const host: GuardedHost = {
    ...options,
    access,
    log,
    mayCall: rateLimit(limits.calls),
    mayRefuse: rateLimit(limits.refusals),
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
    const status = sockets.clients.size >= limits.listeners ? 503 : upgradeStatus(access, request)
    if (status !== null) return refuseUpgrade(socket, status)
    const stream = STREAMS[pathOf(request)]
    sockets.handleUpgrade(request, socket, head, (connection) => stream?.(options.service, connection))
  })
  const origin = `http://${names[0]}:${actual}`
  return {
    port: actual,
    origin,
    launchUrl: `${origin}${access.launchPath}`,
    close: () => closeAll(server, sockets),
  }
}

interface GuardedHost extends Host {
  readonly root: string
  readonly mayCall: () => boolean
  readonly mayRefuse: () => boolean
}

/** Who asks is judged before anything is looked up. */
async function handle(host: GuardedHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
  const path = pathOf(request)
  const isLaunch = path.startsWith('/launch/')
  const verdict = host.access.judge(request, isLaunch)
  if (!verdict.allowed)
    return host.mayRefuse() ? refuse(response, verdict.status, verdict.why) : refuseTooMany(response)
  if (verdict.role === null) return signIn(host, path, request, response)
  if (!Object.hasOwn(ROUTES, path)) return sendPage(host.root, path, request, response)
  if (!host.mayCall()) return refuseTooMany(response)
  return ROUTES[path]!(host, verdict.role, request, response)
}

/** A file of the built page. */
async function sendPage(
  root: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'method not allowed')
  const file = await staticFile(root, path)
  if (file === null) return refuse(response, 404, 'not found')
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.content.length })
  response.end(request.method === 'HEAD' ? undefined : file.content)
}

/** The token leaves the address at once: it must not stay in the history. A second visit with the cookie is just sent on. */
function signIn(host: GuardedHost, path: string, request: IncomingMessage, response: ServerResponse): void {
  const { access } = host
  if (request.method !== 'GET') return refuse(response, 405, 'method not allowed')
  const cookie = access.redeem(path)
  if (cookie === null && !access.judge(request, false).allowed) {
    if (!host.mayRefuse()) return refuseTooMany(response)
    return refuse(response, 401, 'this link was used or is wrong; start `cotrain serve` again')
  }
  response.writeHead(303, { location: '/', ...(cookie === null ? {} : { 'set-cookie': cookie }) })
  response.end()
}

function upgradeStatus(access: Access, request: IncomingMessage): number | null {
  const verdict = access.judge(request, false)
  if (!verdict.allowed) return verdict.status
  if (request.headers.origin === undefined) return 403
  return Object.hasOwn(STREAMS, pathOf(request)) ? null : 404
}

function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
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
