import type { EventName, EventPayload, Method, Params, Result } from '../../src-shared/contract/contract.ts'
import type { ChoosePath, DataFeature, DemoFeature } from './parts.ts'
import type { Workspace } from '../runs/home/workspace.ts'

/** What a feature's methods work with. */
export interface ServiceDeps {
  readonly workspace: Workspace
  readonly host: 'electron' | 'web' | 'cli'
  /** Why this host and not another. */
  readonly hostReason: string
  readonly demo: DemoFeature
  readonly data: DataFeature
  readonly choosePath?: ChoosePath
  /** Remembers the storage folder for the next start; absent where something else decides. */
  readonly chooseHome?: (home: string) => Promise<void>
}

/** Implementation of a method; `params` has been checked. */
export type Handler<M extends Method> = (params: Params<M>) => Promise<Result<M>> | Result<M>

/** The methods of one feature. */
export type Feature<M extends Method> = { readonly [K in M]: Handler<K> }

export type Emit = <E extends EventName>(event: E, payload: EventPayload<E>) => void

export const OK = { ok: true } as const
