import type { EventName, EventPayload } from '../../src-shared/contract/contract.ts'
import type { LinkState, Reply, Transport } from './transport.ts'
import { retryDelayMs } from './retry-delay.ts'

type Handler = (payload: never) => void

/** The line to the local web server: POST for calls, one WebSocket for news, opened again whenever it breaks. */
export function webTransport(base: URL): Transport {
  const handlers = new Map<string, Set<Handler>>()
  const watchers = new Set<(state: LinkState) => void>()
  let state: LinkState = 'connecting'
  let attempt = 0

  function tell(next: LinkState): void {
    state = next
    for (const watcher of watchers) watcher(next)
  }

  function connect(): void {
    const socket = new WebSocket(new URL('api/events', base).href.replace(/^http/, 'ws'))
    socket.addEventListener('open', () => {
      attempt = 0
      tell('open')
    })
    socket.addEventListener('message', (message: MessageEvent<string>) => {
      const { event, payload } = JSON.parse(message.data) as { event: string; payload: never }
      for (const handler of handlers.get(event) ?? []) handler(payload)
    })
    socket.addEventListener('close', () => {
      tell('lost')
      setTimeout(connect, retryDelayMs(attempt++))
    })
  }
  connect()

  return {
    kind: 'web',
    call: (method, params, signal) => post(new URL('api/call', base), { method, params }, signal),
    listen: <E extends EventName>(event: E, handler: (payload: EventPayload<E>) => void) => {
      const set = handlers.get(event) ?? new Set<Handler>()
      handlers.set(event, set.add(handler))
      return () => set.delete(handler)
    },
    onLink: (watcher) => {
      watchers.add(watcher)
      watcher(state)
    },
    pathOf: () => Promise.resolve(null),
  }
}

async function post(url: URL, body: unknown, signal?: AbortSignal): Promise<Reply> {
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    })
  } catch {
    return failed(
      'The CoTrain service does not answer.',
      'Start it again with "npx cotrain serve"; runs in progress go on meanwhile.',
    )
  }
  if (response.status === 401 || response.status === 403) {
    return failed(
      'This page is not signed in to the CoTrain service.',
      'Open the address that "npx cotrain serve" printed.',
    )
  }
  try {
    return (await response.json()) as Reply
  } catch {
    return failed(
      `The CoTrain service answered with status ${response.status}.`,
      'Look at its log in the terminal.',
    )
  }
}

const failed = (message: string, hint: string): Reply => ({
  ok: false,
  problems: [{ code: 'engine-unavailable', message, hint }],
})
