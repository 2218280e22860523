import { resolve } from 'node:path'
import { analyseRun } from '../runs/analyse/analyse-run.ts'
import { exportAnalysis } from '../runs/analyse/export-analysis.ts'
import { analysedRdms, analysedUnits, analysesOf, readWhole } from '../runs/analyse/read-analysis.ts'
import { removeAnalysis } from '../runs/analyse/kept-analysis.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'
import type { WatchedJobs } from './watched-jobs.ts'

type AnalyseMethods =
  | 'runs.analyse'
  | 'runs.analyses'
  | 'runs.analysedUnits'
  | 'runs.analysedRdms'
  | 'runs.exportAnalysis'
  | 'runs.removeAnalysis'

/** What units of finished networks read, prefer and are excited by, and what their layers are alike to. */
export function analyseMethods(
  { workspace }: ServiceDeps,
  { watched }: Pick<WatchedJobs, 'watched'>,
): Feature<AnalyseMethods> {
  const { store } = workspace
  const full = (id: string): string => store.resolve(id)
  return {
    'runs.analyse': ({ job, id, others, ...wish }) =>
      watched(job, (watch) =>
        analyseRun(workspace, { ...wish, id: full(id), others: others.map(full) }, watch),
      ),
    'runs.analyses': ({ id }) => analysesOf(store, full(id)),
    'runs.analysedUnits': ({ id, key, units }) => analysedUnits(store, full(id), key, units),
    'runs.analysedRdms': ({ id, key, names }) => analysedRdms(store, full(id), key, names),
    'runs.exportAnalysis': async ({ id, key, to }) => {
      const path = resolve(workspace.folder, to)
      return { path, written: await exportAnalysis(readWhole(store, full(id), key), path) }
    },
    'runs.removeAnalysis': async ({ id, key }) => {
      await removeAnalysis(store, full(id), key)
      return OK
    },
  }
}
