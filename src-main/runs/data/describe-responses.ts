import { checkSession, type SessionReport } from '../../io/canonical/check-canonical.ts'
import { readSession } from '../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import type { DataContent } from './library-content.ts'
import { plural, rounded } from './library-content.ts'

const TIERS = ['pool', 'training', 'validation', 'test', 'final test'] as const

/** Reports of every session; areas beyond V1 and V4 are looked at as V1. */
export async function sessionReports(file: CanonicalFile): Promise<SessionReport[]> {
  const reports: SessionReport[] = []
  for (const key of file.sessionKeys) {
    const area = file.session(key).area.toLowerCase()
    const session = readSession(file, key, area === 'v1' || area === 'v4' ? {} : { area: 'v1' })
    reports.push(await checkSession(session))
  }
  return reports
}

/** Sessions, units, trials, repeats, reliability and findings of a data file. */
export async function describeResponses(file: CanonicalFile): Promise<DataContent> {
  const reports = await sessionReports(file)
  const { length, height, width, channels } = file.images.source
  const facts = [
    { label: 'Pictures', value: `${length} of ${height} x ${width} x ${channels}` },
    { label: 'Sessions', value: String(reports.length) },
    ...reports.flatMap(sessionFacts),
  ]
  const units = reports.reduce((n, r) => n + r.statistics.units.length, 0)
  const trials = reports.reduce((n, r) => n + r.statistics.trials, 0)
  const areas = [...new Set(reports.map((r) => r.area.toUpperCase()))].join(' and ')
  const findings = reports.flatMap(({ key, findings }) =>
    findings.map((f) => (reports.length === 1 ? f : { ...f, message: `Session ${key}: ${f.message}` })),
  )
  return {
    summary: `${areas}: ${plural(reports.length, 'session')}, ${plural(units, 'unit')}, ${plural(trials, 'trial')}, ${plural(length, 'picture')}`,
    facts,
    findings,
  }
}

function sessionFacts({
  key,
  statistics: s,
  reliability,
}: SessionReport): { label: string; value: string }[] {
  const of = (values: readonly number[]): number => {
    const known = values.filter((v) => Number.isFinite(v))
    return known.reduce((a, b) => a + b, 0) / known.length
  }
  const tiers = s.tiers.flatMap((count, tier) => (count > 0 ? [`${count} ${TIERS[tier] ?? ''}`] : []))
  const facts = [
    ['Units', String(s.units.length)],
    ['Trials', `${s.trials} (${tiers.join(', ')})`],
    ['Pictures shown', String(s.images)],
    ['Trials per picture', `${s.repeats.min} to ${s.repeats.max}, mean ${rounded(s.repeats.mean)}`],
    ['Mean response', rounded(of(s.units.map((u) => u.mean)))],
    ['Fano factor', rounded(of(s.units.map((u) => u.fano)))],
    ['Missing responses', String(s.missing)],
    ...(reliability === null
      ? []
      : [
          ['Oracle correlation', rounded(of(Array.from(reliability.oracle)))],
          ['Explainable variance', rounded(of(Array.from(reliability.explainableVariance)))],
        ]),
  ] as const
  return facts.map(([label, value]) => ({ label: `${label}, ${key}`, value: value ?? '' }))
}
