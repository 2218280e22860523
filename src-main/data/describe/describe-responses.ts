import type { DataAccount } from '../../../src-shared/contract/account.ts'
import { checkSession, type SessionReport } from '../../io/canonical/check-canonical.ts'
import type { NeuralSession } from '../../engine/types.ts'
import { responseStatistics } from '../../engine/data/doctor/response-statistics.ts'
import { importNotes } from '../../io/canonical/import-notes.ts'
import { readSession } from '../../io/canonical/neural-session.ts'
import type { CanonicalFile } from '../../io/canonical/read.ts'
import type { DataDeps } from '../content/data-deps.ts'
import type { DataContent, DataSession } from './library-content.ts'
import { leftOutFindings } from './left-out-findings.ts'
import { stimulusFindings } from './stimulus-findings.ts'
import { between, pixelFact, plural, rounded } from './library-content.ts'

const NO_AREA = 'area not stated'
const TIERS = ['pool', 'training', 'validation', 'test', 'final test'] as const

const meanOf = (values: ArrayLike<number>): number => {
  const known = Array.from(values).filter((v) => Number.isFinite(v))
  return known.reduce((a, b) => a + b, 0) / known.length
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** outline: what is counted at once. full: reliability, and findings of responses and images, which takes a while. */
type Depth = 'outline' | 'full'

/** Reports of every session; areas beyond V1 and V4 are looked at as V1. */
async function sessionReports(
  file: CanonicalFile,
  depth: Depth,
  progress: DataDeps['progress'],
): Promise<SessionReport[]> {
  const reports: SessionReport[] = []
  for (const [done, key] of file.sessionKeys.entries()) {
    progress?.('checking the responses', done / file.sessionKeys.length)
    const area = file.session(key).area.toLowerCase()
    const session = readSession(file, key, area === 'v1' || area === 'v4' ? {} : { area: 'v1' })
    reports.push(depth === 'full' ? await checkSession(session) : outlineOf(session))
  }
  return reports
}

const outlineOf = (session: NeuralSession): SessionReport => ({
  key: session.key,
  area: session.area,
  statistics: responseStatistics(session),
  reliability: null,
  findings: [],
})

/** Sessions, units, trials, repeats, reliability and findings of a data file. */
export async function describeResponses(
  file: CanonicalFile,
  depth: Depth = 'full',
  progress?: DataDeps['progress'],
): Promise<DataContent> {
  const reports = await sessionReports(file, depth, progress)
  if (depth === 'full') progress?.('comparing the images', null)
  const notes = importNotes(file)
  const { length, height, width, channels } = file.images.source
  const facts = [
    { label: 'Images', value: `${length.toLocaleString('en')} of ${height} x ${width} x ${channels}` },
    pixelFact(file.images.source.pixels),
    { label: 'Sessions', value: String(reports.length) },
    ...reports.flatMap(sessionFacts),
  ]
  const units = reports.reduce((n, r) => n + r.statistics.units.length, 0)
  const trials = reports.reduce((n, r) => n + r.statistics.trials, 0)
  const areaOf = (key: string): string => file.session(key).area.toUpperCase() || NO_AREA
  const areas = [...new Set(reports.map(({ key }) => areaOf(key)))].join(' and ')
  const sessions = reports.map((report) => ({ ...sessionOf(report), area: areaOf(report.key) }))
  const findings = reports.flatMap(({ key, findings }) =>
    findings.map((f) => ({
      ...f,
      ...(reports.length > 1 && { message: `Session ${key}: ${f.message}` }),
      where: { ...f.where, session: key },
    })),
  )
  return {
    summary: `${areas}: ${plural(reports.length, 'session')}, ${plural(units, 'unit')}, ${plural(trials, 'trial')}, ${plural(length, 'image')}`,
    facts,
    sessions,
    stimuli: { height, width, channels },
    choices: [...notes.choices],
    findings: [
      ...leftOutFindings(file.left),
      ...notes.findings,
      ...(depth === 'full' ? await stimulusFindings(file) : []),
      ...findings,
    ],
    account: {
      used: [
        { kind: 'image', name: 'images', content: plural(length, 'image') },
        ...sessions.map(usedSession),
      ],
      left: [...file.left],
    },
  }
}

function sessionFacts({
  key,
  statistics: s,
  reliability,
}: SessionReport): { label: string; value: string }[] {
  const tiers = s.tiers.flatMap((count, tier) => (count > 0 ? [`${count} ${TIERS[tier] ?? ''}`] : []))
  const facts = [
    ['Units', String(s.units.length)],
    ['Trials', `${s.trials} (${tiers.join(', ')})`],
    ['Images shown', String(s.images)],
    [
      'Trials per image',
      s.repeats.min === s.repeats.max
        ? String(s.repeats.min)
        : `${between(s.repeats.min, s.repeats.max)}, mean ${rounded(s.repeats.mean)}`,
    ],
    ['Mean response', rounded(meanOf(s.units.map((u) => u.mean)))],
    ['Fano factor', rounded(meanOf(s.units.map((u) => u.fano)))],
    ['Missing responses', String(s.missing)],
    ...(reliability === null
      ? []
      : [
          ['Oracle correlation', rounded(meanOf(reliability.oracle))],
          ['Explainable variance', rounded(meanOf(reliability.explainableVariance))],
        ]),
  ] as const
  return facts.map(([label, value]) => ({ label: `${label}, ${key}`, value: value ?? '' }))
}

const usedSession = ({ session, units, trials, tiers }: DataSession): DataAccount['used'][number] => ({
  kind: 'session',
  name: session,
  content: `${plural(units, 'unit')}, ${plural(trials, 'trial')} (${tiers.map((t) => `${t.trials} ${t.name}`).join(', ')})`,
})

function sessionOf({ key, area, statistics: s, reliability }: SessionReport): DataSession {
  return {
    session: key,
    area: area.toUpperCase(),
    units: s.units.length,
    trials: s.trials,
    tiers: s.tiers.flatMap((trials, tier) => (trials > 0 ? [{ name: TIERS[tier] ?? '', trials }] : [])),
    images: s.images,
    repeats: { least: s.images === 0 ? 0 : s.repeats.min, mean: s.repeats.mean, most: s.repeats.max },
    meanResponse: orNull(meanOf(s.units.map((u) => u.mean))),
    least: orNull(s.units.reduce((least, { min }) => Math.min(least, min), Infinity)),
    fano: orNull(meanOf(s.units.map((u) => u.fano))),
    missing: s.missing,
    oracle: reliability === null ? null : orNull(meanOf(reliability.oracle)),
    explainableVariance: reliability === null ? null : orNull(meanOf(reliability.explainableVariance)),
  }
}
