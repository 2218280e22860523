import type { BackgroundChecks } from './background-checks.ts'
import type { EventHub } from './event-hub.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import type { WatchedJobs } from './watched-jobs.ts'
import { OK } from './feature.ts'

type LookMethods =
  | 'data.list'
  | 'data.inspect'
  | 'data.look'
  | 'data.neurons'
  | 'data.responses'
  | 'data.uses'
  | 'data.get'
  | 'data.preview'
type ChangeMethods =
  | 'demo.start'
  | 'data.add'
  | 'data.cancel'
  | 'data.ignore'
  | 'data.mend'
  | 'data.check'
  | 'data.export'
  | 'data.relocate'
  | 'data.remove'
  | 'data.restore'

export function dataMethods(
  deps: ServiceDeps,
  hub: Pick<EventHub, 'emit'>,
  jobs: WatchedJobs,
  checks: Pick<BackgroundChecks, 'start' | 'again'>,
): Feature<LookMethods | ChangeMethods> {
  return { ...lookMethods(deps, jobs), ...changeMethods(deps, hub, jobs, checks) }
}

function lookMethods({ workspace, data }: ServiceDeps, { watched }: WatchedJobs): Feature<LookMethods> {
  return {
    'data.list': () => data.list(workspace),
    'data.inspect': ({ path }) => data.inspect(workspace, path),
    'data.look': (params) => watched(params.job, (watch) => data.look(workspace, params, watch)),
    'data.neurons': ({ id }) => data.neurons(workspace, id),
    'data.responses': (params) => data.responses(workspace, params),
    'data.uses': ({ id }) => data.uses(workspace, id),
    'data.get': ({ id }) => data.get(workspace, id),
    'data.preview': (params) => data.preview(workspace, params),
  }
}

/** Each change is told to every listener. */
function changeMethods(
  { workspace, demo, data }: ServiceDeps,
  { emit }: Pick<EventHub, 'emit'>,
  { watched, cancel }: WatchedJobs,
  checks: Pick<BackgroundChecks, 'start' | 'again'>,
): Feature<ChangeMethods> {
  return {
    'demo.start': async ({ size }) => {
      const started = await demo.start(workspace, size)
      await workspace.supervisor.tick()
      return started
    },
    'data.add': async (params) => {
      const added = await watched(params.job, (watch) => data.add(workspace, params, watch))
      emit('data.changed', { id: added.id })
      if (added.unchecked) checks.start(added.id)
      return added
    },
    'data.cancel': ({ job }) => {
      cancel(job)
      return OK
    },
    'data.ignore': async (params) => {
      const changed = await data.ignore(workspace, params)
      emit('data.changed', { id: changed.id })
      return changed
    },
    'data.mend': async (params) => {
      const changed = await data.mend(workspace, params)
      emit('data.changed', { id: changed.id })
      if (changed.unchecked) checks.start(changed.id)
      return changed
    },
    'data.check': async ({ id }) => {
      const checked = await checks.again(id)
      emit('data.changed', { id })
      return checked
    },
    'data.export': async (params) => ({ path: await data.export(workspace, params) }),
    'data.relocate': async (params) => {
      const moved = await watched(params.job, (watch) => data.relocate(workspace, params, watch))
      emit('data.changed', { id: moved.id })
      return moved
    },
    'data.remove': async ({ id }) => {
      await data.remove(workspace, id)
      emit('data.changed', { id })
      return OK
    },
    'data.restore': async ({ id }) => {
      const restored = await data.restore(workspace, id)
      emit('data.changed', { id })
      if (restored.unchecked) checks.start(id)
      return restored
    },
  }
}
