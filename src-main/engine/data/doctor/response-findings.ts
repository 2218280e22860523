import type { NeuralSession } from '../../types.ts'
import { type Finding, nameSome } from './finding.ts'
import type { ResponseStatistics } from './response-statistics.ts'

/** Mean jackknife oracle below which responses hardly follow the pictures. */
const LOW_ORACLE = 0.02
/** Fano factors of cortical counts lie between about 0.5 and 3; beyond 10 something else varies. */
const HIGH_FANO = 10
/** Repeats on which oracle and explainable variance can be estimated at all. */
const FEW_REPEATS = 2
const TEST_TIERS = [3, 4]

/** Reliability of the units, where there are repeats. */
export interface Reliability {
  readonly meanOracle: number
  readonly meanExplainableVariance: number
}

/** What to know about the recordings of one session. */
export function responseFindings(
  session: NeuralSession,
  stats: ResponseStatistics,
  reliability: Reliability | null,
): Finding[] {
  return [
    ...unitFindings(session, stats),
    ...missingFindings(stats),
    ...repeatFindings(session, stats),
    ...reliabilityFindings(reliability),
  ]
}

function unitFindings(session: NeuralSession, { units }: ResponseStatistics): Finding[] {
  const dead = units.filter(({ min, max }) => !(max > min)).map(({ id }) => id)
  const wild = units.filter(({ fano, min }) => fano > HIGH_FANO && min >= 0).map(({ id }) => id)
  const copies = duplicateUnits(session).map(([a, b]) => `${b} of ${a}`)
  const findings: Finding[] = []
  if (dead.length > 0)
    findings.push({
      code: 'dead-units',
      severity: 'warning',
      message: `${dead.length} units never change: ${nameSome(dead)}.`,
      reason: 'Correlations are undefined for them and they lower the mean score.',
      fix: 'Leave these units out.',
    })
  if (copies.length > 0)
    findings.push({
      code: 'duplicate-units',
      severity: 'warning',
      message: `${copies.length} units have the responses of another one: ${nameSome(copies)}.`,
      reason: 'They count twice; usually a channel was exported twice.',
      fix: 'Leave one of each pair out.',
    })
  if (wild.length > 0)
    findings.push({
      code: 'high-fano',
      severity: 'info',
      message: `${wild.length} units have a Fano factor above ${HIGH_FANO}: ${nameSome(wild)}.`,
      reason: 'Single artefacts can dominate the Poisson loss.',
      fix: 'Look at their histograms for outliers.',
    })
  return findings
}

/** Pairs of units with equal responses on every trial, first of each group with each other one. */
export function duplicateUnits({
  units,
  responses,
}: Pick<NeuralSession, 'units' | 'responses'>): [string, string][] {
  const first = new Map<string, number>()
  const pairs: [string, string][] = []
  units.forEach((id, unit) => {
    const column: number[] = []
    for (let i = unit; i < responses.length; i += units.length) column.push(responses[i] as number) // i < length
    if (column.every((value) => value === column[0])) return // dead units have a finding of their own
    const key = column.join()
    const before = first.get(key)
    if (before === undefined) first.set(key, unit)
    else pairs.push([units[before] ?? '', id])
  })
  return pairs
}

function missingFindings({ units, missing, trials }: ResponseStatistics): Finding[] {
  const empty = units.filter((unit) => unit.missing === trials).map(({ id }) => id)
  const findings: Finding[] = []
  if (missing > 0)
    findings.push({
      code: 'missing-responses',
      severity: 'info',
      message: `${missing} of ${trials * units.length} responses are missing (NaN).`,
      reason: 'They are left out of the loss and of every measure.',
      fix: 'Nothing, if these trials were not recorded.',
    })
  if (empty.length > 0)
    findings.push({
      code: 'empty-units',
      severity: 'warning',
      message: `${empty.length} units have no response at all: ${nameSome(empty)}.`,
      reason: 'They cannot be trained or scored.',
      fix: 'Leave these units out.',
    })
  return findings
}

function repeatFindings(session: NeuralSession, { tiers, repeats }: ResponseStatistics): Finding[] {
  const isTest = (trial: number): boolean => TEST_TIERS.includes(session.tier[trial] as number) // trial < trials
  const hasTest = TEST_TIERS.some((tier) => (tiers[tier] ?? 0) > 0)
  const counts = new Map<number, number>()
  session.imageIndex.forEach((image, trial) => {
    if (isTest(trial)) counts.set(image, (counts.get(image) ?? 0) + 1)
  })
  const single = [...counts.values()].filter((count) => count < FEW_REPEATS).length
  const trained = new Set(session.imageIndex.filter((_, trial) => !isTest(trial)))
  const shared = [...counts.keys()].filter((image) => trained.has(image))
  const findings: Finding[] = []
  if (!hasTest)
    findings.push({
      code: 'no-test-trials',
      severity: 'info',
      message: 'The session names no test trials.',
      reason: 'Test scores need pictures that training never sees.',
      fix: 'Set a test share when the data is split.',
    })
  if (repeats.max < FEW_REPEATS || (hasTest && single > 0))
    findings.push({
      code: 'no-repeats',
      severity: 'warning',
      message: hasTest
        ? `${single} of ${counts.size} test pictures were shown once only.`
        : 'No picture was shown more than once.',
      reason: 'Noise ceilings (oracle, explainable variance, FEVE) need repeats.',
      fix: 'Use correlation scores, or a test set with repeats.',
    })
  if (shared.length > 0)
    findings.push({
      code: 'test-images-in-training',
      severity: 'error',
      message: `${shared.length} test pictures are also shown in training trials (positions ${nameSome(shared)}).`,
      reason: 'Scores on pictures seen in training say nothing about new ones.',
      fix: 'Move all trials of a picture to one tier.',
    })
  return findings
}

function reliabilityFindings(reliability: Reliability | null): Finding[] {
  if (!reliability || !(reliability.meanOracle < LOW_ORACLE)) return []
  return [
    {
      code: 'responses-unrelated-to-images',
      severity: 'error',
      message: `Repeats of the same picture agree no better than chance: mean oracle correlation ${reliability.meanOracle.toFixed(3)}.`,
      reason: 'Either the units do not respond to the pictures, or image ids and responses are out of step.',
      fix: 'Check that ids start where the pictures start (0 or 1) and that trials were not sorted separately.',
    },
  ]
}
