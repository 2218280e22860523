import type { NeuralSession } from '../../types.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { type Finding, firstPlaces, nameSome } from './finding.ts'
import type { ResponseStatistics, UnitStatistics } from './response-statistics.ts'
import { suspectFindings } from './suspect-values.ts'

/** Mean jackknife oracle below which responses hardly follow the images. */
const LOW_ORACLE = 0.02
/** Fano factors of cortical counts lie between about 0.5 and 3; beyond 10 something else varies. */
const HIGH_FANO = 10
/** Repeats on which oracle and explainable variance can be estimated at all. */
const FEW_REPEATS = 2
const TEST_TIERS = [3, 4]
/** Share of missing responses that somebody should have a reason for. */
const MANY_MISSING = 0.05

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
    ...suspectFindings(session),
    ...missingFindings(stats),
    ...repeatFindings(session, stats),
    ...reliabilityFindings(reliability),
  ]
}

/** One value on every trial; units without any value have a finding of their own. */
export const isDead = ({ min, max }: Pick<UnitStatistics, 'min' | 'max'>): boolean => max === min

function unitFindings(session: NeuralSession, { units }: ResponseStatistics): Finding[] {
  const dead = units.filter(isDead).map(({ id }) => id)
  const wild = units.filter(({ fano, min }) => fano > HIGH_FANO && min >= 0).map(({ id }) => id)
  const pairs = duplicateUnits(session)
  const copies = pairs.map(([a, b]) => `${b} of ${a}`)
  const findings: Finding[] = []
  if (dead.length > 0)
    findings.push({
      code: 'dead-units',
      severity: 'warning',
      message: `${counted(dead.length, 'unit never changes', 'units never change')}: ${nameSome(dead)}.`,
      reason: 'Correlations are undefined for them and they lower the mean score.',
      fix: 'Leave these units out.',
      where: { field: 'responses', units: firstPlaces(dead) },
    })
  if (copies.length > 0)
    findings.push({
      code: 'duplicate-units',
      severity: 'warning',
      message: `${counted(copies.length, 'unit has', 'units have')} the responses of another one: ${nameSome(copies)}.`,
      reason: 'They count twice; usually a channel was exported twice.',
      fix: 'Leave one of each pair out.',
      where: { field: 'responses', units: firstPlaces(pairs.flat()) },
    })
  if (wild.length > 0)
    findings.push({
      code: 'high-fano',
      severity: 'info',
      message: `${counted(wild.length, 'unit has', 'units have')} a Fano factor above ${HIGH_FANO}: ${nameSome(wild)}.`,
      reason: 'Single artefacts can dominate the Poisson loss.',
      fix: 'Look at their histograms for outliers.',
      where: { field: 'responses', units: firstPlaces(wild) },
    })
  return findings
}

/** Pairs of units with equal responses on every trial, first of each group with each other one. */
export function duplicateUnits({
  units,
  responses,
}: Pick<NeuralSession, 'units' | 'responses'>): [string, string][] {
  const sums = checksums(units.length, responses)
  const firsts = new Map<number, number[]>()
  const pairs: [string, string][] = []
  units.forEach((id, unit) => {
    if (neverChanges(responses, units.length, unit)) return // dead units have a finding of their own
    const alike = firsts.get(sums[unit]!) ?? [] // one of each group of equal ones
    const first = alike.find((other) => areAlike(responses, units.length, other, unit))
    if (first === undefined) firsts.set(sums[unit]!, [...alike, unit])
    else pairs.push([units[first] ?? '', id])
  })
  return pairs
}

/** A number for the responses of each unit; equal responses have equal numbers. Reads them in their order, which is many times faster. */
function checksums(units: number, responses: ArrayLike<number>): Uint32Array {
  const sums = new Uint32Array(units)
  const value = new Float32Array(1)
  const bits = new Uint32Array(value.buffer)
  for (let i = 0, unit = 0; i < responses.length; i++, unit = unit + 1 === units ? 0 : unit + 1) {
    value[0] = responses[i]! + 0 // -0 is 0
    if (Number.isNaN(value[0])) bits[0] = 1 // there are many of it
    sums[unit] = Math.imul(sums[unit]! ^ bits[0]!, 0x01000193) + (sums[unit]! >>> 15)
  }
  return sums
}

function neverChanges(responses: ArrayLike<number>, units: number, unit: number): boolean {
  for (let i = unit; i < responses.length; i += units) if (responses[i] !== responses[unit]) return false
  return true
}

/** Whether two units respond alike on every trial; missing responses are alike. */
function areAlike(responses: ArrayLike<number>, units: number, a: number, b: number): boolean {
  for (let row = 0; row < responses.length; row += units)
    if (
      responses[row + a] !== responses[row + b] &&
      !(isMissing(responses[row + a]) && isMissing(responses[row + b]))
    )
      return false
  return true
}

const isMissing = (value: number | undefined): boolean => Number.isNaN(value)

function missingFindings({ units, missing, trials }: ResponseStatistics): Finding[] {
  const empty = units.filter((unit) => unit.missing === trials).map(({ id }) => id)
  const partly = units.filter((unit) => unit.missing > 0).map(({ id }) => id)
  const share = missing / Math.max(1, trials * units.length)
  const findings: Finding[] = []
  if (missing > 0)
    findings.push({
      code: 'missing-responses',
      severity: share > MANY_MISSING ? 'warning' : 'info',
      message: `${missing} of ${trials * units.length} responses are missing (NaN), in ${partly.length} of ${units.length} units.`,
      reason: 'They are left out of the loss and of every measure.',
      fix: 'Nothing, if these trials were not recorded; otherwise export them again.',
      where: { field: 'responses', units: firstPlaces(partly) },
    })
  if (empty.length > 0)
    findings.push({
      code: 'empty-units',
      severity: 'warning',
      message: `${counted(empty.length, 'unit has', 'units have')} no response at all: ${nameSome(empty)}.`,
      reason: 'They cannot be trained or scored.',
      fix: 'Leave these units out.',
      where: { field: 'responses', units: firstPlaces(empty) },
    })
  return findings
}

function repeatFindings(session: NeuralSession, { tiers, repeats }: ResponseStatistics): Finding[] {
  const isTest = (trial: number): boolean => TEST_TIERS.includes(session.tier[trial]!) // trial < trials
  const hasTest = TEST_TIERS.some((tier) => (tiers[tier] ?? 0) > 0)
  const counts = new Map<number, number>()
  session.imageIndex.forEach((image, trial) => {
    if (isTest(trial)) counts.set(image, (counts.get(image) ?? 0) + 1)
  })
  const alone = [...counts].filter(([, count]) => count < FEW_REPEATS).map(([image]) => image)
  const single = alone.length
  const trained = new Set(session.imageIndex.filter((_, trial) => !isTest(trial)))
  const shared = [...counts.keys()].filter((image) => trained.has(image))
  const findings: Finding[] = []
  if (!hasTest)
    findings.push({
      code: 'no-test-trials',
      severity: 'info',
      message: 'The session names no test trials.',
      reason: 'Test scores need images that training never sees.',
      fix: 'Keep a share of the images for testing, drawn by a seed.',
      where: { field: 'trials/tier' },
    })
  if (repeats.max < FEW_REPEATS || (hasTest && single > 0))
    findings.push({
      code: 'no-repeats',
      severity: 'warning',
      message: hasTest
        ? `${single} of ${counts.size} test images ${single === 1 ? 'was' : 'were'} shown once only.`
        : 'No image was shown more than once.',
      reason: 'Noise ceilings (oracle, explainable variance, FEVE) need repeats.',
      fix: 'Use correlation scores, or a test set with repeats.',
      where: { field: 'trials/image_id', ...(hasTest && { images: firstPlaces(alone) }) },
    })
  if (shared.length > 0)
    findings.push({
      code: 'test-images-in-training',
      severity: 'error',
      message: `${counted(shared.length, 'test image is', 'test images are')} also shown in training trials (positions ${nameSome(shared)}).`,
      reason: 'Scores on images seen in training say nothing about new ones.',
      fix: 'Move all trials of an image to one tier.',
      where: { field: 'trials/tier', images: firstPlaces(shared) },
    })
  return findings
}

function reliabilityFindings(reliability: Reliability | null): Finding[] {
  if (!reliability || !(reliability.meanOracle < LOW_ORACLE)) return []
  return [
    {
      code: 'responses-unrelated-to-images',
      severity: 'error',
      message: `Repeats of the same image agree no better than chance: mean oracle correlation ${reliability.meanOracle.toFixed(3)}.`,
      reason: 'Either the units do not respond to the images, or image ids and responses are out of step.',
      fix: 'Check that ids start where the images start (0 or 1) and that trials were not sorted separately.',
      where: { field: 'trials/image_id' },
    },
  ]
}
