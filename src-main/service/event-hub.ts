import type { EventName, EventPayload, Service } from '../../src-shared/contract/contract.ts'

/** News of one run come at most four times a second. */
const NEWS_MS = 250

type Handler = (payload: never) => void

export interface EventHub {
  readonly listen: Service['listen']
  emit<E extends EventName>(event: E, payload: EventPayload<E>): void
  /** As `emit`, but payloads of the same key that come sooner are merged into one, sent when the time is over. */
  emitThrottled<E extends EventName>(
    event: E,
    key: string,
    payload: EventPayload<E>,
    merge?: (earlier: EventPayload<E>, later: EventPayload<E>) => EventPayload<E>,
  ): void
  close(): void
}

export function createEventHub(onFault: (error: unknown) => void): EventHub {
  const handlers = new Map<EventName, Set<Handler>>()
  const lastAt = new Map<string, number>()
  const waiting = new Map<string, { payload: unknown; timer: NodeJS.Timeout }>()

  const emit: EventHub['emit'] = (event, payload) => {
    for (const handler of handlers.get(event) ?? []) {
      try {
        handler(payload as never)
      } catch (error) {
        onFault(error) // one broken listener must not silence the others
      }
    }
  }
  const emitThrottled: EventHub['emitThrottled'] = (
    event,
    key,
    payload,
    merge = (_earlier, later) => later,
  ) => {
    const place = `${event} ${key}`
    const pending = waiting.get(place)
    if (pending !== undefined) {
      pending.payload = merge(pending.payload as typeof payload, payload)
      return
    }
    const since = performance.now() - (lastAt.get(place) ?? -Infinity)
    const send = (value: typeof payload): void => {
      lastAt.set(place, performance.now())
      emit(event, value)
    }
    if (since >= NEWS_MS) return send(payload)
    const entry = {
      payload: payload as unknown,
      timer: setTimeout(() => {
        waiting.delete(place)
        send(entry.payload as typeof payload)
      }, NEWS_MS - since).unref(),
    }
    waiting.set(place, entry)
  }
  return {
    listen: (event, handler) => {
      const set = handlers.get(event) ?? new Set()
      handlers.set(event, set.add(handler))
      return () => set.delete(handler)
    },
    emit,
    emitThrottled,
    close: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer)
      waiting.clear()
      handlers.clear()
    },
  }
}
