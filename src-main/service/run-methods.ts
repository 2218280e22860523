import { CotrainError } from '../../src-shared/contract/errors.ts'
import { LIVE } from '../../src-shared/contract/run.ts'
import { longerConfig } from '../runs/create/continue-training.ts'
import { createRun } from '../runs/create/create-run.ts'
import { exportRun } from '../runs/read/export-run.ts'
import { findRuns } from '../runs/read/find-runs.ts'
import { confusionOf, neuronTables } from '../runs/read/run-arrays.ts'
import { resumeRun } from '../runs/create/resume-run.ts'
import { runDetails } from '../runs/read/run-details.ts'
import { runLogs } from '../runs/read/run-log.ts'
import { tableOf } from '../runs/compare/robustness-table.ts'
import { deviceNamed } from '../runs/queue/placement.ts'
import { stopRun } from '../runs/queue/supervise.ts'
import { validConfig } from './config-methods.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type ReadMethods =
  | 'runs.list'
  | 'runs.get'
  | 'runs.curves'
  | 'runs.log'
  | 'runs.neurons'
  | 'runs.robustness'
  | 'runs.confusion'
  | 'runs.export'
type StartMethods = 'runs.create' | 'runs.stop' | 'runs.resume' | 'runs.continue'
type KeepMethods = 'runs.annotate' | 'runs.remove' | 'runs.restore'

/** Ids of the wire may be short; every method works on the full one. */
export function runMethods(deps: ServiceDeps): Feature<ReadMethods | StartMethods | KeepMethods> {
  return { ...readMethods(deps), ...startMethods(deps), ...keepMethods(deps) }
}

function readMethods({ workspace }: ServiceDeps): Feature<ReadMethods> {
  const { store, curves, options } = workspace
  const full = (id: string): string => store.resolve(id)
  const logs = runLogs(store)
  return {
    'runs.list': (wish) => findRuns(store, options, wish),
    'runs.get': async ({ id: given }) => {
      const id = full(given)
      await curves.prepare(id)
      return runDetails(store, id)
    },
    'runs.curves': ({ ids, keys, ...request }) => curves.read(ids.map(full), keys, request),
    'runs.log': (params) => logs({ ...params, id: full(params.id) }),
    'runs.neurons': ({ id }) => neuronTables(store, full(id)),
    'runs.robustness': ({ id, baseline }) => {
      const other = baseline === null ? null : store.summary(full(baseline))
      return tableOf(full(id), store.summary(full(id)).scores, other)
    },
    'runs.confusion': ({ id }) => confusionOf(store, full(id)),
    'runs.export': ({ id, what }) => exportRun(store, full(id), what),
  }
}

/** What makes a run train, or ends that. */
function startMethods({ workspace }: ServiceDeps): Feature<StartMethods> {
  const { store, queue, supervisor, machine, describeData, shapesOf, folder } = workspace
  const full = (id: string): string => store.resolve(id)
  return {
    'runs.create': async ({ config, force, priority, device, from }) => {
      const uuid = device === null ? null : deviceNamed(await machine.read(), device).uuid
      const created = await createRun({ store, queue, describeData, shapesOf }, validConfig(config), {
        force,
        priority,
        device: uuid,
        folder,
        from: from === null ? null : full(from),
      })
      await supervisor.tick()
      return created
    },
    'runs.stop': async ({ id, when }) => {
      await stopRun(store, queue, full(id), when)
      return OK
    },
    'runs.resume': async ({ id }) => {
      await resumeRun(workspace, full(id), 'resume')
      await supervisor.tick()
      return OK
    },
    'runs.continue': async ({ id, ...wish }) => {
      const record = store.read(full(id))
      const { config, note } = longerConfig(store, record, wish)
      const created = await createRun({ store, queue, describeData, shapesOf }, config, {
        folder: record.folder,
      })
      await supervisor.tick()
      return { ...created, note }
    },
  }
}

/** What people note about a run, and whether it is kept. */
function keepMethods({ workspace }: ServiceDeps): Feature<KeepMethods> {
  const { store, queue } = workspace
  const full = (id: string): string => store.resolve(id)
  return {
    'runs.annotate': ({ id, note, tags, star, name }) => {
      const change = { ...(note === undefined ? {} : { note }), ...(tags === undefined ? {} : { tags }) }
      return store.annotate(full(id), {
        ...change,
        ...(star === undefined ? {} : { star }),
        ...(name === undefined ? {} : { name }),
      })
    },
    'runs.remove': async ({ id: given }) => {
      const id = full(given)
      const { status, name, readable } = store.list().runs.find((run) => run.id === id) ?? store.summary(id)
      if (readable && LIVE.has(status)) {
        const message = `"${name}" is ${status}.`
        throw new CotrainError({ code: 'run-state', path: id.slice(0, 10), message, hint: 'Stop it first.' })
      }
      if (readable && status === 'queued') await stopRun(store, queue, id, 'now')
      store.remove(id)
      return OK
    },
    'runs.restore': ({ id }) => {
      store.restore(id)
      return OK
    },
  }
}
