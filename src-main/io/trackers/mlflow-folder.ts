import { stringify } from 'yaml'
import type { TrackedCurve, TrackedRun } from './tracked-run.ts'

/** A file below the folder of a run or of all experiments; `path` is relative, with slashes. */
export interface MlflowFile {
  readonly path: string
  readonly text: string
}

/** The experiment that exported runs belong to; MLflow itself uses 0 for its default one. */
const EXPERIMENT = { id: '7026000000000000001', name: 'CoTrain' }
/** Longest value of a parameter that MLflow's clients take. */
const LONGEST_PARAM = 6000
/** RunStatus of mlflow/protos/service.proto. */
const STATUS: Readonly<Record<TrackedRun['status'], number>> = {
  running: 1,
  finished: 3,
  failed: 4,
  stopped: 5,
}

/** What makes a folder an experiment; the folder of its runs lies beside it. */
export const mlflowExperiment = (folderUri: string, at: number): MlflowFile => ({
  path: `${EXPERIMENT.id}/meta.yaml`,
  text: stringify({
    artifact_location: `${folderUri}/${EXPERIMENT.id}`,
    creation_time: at,
    experiment_id: EXPERIMENT.id,
    last_update_time: at,
    lifecycle_stage: 'active',
    name: EXPERIMENT.name,
  }),
})

/** Folder of a run below that of all experiments. */
export const mlflowRunFolder = (run: Pick<TrackedRun, 'id'>): string => `${EXPERIMENT.id}/${mlflowId(run)}`

/**
 * The files of a run of that experiment: meta.yaml, one file for each parameter, metric and tag, and the config as an artifact. Layout: mlflow
 * 2 and 3, store/tracking/file_store.py. A metric is a line "time value step" for each point.
 */
export function mlflowRun(run: TrackedRun, folderUri: string): MlflowFile[] {
  const id = mlflowId(run)
  const meta = {
    artifact_uri: `${folderUri}/${mlflowRunFolder(run)}/artifacts`,
    end_time: run.endedAt,
    entry_point_name: '',
    experiment_id: EXPERIMENT.id,
    lifecycle_stage: 'active',
    run_id: id,
    run_name: run.name,
    run_uuid: id,
    source_name: '',
    source_type: 4,
    source_version: '',
    start_time: run.startedAt,
    status: STATUS[run.status],
    tags: [],
    user_id: '',
  }
  const tags: readonly (readonly [string, string])[] = [
    ['mlflow.runName', run.name],
    ['mlflow.note.content', run.notes],
    ['cotrain.id', run.id],
    ['cotrain.group', run.group],
    ['cotrain.tags', run.tags.join(', ')],
  ]
  const end = run.endedAt ?? run.startedAt
  const last = run.curves
    .flatMap(({ points }) => points.at(-1)?.step ?? 0)
    .reduce((a, b) => Math.max(a, b), 0)
  const finals = [...run.scores].map(([key, value]): TrackedCurve => ({
    key: `final/${key}`,
    points: [{ step: last, at: end, value }],
  }))
  return [
    { path: 'meta.yaml', text: stringify(meta) },
    ...[...run.options].map(([path, value]) => ({
      path: `params/${mlflowKey(path)}`,
      text: String(value).slice(0, LONGEST_PARAM),
    })),
    ...tags.filter(([, text]) => text !== '').map(([key, text]) => ({ path: `tags/${key}`, text })),
    ...[...run.curves, ...finals].map(({ key, points }) => ({
      path: `metrics/${mlflowKey(key)}`,
      text: points.map((p) => `${Math.round(p.at)} ${valueText(p.value)} ${p.step}\n`).join(''),
    })),
    { path: 'artifacts/config.yaml', text: run.config },
  ]
}

/** MLflow's ids are 32 hexadecimal digits. */
const mlflowId = ({ id }: Pick<TrackedRun, 'id'>): string => id.slice(0, 32).padEnd(32, '0')

/** Python reads "nan", not "NaN". */
const valueText = (value: number): string =>
  Number.isNaN(value) ? 'nan' : Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf'

/**
 * A name as MLflow takes it: letters, digits, `_`, `-`, `.`, space, `:` and `/`, no step upwards and no empty part. What a
 * name has beside these becomes `_`; the metric keys and options of ours have none.
 */
const mlflowKey = (key: string): string =>
  key
    .split('/')
    .map((part) => part.replace(/[^\w.\- :]/g, '_').replace(/^\.*$/, '_'))
    .join('/')
