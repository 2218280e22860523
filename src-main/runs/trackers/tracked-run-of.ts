import { stringify } from 'yaml'
import { leavesOf } from '../../../src-shared/schema/diff.ts'
import type { RunStatus } from '../../../src-shared/contract/run.ts'
import type { TrackedCurve, TrackedRun } from '../../io/trackers/tracked-run.ts'
import { readResult } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { neuronTables } from '../read/run-arrays.ts'

const STATUS: Readonly<Record<RunStatus, TrackedRun['status']>> = {
  queued: 'running',
  preparing: 'running',
  running: 'running',
  stopping: 'running',
  finished: 'finished',
  diverged: 'failed',
  failed: 'failed',
  stopped: 'stopped',
  interrupted: 'stopped',
}

/** A run of the store as experiment trackers see one; metrics are complete, never thinned. */
export function trackedRunOf(store: RunStore, id: string): TrackedRun {
  const record = store.read(id)
  const { name, tags, note } = store.summary(id)
  const scores = readResult(store.files(id).folder)?.scores ?? record.scores
  return {
    id,
    name: `${name}, seed ${record.config.seed}`,
    group: record.identity.group,
    status: STATUS[record.status],
    startedAt: record.startedAt ?? record.createdAt,
    endedAt: record.endedAt,
    options: optionsOf(record.config),
    config: stringify(record.config),
    notes: note,
    tags,
    curves: curvesOf(store, id, record.startedAt ?? record.createdAt),
    scores: new Map(Object.entries(scores).flatMap(([key, v]) => (v === null ? [] : [[key, v]]))),
    units: unitsOf(store, id),
  }
}

/** What says what a run was given; lists and what is left open are their JSON. */
function optionsOf(config: object): TrackedRun['options'] {
  const options = new Map<string, boolean | number | string>()
  for (const [path, value] of leavesOf(config)) {
    const isPlain = typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string'
    if (value !== undefined) options.set(path, isPlain ? value : JSON.stringify(value))
  }
  return options
}

function curvesOf(store: RunStore, id: string, startedAt: number): TrackedCurve[] {
  const { series } = store.history(id).read()
  return [...series.keys].map(([key, { rows, value }]) => ({
    key,
    points: Array.from(rows, (row, i) => ({
      step: series.step[row] ?? 0,
      at: startedAt + 1000 * (series.elapsed[row] ?? 0),
      value: value[i] ?? Number.NaN,
    })),
  }))
}

const unitsOf = (store: RunStore, id: string): TrackedRun['units'] =>
  neuronTables(store, id).flatMap(({ area, session, columns }) =>
    Object.entries(columns).map(([measure, values]) => ({
      name: `${area.toUpperCase()}/${session}/${measure}`,
      values: Float64Array.from(values, (value) => value ?? Number.NaN),
    })),
  )
