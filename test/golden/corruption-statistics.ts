import { studentQuantile } from '../../src-shared/util/student-t.ts'
import { createRng, type Rng } from '../../src-shared/util/rng.ts'
import type { RgbImage } from '../../src-main/engine/data/corruptions/base/types.ts'
import { type ImageStatistics, statisticsOf } from '../support/image-statistics.ts'

/** A number over the reference's seeds: average, and spread between seeds. */
export interface Spread<T> {
  readonly average: T
  readonly sd_over_seeds: T
}

export interface SeverityStatistics {
  readonly mean: Spread<readonly number[]>
  readonly std: Spread<readonly number[]>
  readonly psnr: Spread<number>
  readonly lag1_horizontal: Spread<number>
  readonly lag1_vertical: Spread<number>
  readonly histogram16: readonly (readonly number[])[]
}

/** A kept limit has `value <= limit`. */
export interface Check {
  readonly what: string
  readonly value: number
  readonly limit: number
}

/** Ours minus the reference's average of one number of one severity. */
interface Offset {
  readonly what: string
  readonly value: number
  readonly sd: number
  readonly slack: number
}

/** Makes the corrupted image of one severity from a stream. */
export type Maker = (severity: number, rng: Rng) => Uint8Array

/**
 * Streams of ours per severity for each seed of the reference: enough that almost all of a difference is the reference's
 * own sampling error.
 */
const STREAMS_PER_SEED = 3
/** Seeds of ours from which each statistic is drawn, apart from each other; it must hold for both. */
const SEEDS = [1, 2] as const
/** Allowed for arithmetic, as the reference states it: grey levels, dB, correlation. */
const SLACK = { levels: 1, psnr: 0.3, lag1: 0.03 }
/** The stated rule for averages, in spreads between seeds. */
const STATED_SPREADS = 3
/** Share of Student's t below the limit: a false alarm in a million, two-sided, since a few thousand numbers are compared. */
const SHARE = 1 - 0.5e-6
/** Random halves from which the expected histogram difference is estimated, and how far above its mean is too far. */
const SPLITS = 200
const SPLIT_SPREADS = 5

/** So many standard errors are allowed. */
export const tLimit = (degrees: number): number => studentQuantile(SHARE, degrees)

/** What the comparison needs besides the expected numbers. */
export interface StatisticsRule {
  /** Images the reference averaged per severity. */
  readonly seeds: number
  /** Stated limit of the total variation of histograms. */
  readonly variation: number
  readonly make: Maker
}

/**
 * Compares averages over `seeds` reference images with averages over many of ours, per severity (1 for the first entry)
 * and, in the mean over severities, once more. The streams differ, so a right implementation differs by the reference's
 * sampling error: an average may be off by the smaller of the stated three spreads and the t limit of a difference of two
 * averages, plus the stated slack; a histogram by the stated total variation, or where sampling alone makes more than
 * that of two such averages, by the latter.
 */
export function statisticsChecks(
  clean: RgbImage,
  severities: readonly SeverityStatistics[],
  rule: StatisticsRule,
): readonly Check[] {
  return SEEDS.flatMap((seed) =>
    checksOfSeed(clean, severities, rule, seed).map((check) => ({
      ...check,
      what: `seed ${seed} ${check.what}`,
    })),
  )
}

function checksOfSeed(
  clean: RgbImage,
  severities: readonly SeverityStatistics[],
  rule: StatisticsRule,
  seed: number,
): readonly Check[] {
  const root = createRng(seed)
  const ours = severities.map((_, i) => imagesOf(clean, i + 1, rule, root.fork('images')))
  const offsets = severities.map((expected, i) => offsetsOf(ours[i]!, expected))
  const error = Math.sqrt((1 + 1 / STREAMS_PER_SEED) / rule.seeds)
  const single = Math.min(STATED_SPREADS, tLimit(Math.max(1, rule.seeds - 1)) * error)
  const pooled = tLimit(severities.length * Math.max(1, rule.seeds - 1)) * error
  return [
    ...offsets.flatMap((list, i) =>
      list.map(({ what, value, sd, slack }) => ({
        what: `severity ${i + 1} ${what}`,
        value: Math.abs(value),
        limit: single * sd + slack,
      })),
    ),
    ...pooledChecks(offsets, pooled),
    ...severities.flatMap((expected, i) =>
      histogramChecks(ours[i]!, expected, i + 1, rule, root.fork('halves')),
    ),
  ]
}

const imagesOf = (
  clean: RgbImage,
  severity: number,
  { seeds, make }: StatisticsRule,
  rng: Rng,
): ImageStatistics[] =>
  Array.from({ length: STREAMS_PER_SEED * seeds }, (_, k) =>
    statisticsOf(make(severity, rng.fork(severity).fork(k)), clean),
  )

function offsetsOf(ours: readonly ImageStatistics[], expected: SeverityStatistics): readonly Offset[] {
  const scalar = (what: 'psnr' | 'lag1_horizontal' | 'lag1_vertical', slack: number): Offset => ({
    what,
    value: average(ours.map((s) => s[what])) - expected[what].average,
    sd: expected[what].sd_over_seeds,
    slack,
  })
  const channels = (what: 'mean' | 'std'): Offset[] =>
    expected[what].average.map((wanted, c) => ({
      what: `${what}[${c}]`,
      value: average(ours.map((s) => s[what][c]!)) - wanted,
      sd: expected[what].sd_over_seeds[c]!,
      slack: SLACK.levels,
    }))
  return [
    ...channels('mean'),
    ...channels('std'),
    scalar('psnr', SLACK.psnr),
    scalar('lag1_horizontal', SLACK.lag1),
    scalar('lag1_vertical', SLACK.lag1),
  ]
}

/** A wrong constant moves all severities the same way, while their sampling errors are independent. */
function pooledChecks(offsets: readonly (readonly Offset[])[], spreads: number): Check[] {
  const n = offsets.length
  return (offsets[0] ?? []).map(({ what, slack }, k) => {
    const row = offsets.map((list) => list[k]!)
    return {
      what: `all severities ${what}`,
      value: Math.abs(average(row.map(({ value }) => value))),
      limit: (spreads * Math.sqrt(row.reduce((sum, { sd }) => sum + sd * sd, 0))) / n + slack,
    }
  })
}

function histogramChecks(
  ours: readonly ImageStatistics[],
  expected: SeverityStatistics,
  severity: number,
  { seeds, variation }: StatisticsRule,
  rng: Rng,
): Check[] {
  return expected.histogram16.map((bins, c) => ({
    what: `severity ${severity} histogram[${c}]`,
    value: totalVariation(bins, meanHistogram(ours, c)),
    limit: Math.max(variation, samplingVariation(ours, c, seeds, rng.fork(severity))),
  }))
}

const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

const meanHistogram = (images: readonly ImageStatistics[], channel: number): number[] =>
  images[0]!.histogram16[channel]!.map((_, bin) => average(images.map((s) => s.histogram16[channel]![bin]!)))

/** Half the summed difference of two distributions. */
export const totalVariation = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, p, k) => sum + Math.abs(p - b[k]!), 0) / 2

/** Total variation that `seeds` right images are expected to have from the average of the others, at most. */
export function samplingVariation(
  images: readonly ImageStatistics[],
  channel: number,
  seeds: number,
  rng: Rng,
): number {
  const found = Array.from({ length: SPLITS }, (_, k) => {
    const shuffled = [...rng.fork(k).permutation(images.length)].map((i) => images[i]!)
    return totalVariation(
      meanHistogram(shuffled.slice(0, seeds), channel),
      meanHistogram(shuffled.slice(seeds), channel),
    )
  })
  const mean = average(found)
  return mean + SPLIT_SPREADS * Math.sqrt(average(found.map((v) => (v - mean) ** 2)))
}
