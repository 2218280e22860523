import type { EventPayload, Method, Params, Result, Service } from '../../src-shared/contract/contract.ts'
import { contract } from '../../src-shared/contract/contract.ts'
import { CotrainError } from '../../src-shared/contract/errors.ts'
import { problemsOf } from '../../src-shared/schema/problem-words.ts'
import { queueStateOf } from '../runs/queue/queue-state.ts'
import type { Workspace } from '../runs/home/workspace.ts'
import { logLineOf } from '../runs/read/run-log.ts'
import { watchRuns } from '../runs/read/watch-runs.ts'
import { advanceFamilies } from '../runs/families/advance.ts'
import { pruneTrials } from '../runs/families/prune-trials.ts'
import { appMethods } from './app-methods.ts'
import { compareMethods } from './compare-methods.ts'
import { configMethods } from './config-methods.ts'
import { dataMethods } from './data-methods.ts'
import { analyseMethods } from './analyse-methods.ts'
import { evaluateMethods } from './evaluate-methods.ts'
import { backgroundChecks } from './background-checks.ts'
import type { EventHub } from './event-hub.ts'
import { createEventHub } from './event-hub.ts'
import type { Handler, ServiceDeps } from './feature.ts'
import { familyMethods } from './family-methods.ts'
import { packageMethods } from './package-methods.ts'
import { pluginMethods } from './plugin-methods.ts'
import { queueMethods } from './queue-methods.ts'
import { runMethods } from './run-methods.ts'
import { runPageMethods } from './run-page-methods.ts'
import { runShelfMethods } from './run-shelf-methods.ts'
import { watchedJobs } from './watched-jobs.ts'

/** After the first view is there. */
const RESUME_AFTER_MS = 4_000

export interface RunningService extends Service {
  /** As `call`, for a caller whose method and params come from outside. @throws CotrainError `not-found`, `config-invalid`. */
  callUnchecked(method: unknown, params: unknown): Promise<unknown>
  /** Begins to look for news; a host without listeners need not. */
  watch(): void
  close(): void
}

/** The one implementation of the contract, behind every host. Params are checked here, whoever calls. */
export function createService(deps: ServiceDeps): RunningService {
  const { workspace } = deps
  const hub = createEventHub((error) => workspace.log(`listener: ${String(error)}`))
  const tellQueue = queueTeller(workspace, hub)
  const jobs = watchedJobs(hub)
  const checks = backgroundChecks(deps, hub)
  let resumes: NodeJS.Timeout | undefined
  const methods: { readonly [M in Method]: Handler<M> } = {
    ...appMethods(deps, hub.emit),
    ...configMethods(deps),
    ...familyMethods(deps),
    ...runMethods(deps),
    ...runPageMethods(deps),
    ...runShelfMethods(deps),
    ...queueMethods(deps, tellQueue),
    ...evaluateMethods(deps, jobs),
    ...packageMethods(deps, jobs),
    ...pluginMethods(deps),
    ...analyseMethods(deps, jobs),
    ...compareMethods(deps),
    ...dataMethods(deps, hub, jobs, checks),
  }

  const call = async <M extends Method>(method: M, given: unknown): Promise<Result<M>> =>
    methods[method](checked(method, given))
  const news = createNews(workspace, hub, tellQueue)
  workspace.supervisor.onEnded(() => advanceGraphs(workspace))
  workspace.supervisor.onEpoch(async () => {
    for (const problem of await pruneTrials(workspace)) workspace.log(`search: ${String(problem)}`)
  })
  return {
    call,
    listen: hub.listen,
    callUnchecked: async (method, params) => {
      if (isMethod(method)) return call(method, params)
      const shown = typeof method === 'string' ? `"${method.slice(0, 60)}"` : typeof method
      throw new CotrainError({ code: 'not-found', message: `there is no method ${shown}.` })
    },
    watch: () => {
      workspace.curves.fill()
      news.begin()
      // A command of the terminal is over soon; a start must not wait for the readers of data.
      if (deps.host !== 'cli')
        resumes ??= setTimeout(
          () => void checks.resume().catch((e) => workspace.log(String(e))),
          RESUME_AFTER_MS,
        ).unref()
    },
    close: () => {
      clearTimeout(resumes)
      checks.stop()
      news.end()
      hub.close()
    },
  }
}

/** What has become possible in graphs of recipes and in searches is queued; what stands in the way of one goes to the log, and its page shows what is missing. */
async function advanceGraphs(workspace: Workspace): Promise<void> {
  const { queued, problems } = await advanceFamilies(workspace)
  for (const problem of problems) workspace.log(`recipe: ${String(problem)}`)
  if ([...queued.values()].some((ids) => ids.length > 0)) await workspace.supervisor.tick()
}

interface News {
  /** Beginning twice is beginning once. */
  begin(): void
  end(): void
}

/** From what the workers say and the folders show to events of the contract. */
function createNews(workspace: Workspace, hub: EventHub, tellQueue: () => void): News {
  let endWatch: (() => void) | undefined
  let endNews: (() => void) | undefined
  let queueTimer: NodeJS.Timeout | undefined
  return {
    begin: () => {
      endNews ??= workspace.onNews((id, news) => {
        if (news.type === 'progress') hub.emitThrottled('run.progress', id, { id, progress: news.progress })
      })
      queueTimer ??= setInterval(() => quietly(workspace.log, tellQueue), 1_000).unref()
      endWatch ??= watchRuns(workspace.store, {
        onChanged: (runs, removed) => {
          hub.emit('runs.changed', { runs, removed })
          quietly(workspace.log, tellQueue)
        },
        onProgress: (id, progress) => hub.emitThrottled('run.progress', id, { id, progress }),
        onEvent: (id, event) => {
          const line = logLineOf(event)
          if (line !== null) hub.emit('run.log', { id, ...line })
          if (event.kind !== 'metrics') return
          const { step, epoch, values } = event
          hub.emitThrottled('run.metrics', id, { id, step, epoch, values }, mergeMetrics)
        },
        onFault: (error) => workspace.log(`watching the runs: ${String(error)}`),
      })
    },
    end: () => {
      endWatch?.()
      endNews?.()
      clearInterval(queueTimer)
    },
  }
}

const isMethod = (name: unknown): name is Method => typeof name === 'string' && Object.hasOwn(contract, name)

function checked<M extends Method>(method: M, given: unknown): Params<M> {
  const parsed = contract[method].params.safeParse(given ?? {})
  if (parsed.success) return parsed.data as Params<M> // the schema of this very method
  const problems = problemsOf(parsed.error, contract[method].params, given ?? {}, '')
  throw new CotrainError(
    problems.map(({ path, ...problem }) => ({
      ...problem,
      ...(path ? { path } : {}),
      message: `${method}: ${problem.message}`,
    })),
  )
}

/** Later values win; keys that only the earlier one has stay. */
const mergeMetrics = (
  earlier: EventPayload<'run.metrics'>,
  later: EventPayload<'run.metrics'>,
): EventPayload<'run.metrics'> => ({ ...later, values: { ...earlier.values, ...later.values } })

function quietly(log: (text: string) => void, work: () => void): void {
  try {
    work()
  } catch (error) {
    log(`news: ${String(error)}`)
  }
}

/** Tells the queue to the windows where it is another than the one that was told last. */
function queueTeller(
  { store, queue, machine }: ServiceDeps['workspace'],
  hub: ReturnType<typeof createEventHub>,
): () => void {
  let told = ''
  return () => {
    const state = queueStateOf(store, queue, machine.known())
    // Progress has an event of its own.
    const text = JSON.stringify({ ...state, running: state.running.map(({ id }) => id) })
    if (text === told) return
    told = text
    hub.emit('queue.changed', state)
  }
}
