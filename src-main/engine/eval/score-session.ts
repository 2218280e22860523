import type { NeuralSession } from '../types.ts'
import { correlationPerUnit, correlationToAverage } from './measures/correlation.ts'
import {
  fev,
  feve,
  feveAbove,
  oracleConservative,
  oracleCross,
  oracleJackknife,
} from './measures/reliability.ts'
import { groupByImage } from './measures/repeated-responses.ts'
import { lossPerUnit, poisson } from './measures/response-losses.ts'
import type { ResponseMatrix } from './measures/response-matrix.ts'
import type { UnitScores } from './measures/unit-scores.ts'
import { poolScores } from './measures/unit-scores.ts'
import type { SessionPredictions } from './predict-responses.ts'

/** Units whose best possible correlation to average is below this say little about a model. */
const RELIABLE_CEILING = 0.5

/** Scores of one session, one value per unit and column; NaN where a measure is undefined. */
export interface SessionScores {
  readonly session: string
  readonly columns: ReadonlyMap<string, Float64Array>
  /** Poisson loss summed over trials and units, as published. */
  readonly poisson: number
  readonly correlation: UnitScores
  /** Different images that the scores are over. */
  readonly images: number
}

const matrix = (p: SessionPredictions, values: Float32Array): ResponseMatrix => ({
  rows: p.trials,
  units: p.units,
  values,
})

/** Poisson loss per unit, summed over its recorded trials (always Poisson, whatever the training loss was). */
const poissonPerUnit = (p: SessionPredictions): UnitScores =>
  lossPerUnit(matrix(p, p.recorded), matrix(p, p.predicted), poisson, 'sum')

/** Correlation and Poisson loss only: what validation needs after every epoch. */
export function quickScores(p: SessionPredictions): {
  readonly correlation: UnitScores
  readonly poisson: number
} {
  const correlation = correlationPerUnit(matrix(p, p.recorded), matrix(p, p.predicted))
  return { correlation, poisson: poissonPerUnit(p).values.reduce((s, v) => s + (Number.isNaN(v) ? 0 : v), 0) }
}

/** Predictions of the first trial of each image, images in ascending order. */
function perImage(p: SessionPredictions, order: Int32Array, offsets: Int32Array): ResponseMatrix {
  const rows = offsets.length - 1
  const values = new Float32Array(rows * p.units)
  for (let image = 0; image < rows; image++) {
    const trial = order[offsets[image]!]!
    values.set(p.predicted.subarray(trial * p.units, (trial + 1) * p.units), image * p.units)
  }
  return { rows, units: p.units, values }
}

/** Every measure of a session's predictions, per unit. Reliability columns only where images were repeated. */
export function scoreSession(p: SessionPredictions, truth: NeuralSession | undefined): SessionScores {
  const { correlation, poisson } = quickScores(p)
  const columns = new Map<string, Float64Array>([
    ['correlation', correlation.values],
    ['poisson', poissonPerUnit(p).values],
  ])
  const { responses, order } = groupByImage(matrix(p, p.recorded), p.image)
  const predictions = perImage(p, order, responses.offsets)
  columns.set('avg_correlation', correlationToAverage(responses, predictions).values)
  if (hasRepeats(responses.offsets)) {
    columns.set('fev', fev(responses).values)
    columns.set('feve', feve(responses, predictions).values)
    columns.set('feve_masked', feveAbove(responses, predictions).values)
    columns.set('oracle', oracleJackknife(responses).values)
    columns.set('oracle_cross', oracleCross(responses).values)
    columns.set('oracle_conservative', oracleConservative(responses).values)
  }
  if (truth?.repeatCeiling !== undefined) columns.set('ceiling', Float64Array.from(truth.repeatCeiling))
  return { session: p.session, columns, poisson, correlation, images: responses.offsets.length - 1 }
}

const hasRepeats = (offsets: Int32Array): boolean =>
  offsets.some((end, i) => i > 0 && end - offsets[i - 1]! > 1)

/** Mean over the units of all sessions that have a value; NaN when none has. */
export function meanOf(sessions: readonly SessionScores[], column: string): number {
  const all = sessions.flatMap((s) => [...(s.columns.get(column) ?? [])]).filter((v) => !Number.isNaN(v))
  return all.reduce((s, v) => s + v, 0) / all.length
}

/** Correlation to average over units whose ceiling is high enough, and the share of the ceiling reached there. */
export function ceilingScores(sessions: readonly SessionScores[]): {
  reliable: number
  fraction: number
  units: number
} {
  let sum = 0
  let share = 0
  let units = 0
  for (const { columns } of sessions) {
    const ceiling = columns.get('ceiling')
    const reached = columns.get('avg_correlation')
    if (ceiling === undefined || reached === undefined) continue
    for (let u = 0; u < ceiling.length; u++) {
      if (!(ceiling[u]! > RELIABLE_CEILING)) continue
      sum += reached[u]!
      share += reached[u]! / ceiling[u]!
      units++
    }
  }
  return { reliable: sum / units, fraction: share / units, units }
}

/** Mean single-trial correlation over all units of all sessions, as early stopping sees it. */
export const meanCorrelation = (scores: readonly UnitScores[]): number => poolScores(scores).mean
