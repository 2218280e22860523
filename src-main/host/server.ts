import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import type { RunningService } from '../service/create-service.ts'
import type { Access } from './access.ts'
import { createAccess } from './access.ts'
import { replyTo } from './reply.ts'
import { sendEvents } from './send-events.ts'
import { SECURITY_HEADERS, staticFile } from './static-files.ts'

/** A config may have 1 MB of text; escaped as JSON it grows. */
const MAX_BODY_BYTES = 4_000_000
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
const MAX_CONNECTIONS = 256

export interface ServerOptions {
  readonly service: RunningService
  /** Folder of the built renderer. */
  readonly root: string
  /** 0 takes a free port. */
  readonly port?: number
  /** Loopback unless the user asks for more. */
  readonly address?: string
  readonly log?: (text: string) => void
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
  server.on('request', (request, response) => {
    handle(options, access, request, response).catch((error: unknown) => {
      log(`request: ${String(error)}`)
      if (!response.headersSent) refuse(response, 500, 'internal error')
      else response.destroy()
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const status = upgradeStatus(access, request)
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

async function handle(
  { service, root, log = () => undefined }: ServerOptions,
  access: Access,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
  const path = pathOf(request)
  const isLaunch = path.startsWith('/launch/')
  const verdict = access.judge(request, isLaunch)
  if (!verdict.allowed) return refuse(response, verdict.status, verdict.why)
  if (isLaunch) return signIn(access, path, request, response)
  if (path === '/api/call') return answer(service, request, response, log)
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'method not allowed')
  const file = await staticFile(root, path)
  if (file === null) return refuse(response, 404, 'not found')
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.content.length })
  response.end(request.method === 'HEAD' ? undefined : file.content)
}

/** The token leaves the address at once: it must not stay in the history. A second visit with the cookie is just sent on. */
function signIn(access: Access, path: string, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET') return refuse(response, 405, 'method not allowed')
  const cookie = access.redeem(path)
  if (cookie === null && !access.judge(request, false).allowed)
    return refuse(response, 401, 'this link was used or is wrong; start `cotrain serve` again')
  response.writeHead(303, { location: '/', ...(cookie === null ? {} : { 'set-cookie': cookie }) })
  response.end()
}

async function answer(
  service: RunningService,
  request: IncomingMessage,
  response: ServerResponse,
  log: (text: string) => void,
): Promise<void> {
  if (request.method !== 'POST') return refuse(response, 405, 'method not allowed')
  if ((request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() !== 'application/json')
    return refuse(response, 415, 'expected application/json')
  const text = await readBody(request)
  if (text === null) return refuse(response, 413, 'the request is too large')
  const asked = parseCall(text)
  if (asked === null) return refuse(response, 400, 'the request is not a call')
  const reply = await replyTo(service, asked.method, asked.params, log)
  // What a person can cause is an answer; the browser would write any other status into its console as an error.
  const isDefect = !reply.ok && reply.problems[0]?.code === 'internal'
  response.writeHead(isDefect ? 500 : 200, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(reply))
}

const callBody = z.object({ method: z.string(), params: z.unknown() })

function parseCall(text: string): z.infer<typeof callBody> | null {
  try {
    return callBody.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
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
