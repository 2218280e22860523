import type { NeuralSession } from '../../engine/types.ts'
import { alignmentFindings, alignmentScores } from '../../engine/data/doctor/alignment.ts'
import type { Finding } from '../../engine/data/doctor/finding.ts'
import { type Reliability, responseFindings } from '../../engine/data/doctor/response-findings.ts'
import { type ResponseStatistics, responseStatistics } from '../../engine/data/doctor/response-statistics.ts'
import { explainableVariance, fev, oracleJackknife } from '../../engine/eval/measures/reliability.ts'
import { groupByImage, type RepeatedResponses } from '../../engine/eval/measures/repeated-responses.ts'
import { readSession } from './neural-session.ts'
import type { CanonicalFile } from './read.ts'

/** Reliability over all images with repeats. [units] each; NaN where a unit has none. */
export interface SessionReliability {
  readonly oracle: Float64Array
  readonly explainableVariance: Float64Array
  readonly fev: Float64Array
}

export interface SessionReport {
  readonly key: string
  readonly area: string
  readonly statistics: ResponseStatistics
  readonly reliability: SessionReliability | null
  readonly findings: readonly Finding[]
}

/** Statistics and findings of one session. */
export async function checkSession(session: NeuralSession): Promise<SessionReport> {
  const statistics = responseStatistics(session)
  const reliability = sessionReliability(session, statistics)
  const summary: Reliability | null = reliability && {
    meanOracle: mean(reliability.oracle),
    meanExplainableVariance: mean(reliability.explainableVariance),
  }
  const findings = [
    ...responseFindings(session, statistics, summary),
    ...alignmentFindings(await alignmentScores(session)),
  ]
  return { key: session.key, area: session.area, statistics, reliability, findings }
}

/** Reports of all sessions of a data file. */
export async function checkCanonical(file: CanonicalFile): Promise<SessionReport[]> {
  const reports: SessionReport[] = []
  for (const key of file.sessionKeys) reports.push(await checkSession(readSession(file, key)))
  return reports
}

/** Reliability of the units; null where no image repeats. */
export function sessionReliability(
  session: NeuralSession,
  { repeats }: Pick<ResponseStatistics, 'repeats'>,
): SessionReliability | null {
  if (repeats.max < 2) return null
  const trials = { rows: session.imageIndex.length, units: session.units.length, values: session.responses }
  const repeated: RepeatedResponses = groupByImage(trials, session.imageIndex).responses
  return {
    oracle: oracleJackknife(repeated).values,
    explainableVariance: explainableVariance(repeated).values,
    fev: fev(repeated).values,
  }
}

const mean = (values: Float64Array): number => {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.reduce((a, b) => a + b, 0) / known.length
}
