import type { Problem } from '../../src-shared/contract/errors.ts'
import type { EventName, EventPayload } from '../../src-shared/contract/contract.ts'

/** What comes back over any wire: a result or the reasons why there is none. */
export type Reply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Whether news from the service arrives. The interface says so when it does not. */
export type LinkState = 'connecting' | 'open' | 'lost'

/** The two functions that every host offers, and the state of the line. */
export interface Transport {
  readonly kind: 'electron' | 'web'
  /** `signal`: nobody waits for the answer any more; what the call began goes on. */
  call(method: string, params: unknown, signal?: AbortSignal): Promise<Reply>
  listen<E extends EventName>(event: E, handler: (payload: EventPayload<E>) => void): () => void
  onLink(handler: (state: LinkState) => void): void
  /** Path of a dropped file or folder; null where the host keeps paths to itself, as browsers do. */
  pathOf(file: File): Promise<string | null>
}

/** A call to the service that did not succeed. */
export class CallError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => p.message).join(' '))
    this.name = 'CallError'
    this.problems = problems
  }
}

/** Anything thrown by a call, as problems to show. */
export function problemsIn(error: unknown): readonly Problem[] {
  if (error instanceof CallError) return error.problems
  return [{ code: 'internal', message: error instanceof Error ? error.message : String(error) }]
}
