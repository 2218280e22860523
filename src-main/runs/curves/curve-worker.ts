import { parentPort } from 'node:worker_threads'
import { toProblems } from '../../../src-shared/contract/errors.ts'
import { openHistory } from '../../store/history/run-history.ts'
import type { CurveAnswer, CurveJob } from './curve-pool.ts'
import { curvesOfRun } from './curves-of-run.ts'

/** Thread that reads the histories of runs: parsing a long log must not keep the service from answering. */
function answer({ events, stored, wanted }: CurveJob): CurveAnswer {
  try {
    const history = openHistory(events, stored)
    if (wanted !== null) return { curves: curvesOfRun(history, wanted) }
    history.read(new Set()) // puts the columns where they are found again
    return { curves: [] }
  } catch (error) {
    return { problems: toProblems(error) }
  }
}

parentPort?.on('message', (job: CurveJob) => parentPort?.postMessage(answer(job)))
