import type { EventName, EventPayload } from '../../src-shared/contract/contract.ts'
import type { Reply, Transport } from './transport.ts'

/** What the preload script puts on `window`. */
export interface Bridge {
  call(method: string, params: unknown): Promise<Reply>
  listen(event: string, handler: (payload: unknown) => void): () => void
  pathOf(file: File): Promise<string | null>
}

declare global {
  interface Window {
    cotrain?: Bridge
  }
}

/** The line to Electron's main process; it cannot be lost while the window lives. */
export function electronTransport(bridge: Bridge): Transport {
  return {
    kind: 'electron',
    call: (method, params) => bridge.call(method, params),
    listen: <E extends EventName>(event: E, handler: (payload: EventPayload<E>) => void) =>
      bridge.listen(event, (payload) => handler(payload as EventPayload<E>)),
    onLink: (handler) => handler('open'),
    pathOf: (file) => bridge.pathOf(file),
  }
}
