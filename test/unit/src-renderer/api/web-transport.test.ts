import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Transport } from '../../../../src-renderer/api/transport.ts'
import { webTransport } from '../../../../src-renderer/api/web-transport.ts'

/** Answers `quick` at once and everything else never; notes what hung up. */
const asked: string[] = []
const gone: string[] = []
let server: Server
let transport: Transport

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      const { method } = JSON.parse(body) as { method: string }
      asked.push(method)
      response.on('close', () => response.writableEnded || gone.push(method))
      if (method === 'quick') response.end(JSON.stringify({ ok: true, result: 1 }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number } // it listens on a port
  vi.stubGlobal('WebSocket', EventTarget) // news are not the subject here
  transport = webTransport(new URL(`http://127.0.0.1:${port}/`))
})

afterAll(() => {
  vi.unstubAllGlobals()
  server.closeAllConnections()
  server.close()
})

it('a call that nobody waits for any more gives its connection back', async () => {
  const given = new AbortController()
  const slow = transport.call('slow', {}, given.signal)
  await vi.waitFor(() => expect(asked).toEqual(['slow']))
  expect(gone).toEqual([])
  given.abort()
  expect(await slow).toMatchObject({ ok: false })
  await vi.waitFor(() => expect(gone).toEqual(['slow']))
})

it('a call that is waited for is answered', async () => {
  expect(await transport.call('quick', {}, new AbortController().signal)).toEqual({ ok: true, result: 1 })
})
