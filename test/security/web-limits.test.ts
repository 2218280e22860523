import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { ServerLimits } from '../../src-main/host/web/server.ts'
import { startServer } from '../../src-main/host/web/server.ts'
import { ask, upgrade } from '../support/raw-request.ts'
import { temporaryFolder } from '../support/temp-folder.ts'
import type { TestService } from '../support/test-service.ts'
import { openTestService } from '../support/test-service.ts'
import { signIn } from '../support/web-client.ts'

const folder = temporaryFolder()
const root = join(folder, 'renderer')
let app: TestService

beforeAll(() => {
  mkdirSync(root)
  writeFileSync(join(root, 'index.html'), 'page')
  app = openTestService(join(folder, 'home'))
})
afterAll(() => app.close())

const open = (limits: Partial<ServerLimits> = {}, said: string[] = []) =>
  startServer({
    ...{ service: app.service, root, limits },
    log: (line) => said.push(line),
    audit: (line) => said.push(line),
  })

const dial = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** All that comes until the other side ends the connection. */
const heard = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = ''
    socket.on('data', (part) => (text += part.toString()))
    socket.on('close', () => resolve(text))
  })

describe('a client that takes its time', () => {
  const short = { headersMs: 200, requestMs: 400 }

  it('loses its connection when its headers do not end', async () => {
    const server = await open(short)
    const socket = await dial(server.port)
    const answer = heard(socket)
    socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nX-Slow: a`)
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
    await server.close()
  })

  it('loses its connection when its body does not end', async () => {
    const server = await open(short)
    const cookie = await signIn(server)
    const socket = await dial(server.port)
    const answer = heard(socket)
    const headers = [`Host: 127.0.0.1:${server.port}`, `Cookie: ${cookie}`, `Origin: ${server.origin}`]
    socket.write(
      `POST /api/call HTTP/1.1\r\n${headers.join('\r\n')}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    )
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
    await server.close()
  })

  it('loses its connection when it says nothing', async () => {
    const server = await open(short)
    expect(await heard(await dial(server.port))).toMatch(/^(HTTP\/1\.1 408 |$)/)
    await server.close()
  })
})

describe('a client that wants much', () => {
  it('gets no more connections than there are, and again when one ends', async () => {
    const server = await open({ connections: 3 })
    const held = await Promise.all([dial(server.port), dial(server.port), dial(server.port)])
    expect(await heard(await dial(server.port))).toBe('')
    for (const socket of held) socket.destroy()
    await Promise.all(held.map((socket) => once(socket, 'close')))
    const answer = async (): Promise<number> =>
      (await ask(server.port, {}).catch(() => ({ status: 0 }))).status
    await expect.poll(answer, { timeout: 20_000 }).toBe(401)
    await server.close()
  })

  it('gets no more streams than there are', async () => {
    const server = await open({ listeners: 2 })
    const headers = { cookie: await signIn(server), origin: server.origin }
    const streams = [1, 2].map(() => new WebSocket(`ws://127.0.0.1:${server.port}/api/events`, { headers }))
    await Promise.all(streams.map((stream) => once(stream, 'open')))
    expect(await upgrade(server.port, headers)).toBe(503)
    await server.close()
  })

  it('gets no more answers than the rate allows', async () => {
    const server = await open({ calls: { burst: 3, perSecond: 0 } })
    const headers = {
      cookie: await signIn(server),
      origin: server.origin,
      'content-type': 'application/json',
    }
    const call = () =>
      ask(server.port, {
        method: 'POST',
        path: '/api/call',
        headers,
        body: '{"method":"app.info","params":{}}',
      })
    const statuses = [await call(), await call(), await call(), await call()].map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 429])
    await server.close()
  })

  it('gets nothing for headers beyond measure', async () => {
    const server = await open()
    const answer = await ask(server.port, { headers: { 'x-long': 'x'.repeat(60_000) } })
    expect(answer.status).toBe(431)
    await server.close()
  })
})

describe('secrets', () => {
  it('are in no log, no answer and no address after signing in', async () => {
    const said: string[] = []
    const server = await open({}, said)
    const token = new URL(server.launchUrl).pathname.split('/').at(-1) ?? ''
    expect(Buffer.from(token, 'base64url').length).toBe(32)
    const first = await ask(server.port, { path: `/launch/${token}` })
    expect([first.status, first.headers['location'], first.headers['referrer-policy']]).toEqual([
      303,
      '/',
      'no-referrer',
    ])
    const set = String(first.headers['set-cookie'])
    const secret = /=([\w-]{43});/.exec(set)?.[1] ?? ''
    expect(set.replace(secret, '')).toBe(`cotrain-${server.port}=; Path=/; HttpOnly; SameSite=Strict`)
    const headers = {
      cookie: set.split(';')[0] ?? '',
      origin: server.origin,
      'content-type': 'application/json',
    }
    const answers: string[] = []
    for (const path of ['/', '/nothing', `/launch/${token}`, '/api/call'])
      answers.push((await ask(server.port, { path, headers })).text)
    for (const method of ['app.info', 'app.doctor', 'queue.pause', 'queue.resume', 'nothing.known'])
      answers.push((await ask(server.port, { method: 'POST', path: '/api/call', headers, body: JSON.stringify({ method, params: {} }) })).text) // prettier-ignore
    expect(said.length).toBeGreaterThan(0)
    const all = [...said, ...app.said, ...answers].join('\n')
    expect([all.includes(token), all.includes(secret)]).toEqual([false, false])
    await server.close()
  })
})
