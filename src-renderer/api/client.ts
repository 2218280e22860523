import type { EventName, EventPayload, Method, ParamsIn, Result } from '../../src-shared/contract/contract.ts'
import { electronTransport } from './electron-transport.ts'
import type { LinkState, Transport } from './transport.ts'
import { CallError } from './transport.ts'
import { webTransport } from './web-transport.ts'

let chosen: Transport | undefined

/** Chosen once: the preload bridge where there is one, else the server that delivered this page. */
function transport(): Transport {
  chosen ??=
    window.cotrain === undefined
      ? webTransport(new URL('.', location.href))
      : electronTransport(window.cotrain)
  return chosen
}

/**
 * Calls a method of the service. A signal gives its connection back: a browser has six to a host, which slow answers that nobody
 * waits for would keep from everything else.
 * @throws CallError with the service's problems
 */
export async function call<M extends Method>(
  method: M,
  params: ParamsIn<M>,
  signal?: AbortSignal,
): Promise<Result<M>> {
  const reply = await transport().call(method, params, signal)
  if (!reply.ok) throw new CallError(reply.problems)
  return reply.result as Result<M>
}

/** Subscribes to news; returns the function that ends the subscription. */
export const listen = <E extends EventName>(
  event: E,
  handler: (payload: EventPayload<E>) => void,
): (() => void) => transport().listen(event, handler)

export const onLink = (handler: (state: LinkState) => void): void => transport().onLink(handler)

export const pathOf = (file: File): Promise<string | null> => transport().pathOf(file)

export const hostKind = (): Transport['kind'] => transport().kind
