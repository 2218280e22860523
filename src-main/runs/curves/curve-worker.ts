import type { Curve } from '../../../src-shared/contract/run.ts'
import { serveThread } from '../../process/serve-thread.ts'
import { openHistory } from '../../store/history/run-history.ts'
import type { CurvesWanted } from './curves-of-run.ts'
import { curvesOfRun } from './curves-of-run.ts'

/** One log to read; without a wish its columns are only stored. */
export interface CurveJob {
  readonly events: string
  readonly stored: string
  readonly wanted: CurvesWanted | null
}

/** Thread that reads the histories of runs: parsing a long log must not keep the service from answering. */
serveThread(({ events, stored, wanted }: CurveJob): Curve[] => {
  const history = openHistory(events, stored)
  if (wanted !== null) return curvesOfRun(history, wanted)
  history.read(new Set()) // puts the columns where they are found again
  return []
})
