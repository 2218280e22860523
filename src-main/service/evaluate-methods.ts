import { evaluateRuns, predictWith } from '../runs/evaluate/evaluate-runs.ts'
import { evaluatedNeurons, evaluationsOf } from '../runs/read/run-arrays.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import type { WatchedJobs } from './watched-jobs.ts'

type EvaluateMethods = 'runs.evaluate' | 'runs.evaluations' | 'runs.evaluatedNeurons' | 'runs.predict'

/** Finished networks on other data. */
export function evaluateMethods(
  { workspace }: ServiceDeps,
  { watched }: Pick<WatchedJobs, 'watched'>,
): Feature<EvaluateMethods> {
  const { store } = workspace
  const full = (id: string): string => store.resolve(id)
  return {
    'runs.evaluate': ({ job, ids, ...wish }) =>
      watched(job, (watch) => evaluateRuns(workspace, { ...wish, ids: ids.map(full) }, watch)),
    'runs.evaluations': ({ id }) => evaluationsOf(store, full(id)),
    'runs.evaluatedNeurons': ({ id, key }) => evaluatedNeurons(store, full(id), key),
    'runs.predict': ({ job, ids, ...wish }) =>
      watched(job, (watch) => predictWith(workspace, { ...wish, ids: ids.map(full) }, watch)),
  }
}
