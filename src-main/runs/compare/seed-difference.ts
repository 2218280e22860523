import type { z } from 'zod'
import type { seedDelta } from '../../../src-shared/contract/compare-views.ts'
import { leavesOutZero } from '../../../src-shared/contract/answer.ts'
import { mean } from '../../engine/eval/measures/moments.ts'
import type { Chance, Interval } from '../../engine/eval/student-intervals.ts'
import { chanceOfMean, halfWidth, meanInterval, welchInterval } from '../../engine/eval/student-intervals.ts'

/** One number of a setting by seed; repeats of a seed are averaged before, they are no further seeds. */
export type BySeed = ReadonlyMap<number, number>
type SeedDelta = z.infer<typeof seedDelta>
type Outlook = SeedDelta['outlook']

/** Fewer seeds have an interval that is of little use. */
const FEWEST_SEEDS = 3
/** More further seeds than these are not advised by number. */
const MOST_ADVISED = 20
/** An effect that so many further seeds would not tell apart is as good as none. */
const MOST_TRIED = 100

/** Seeds that both settings have, and whether the difference is taken over them. */
export function pairedSeeds(own: BySeed, base: BySeed): { shared: number[]; isPaired: boolean } {
  const shared = [...own.keys()].filter((seed) => base.has(seed))
  return { shared, isPaired: shared.length > 1 || (shared.length === 1 && own.size === 1 && base.size === 1) }
}

/**
 * The one difference "over seeds" (own - base): trained networks are the sample. Paired over the seeds that both have where there are
 * two, otherwise the two samples are independent (Welch); 95 % intervals by Student's t. Null where one has no number.
 */
export function seedDifference(own: BySeed, base: BySeed): SeedDelta | null {
  if (own.size === 0 || base.size === 0) return null
  const { shared, isPaired } = pairedSeeds(own, base)
  const differences = shared.map((seed) => (own.get(seed) ?? NaN) - (base.get(seed) ?? NaN))
  const made = isPaired ? meanInterval(differences) : welchInterval([...own.values()], [...base.values()])
  const samples = isPaired ? [differences] : [[...own.values()], [...base.values()]]
  return {
    ...made,
    paired: isPaired,
    seeds: isPaired ? shared.length : Math.min(own.size, base.size),
    note: noteOf(own, base, shared.length, isPaired, made.low !== null),
    outlook: outlookOf(made, samples),
  }
}

/**
 * How many further seeds of both settings would settle the question: the fewest with which the interval is expected to be narrower than
 * the effect, if effect and spread stay as they are seen. `samples`: the paired differences, or the numbers of the two settings;
 * `level`: that of the interval, 95 % unless said.
 */
export function outlookOf(
  { mean: effect, low, high }: Interval,
  samples: readonly number[][],
  level?: number,
): Outlook {
  if (low === null || high === null) {
    const fewest = Math.min(...samples.map((values) => values.length))
    return { kind: 'no-spread', more: fewest < FEWEST_SEEDS ? FEWEST_SEEDS - fewest : null }
  }
  if (leavesOutZero(low, high)) return { kind: 'settled', more: 0 }
  const later = (more: number): Chance[] =>
    samples.map((values) => {
      const { variance, df } = chanceOfMean(values)
      return { variance: (variance * values.length) / (values.length + more), df: df + more }
    })
  const wouldDo = (more: number): boolean => (halfWidth(later(more), level) ?? Infinity) < Math.abs(effect)
  if (!wouldDo(MOST_TRIED)) return { kind: 'too-small', more: null }
  const more = fewest(wouldDo, MOST_TRIED)
  return more > MOST_ADVISED ? { kind: 'many', more: null } : { kind: 'seeds', more }
}

/** The least whole number from 1 to `most` that is enough, where every greater one is too. */
function fewest(isEnough: (n: number) => boolean, most: number): number {
  let [low, high] = [1, most]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isEnough(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function noteOf(own: BySeed, base: BySeed, shared: number, isPaired: boolean, hasInterval: boolean): string {
  const many = (n: number): string => `${n} ${n === 1 ? 'seed' : 'seeds'}`
  if (isPaired) {
    const left = own.size + base.size - 2 * shared
    const rest = left === 0 ? '' : `, ${many(left)} without a partner left out`
    if (shared === 1) return 'one seed, no interval'
    return `paired over ${many(shared)}${rest}${hasInterval ? '' : '; all differ by the same amount, no interval'}`
  }
  const sizes = `not paired: ${many(own.size)} against ${many(base.size)}`
  return hasInterval ? sizes : `${sizes}, no interval`
}

/** Means of several numbers by seed. */
export const meansBySeed = (values: ReadonlyMap<number, readonly number[]>): BySeed =>
  new Map([...values].map(([seed, own]) => [seed, mean(own)]))
