import { join } from 'node:path'
import { createRng } from '../../src-shared/util/rng.ts'
import { corrupt } from '../../src-main/engine/data/corruptions/corrupt.ts'
import type { RgbImage } from '../../src-main/engine/data/corruptions/base/types.ts'
import { frostPhotographs } from '../support/frost-photographs.ts'
import { hashDraws } from '../support/hash-draws.ts'
import { levelDifference, psnr } from '../support/image-statistics.ts'
import { type Check, type SeverityStatistics, statisticsChecks } from './corruption-statistics.ts'
import type { GoldenCase, GoldenOutcome } from './golden-case.ts'
import { type GoldenFile, goldenTensor, readGoldenFolder } from './read-golden.ts'

export const area = 'corruptions'

/** Limits of one kind of case; an absent one is not checked. */
interface Tolerance {
  readonly mean_abs_levels?: number
  readonly max_abs_levels?: number
  readonly max_abs_levels_for_99_percent?: number
  readonly psnr_db?: number
}

interface ImageCase {
  readonly corruption: string
  readonly image: string
  readonly psnr: readonly number[]
}

interface GivenCase extends ImageCase {
  readonly seed_of_severity_1: number
  readonly uniforms_used: readonly number[]
  readonly texture: string | null
}

interface StatisticsCase {
  readonly corruption: string
  readonly image: string
  readonly seeds: number
  readonly severity: readonly SeverityStatistics[]
}

interface Values {
  readonly tolerance: Record<string, Tolerance> & {
    readonly deterministic: Tolerance
    readonly given: Tolerance
    readonly statistics: { readonly histogram16_total_variation: number }
  }
  readonly deterministic?: readonly ImageCase[]
  readonly given?: readonly GivenCase[]
  readonly statistics?: readonly StatisticsCase[]
}

const STREAM = createRng(1)

function imageOf(file: GoldenFile, name: string): RgbImage {
  const { shape, data } = goldenTensor(file, name)
  return { height: shape[0]!, width: shape[1]!, data: data as Uint8Array }
}

/** Textures of the reference were read in BGR order and turned round when used. */
function textureOf(file: GoldenFile, name: string): RgbImage {
  const texture = imageOf(file, name)
  return { ...texture, data: texture.data.map((_, i) => texture.data[i - (i % 3) + 2 - (i % 3)]!) }
}

const expectedOf = (file: GoldenFile, name: string, severity: number, size: number): Uint8Array =>
  goldenTensor(file, name).data.subarray((severity - 1) * size, severity * size) as Uint8Array

function outcome(checks: readonly Check[], tolerance: string): GoldenOutcome {
  if (checks.length === 0) throw new Error('the file states no limit for this case')
  const worst = checks.reduce((a, b) => (b.value / b.limit > a.value / a.limit ? b : a))
  const detail = `${worst.what} ${worst.value.toFixed(4)} of ${worst.limit.toFixed(4)}`
  return { maxError: worst.value, tolerance, ok: checks.every(({ value, limit }) => value <= limit), detail }
}

function imageChecks(clean: RgbImage, made: Uint8Array, expected: Uint8Array, tolerance: Tolerance): Check[] {
  const difference = levelDifference(made, expected)
  const [ours, theirs] = [psnr(made, clean.data), psnr(expected, clean.data)]
  const psnrError = ours === theirs ? 0 : Math.abs(ours - theirs) // both infinite where nothing changed
  const rows: readonly [string, number, number | undefined][] = [
    ['mean |levels|', difference.mean, tolerance.mean_abs_levels],
    ['max |levels|', difference.max, tolerance.max_abs_levels],
    ['99 % |levels|', difference.percentile99, tolerance.max_abs_levels_for_99_percent],
    ['psnr dB', psnrError, tolerance.psnr_db],
  ]
  return rows.flatMap(([what, value, limit]) => (limit === undefined ? [] : [{ what, value, limit }]))
}

const labelled = (severity: number, checks: readonly Check[]): Check[] =>
  checks.map((check) => ({ ...check, what: `severity ${severity} ${check.what}` }))

function deterministic(file: GoldenFile, values: Values, one: ImageCase): GoldenOutcome {
  const clean = imageOf(file, `image.${one.image}`)
  const tolerance = values.tolerance[one.corruption] ?? values.tolerance.deterministic
  const name = `deterministic.${one.corruption}.${one.image}`
  const checks = one.psnr.flatMap((_, i) => {
    const severity = i + 1
    const made = corrupt(clean, one.corruption, severity, { rng: STREAM })
    return labelled(
      severity,
      imageChecks(clean, made, expectedOf(file, name, severity, made.length), tolerance),
    )
  })
  return outcome(checks, JSON.stringify(tolerance))
}

function given(file: GoldenFile, values: Values, one: GivenCase): GoldenOutcome {
  const clean = imageOf(file, `image.${one.image}`)
  const tolerance = values.tolerance.given
  const name = `given.${one.corruption}.${one.image}`
  const textures = one.texture === null ? {} : { textures: [textureOf(file, one.texture)] }
  const checks = one.psnr.flatMap((_, i) => {
    const severity = i + 1
    const draws = hashDraws(one.seed_of_severity_1 + severity - 1)
    const made = corrupt(clean, one.corruption, severity, { rng: STREAM, draws, ...textures })
    const unused = Math.abs(draws.used() - one.uniforms_used[severity - 1]!)
    return labelled(severity, [
      ...imageChecks(clean, made, expectedOf(file, name, severity, made.length), tolerance),
      { what: 'uniforms more or fewer', value: unused, limit: 0.5 },
    ])
  })
  return outcome(checks, JSON.stringify(tolerance))
}

async function statistics(file: GoldenFile, values: Values, one: StatisticsCase): Promise<GoldenOutcome> {
  const clean = imageOf(file, `image.${one.image}`)
  const photographs = one.corruption === 'frost' ? await frostPhotographs() : undefined
  const rule = 'stated limits for averages over other streams, from two seeds'
  if (photographs === null)
    return { maxError: NaN, tolerance: rule, ok: true, skipped: 'no frost photographs beside the checkout' }
  const textures = photographs === undefined ? {} : { textures: photographs }
  const checks = statisticsChecks(clean, one.severity, {
    seeds: one.seeds,
    variation: values.tolerance.statistics.histogram16_total_variation,
    make: (severity, rng) => corrupt(clean, one.corruption, severity, { rng, ...textures }),
  })
  return outcome(checks, rule)
}

/** Every case of every corruptions json. */
export async function cases(folder: string): Promise<GoldenCase[]> {
  const files = await readGoldenFolder(join(folder, area))
  return files.flatMap((file) => {
    const values = file.values as Values // the format of this area
    const named = (kind: string, one: { corruption: string; image: string }): string =>
      `${file.name} ${kind} ${one.corruption} ${one.image}`
    return [
      ...(values.deterministic ?? []).map((one) => ({
        name: named('deterministic', one),
        run: async () => deterministic(file, values, one),
      })),
      ...(values.given ?? []).map((one) => ({
        name: named('given', one),
        run: async () => given(file, values, one),
      })),
      ...(values.statistics ?? []).map((one) => ({
        name: named('statistics', one),
        run: () => statistics(file, values, one),
      })),
    ]
  })
}
