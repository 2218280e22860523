import type { WebSocket } from 'ws'
import type { EventName } from '../../../src-shared/contract/contract.ts'
import { events } from '../../../src-shared/contract/contract.ts'
import { keysOf } from '../../../src-shared/util/entries-of.ts'
import type { RunningService } from '../../service/create-service.ts'

/** A page that reads nothing for so long is gone; it connects again and loads afresh. */
const MAX_WAITING_BYTES = 8_000_000
const ALIVE_MS = 30_000

/** Sends every event of the service down one connection until it closes. */
export function sendEvents(service: RunningService, socket: WebSocket): void {
  const send = (event: EventName, payload: unknown): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_WAITING_BYTES) return socket.terminate()
    socket.send(JSON.stringify({ event, payload }))
  }
  const names = keysOf(events)
  const ends = names.map((name) => service.listen(name, (payload) => send(name, payload)))
  let isAlive = true
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, ALIVE_MS).unref()
  socket.on('pong', () => (isAlive = true))
  socket.on('error', () => socket.terminate())
  socket.on('message', () => socket.close(1008, 'nothing is read here'))
  socket.on('close', () => {
    clearInterval(timer)
    for (const end of ends) end()
  })
}
