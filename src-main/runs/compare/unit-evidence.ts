import type { Result } from '../../../src-shared/contract/contract.ts'
import { mean } from '../../engine/eval/measures/moments.ts'
import type { Chance } from '../../engine/eval/student-intervals.ts'
import { chanceOfMean, halfWidth } from '../../engine/eval/student-intervals.ts'
import type { RunStore } from '../../store/run-store.ts'
import { pairedSeeds } from './seed-difference.ts'
import type { Units } from './units-by-seed.ts'
import { meanOverUnits, sharedUnits, unitsBySeed } from './units-by-seed.ts'

export interface EvidenceWish {
  readonly ids: readonly string[]
  readonly baseline: readonly string[]
  readonly area: string
  readonly column: string
}

/** The difference of one per-unit measure between two settings, with seeds and units as samples; see {@link unitDifference}. */
export function unitEvidence(
  store: RunStore,
  { ids, baseline, area, column }: EvidenceWish,
): Result<'compare.evidence'> {
  const inArea = (seeds: ReadonlyMap<number, Units>): ReadonlyMap<number, Units> =>
    new Map(
      [...seeds].flatMap(([seed, units]) => {
        const own = [...units].filter(([unit]) => unit.startsWith(`${area}/`))
        return own.length === 0 ? [] : [[seed, new Map(own)] as const]
      }),
    )
  return unitDifference(inArea(unitsBySeed(store, ids, column)), inArea(unitsBySeed(store, baseline, column)))
}

/**
 * Mean difference over units (own - base) with an interval that counts both sources of chance, seeds and units: their shares of the variance are
 * added, which is careful, since what is left between a unit and a seed is in both. Paired over seeds as in the table. Units of one network are not
 * independent, so fewer than two seeds on a side have no interval, and the answer is null.
 */
export function unitDifference(
  own: ReadonlyMap<number, Units>,
  base: ReadonlyMap<number, Units>,
): Result<'compare.evidence'> {
  if (own.size < 2 || base.size < 2) return null
  const units = sharedUnits([...own.values(), ...base.values()])
  if (units.length < 2) return null
  const [ownMeans, baseMeans] = [meanOverUnits(own, units), meanOverUnits(base, units)]
  const { shared, isPaired } = pairedSeeds(ownMeans, baseMeans)
  const [ownSeeds, baseSeeds] = isPaired ? [shared, shared] : [[...own.keys()], [...base.keys()]]
  const at = (means: ReadonlyMap<number, number>, seeds: readonly number[]): number[] =>
    seeds.map((seed) => means.get(seed) ?? NaN)
  const [x, y] = [at(ownMeans, ownSeeds), at(baseMeans, baseSeeds)]
  const overSeeds: Chance[] = isPaired
    ? [chanceOfMean(x.map((v, i) => v - (y[i] ?? NaN)))]
    : [chanceOfMean(x), chanceOfMean(y)]
  const unitMean = (runs: ReadonlyMap<number, Units>, seeds: readonly number[], unit: string): number =>
    mean(seeds.map((seed) => runs.get(seed)?.get(unit) ?? NaN))
  const perUnit = units.map((unit) => unitMean(own, ownSeeds, unit) - unitMean(base, baseSeeds, unit))
  const half = halfWidth(overSeeds)
  if (half === null) return null
  const variance = overSeeds.reduce((sum, chance) => sum + chance.variance, 0)
  // With the degrees of freedom of the seeds: the many units must not make up for few networks.
  const wide = half * Math.sqrt(1 + chanceOfMean(perUnit).variance / variance)
  const center = mean(x) - mean(y)
  return {
    mean: center,
    low: center - wide,
    high: center + wide,
    seeds: Math.min(ownSeeds.length, baseSeeds.length),
    units: units.length,
    paired: isPaired,
  }
}
