import { z } from 'zod'
import { analyseCalls } from './calls/analyse.ts'
import { appCalls } from './calls/app.ts'
import { compareCalls } from './calls/compare.ts'
import { configCalls } from './calls/config.ts'
import { dataCalls } from './calls/data.ts'
import { evaluateCalls } from './calls/evaluate.ts'
import type { MethodFacts } from './calls/method.ts'
import { packageCalls } from './calls/package.ts'
import { pluginCalls } from './calls/plugin.ts'
import { queueCalls } from './calls/queue.ts'
import { runCalls } from './calls/run.ts'
import { runProgress, runSummary } from './run.ts'
import { queueState } from './views.ts'

/**
 * The one table of calls between any host and the services: method -> parameters and result. Electron's IPC, the web
 * server and the CLI validate `params` with it; types follow from it; tests check results against it.
 */
export const contract = {
  ...appCalls,
  ...configCalls,
  ...runCalls,
  ...queueCalls,
  ...evaluateCalls,
  ...packageCalls,
  ...pluginCalls,
  ...analyseCalls,
  ...compareCalls,
  ...dataCalls,
} as const

type Contract = typeof contract
export type Method = keyof Contract
/** What a caller may leave out has a default. */
export type ParamsIn<M extends Method> = z.input<Contract[M]['params']>
export type Params<M extends Method> = z.output<Contract[M]['params']>
export type Result<M extends Method> = z.output<Contract[M]['result']>

/** What hosts must know about a call; undefined where there is no such method. */
export const factsOf = (name: string): MethodFacts<string> | undefined =>
  Object.hasOwn(contract, name) ? contract[name as Method] : undefined

export const events = {
  'runs.changed': z.object({ runs: z.array(runSummary), removed: z.array(z.string()) }),
  'run.progress': z.object({ id: z.string(), progress: runProgress }),
  'run.metrics': z.object({
    id: z.string(),
    step: z.number(),
    epoch: z.number(),
    values: z.record(z.string(), z.number().nullable()),
  }),
  'run.log': z.object({ id: z.string(), level: z.string(), text: z.string(), at: z.number() }),
  'queue.changed': queueState,
  'setup.progress': z.object({
    route: z.string(),
    phase: z.string(),
    bytes: z.number(),
    totalBytes: z.number().nullable(),
    text: z.string(),
  }),
  'data.changed': z.object({ id: z.string() }),
  /** How far the work of `job` has come; null where the whole is not known. */
  'data.progress': z.object({ job: z.string(), text: z.string(), fraction: z.number().nullable() }),
} as const

type Events = typeof events
export type EventName = keyof Events
export type EventPayload<E extends EventName> = z.output<Events[E]>

/** What every host offers and every caller uses. */
export interface Service {
  call<M extends Method>(name: M, params: ParamsIn<M>): Promise<Result<M>>
  /** Returns the function that ends the subscription. */
  listen<E extends EventName>(name: E, handler: (payload: EventPayload<E>) => void): () => void
}
