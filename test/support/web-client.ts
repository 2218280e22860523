import { WebSocket } from 'ws'
import type { LocalServer } from '../../src-main/host/web/server.ts'
import type { Answer, Caller } from '../contract/suite.ts'

/** Signs in with the launch link, as a browser does. */
export async function signIn(server: LocalServer): Promise<string> {
  const response = await fetch(server.launchUrl, { redirect: 'manual' })
  if (response.status !== 303) throw new Error(`sign-in ended with ${response.status}`)
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

/** What the page does: POST for calls, one WebSocket for news. */
export async function webClient(server: LocalServer, onClose: () => Promise<void>): Promise<Caller> {
  const cookie = await signIn(server)
  const handlers = new Map<string, Set<(payload: unknown) => void>>()
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/api/events`, {
    headers: { cookie, origin: server.origin },
  })
  socket.on('message', (text) => {
    const { event, payload } = JSON.parse(String(text)) as { event: string; payload: unknown }
    for (const handler of handlers.get(event) ?? []) handler(payload)
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    call: async (method, params) => {
      const headers = { 'content-type': 'application/json', cookie, origin: server.origin }
      const response = await fetch(`${server.origin}/api/call`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ method, params }),
      })
      return (await response.json()) as Answer
    },
    listen: (event, handler) => {
      const set = handlers.get(event) ?? new Set()
      handlers.set(event, set.add(handler))
      return () => set.delete(handler)
    },
    close: async () => {
      socket.terminate()
      await server.close()
      await onClose()
    },
  }
}
