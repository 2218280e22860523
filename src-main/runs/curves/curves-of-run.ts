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
  const { series } = history.read(new Set(keys))
  return keys.flatMap((key) => thinCurve(id, key, series, request) ?? [])
}
