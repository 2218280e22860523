import type { Curve } from '../../../src-shared/contract/run.ts'
import type { HistoryReader } from '../../store/history/run-history.ts'
import type { CurveRequest } from './thin-curve.ts'
import { thinCurve } from './thin-curve.ts'

/** Some curves of one run. */
export interface CurvesWanted {
  readonly id: string
  readonly keys: readonly string[]
  readonly request: CurveRequest
}

/** The wanted curves that the run has. */
export function curvesOfRun(history: HistoryReader, { id, keys, request }: CurvesWanted): Curve[] {
  // A curve names its first step whatever it is drawn along.
  const along = request.along === 'relative' ? [] : [request.along]
  const { series } = history.read(new Set(keys), new Set([...request.places, ...along, 'step']))
  return keys.flatMap((key) => thinCurve(id, key, series, request) ?? [])
}
