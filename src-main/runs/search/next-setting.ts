import type { Patch } from '../../../src-shared/schema/patch.ts'
import type { Objective, Search } from '../../../src-shared/schema/search.ts'
import { encoderOf, isAllowed, settingAt, unitsOf } from '../../../src-shared/schema/search-space.ts'
import { isAmong, sobolPoints } from '../../../src-shared/schema/search-trials.ts'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { logExpectedImprovement } from './expected-improvement.ts'
import type { Data, Process } from './gaussian-process.ts'
import { fitProcess } from './gaussian-process.ts'

/** A trial that is over, with the value of each objective; null where it came to nothing (failed, diverged). */
export interface Observation {
  readonly patch: Patch
  readonly values: readonly number[] | null
}

type Wanted = Pick<Search, 'space' | 'constraints' | 'seed'>

const SPREAD = 512
const CLIMBERS = 5
const CLIMB_STEPS = [0.2, 0.1, 0.05, 0.02, 0.01, 0.004, 0.001] as const
const TRIES = 16
/** Share of the plain sum in what two objectives are weighed to (Knowles 2006). */
const SUM_SHARE = 0.05
/** A process needs some values to be fitted to. */
const FEWEST = 3

/**
 * The setting to try next: where a Gaussian process of what is known expects the largest improvement. Trials at work count with what
 * the process expects of them (Kriging believer: Ginsbourger, Le Riche and Carraro 2010), those that came to nothing with the worst
 * value. Two objectives are weighed anew for each trial (ParEGO: Knowles 2006), so that the trials spread along the front. The same
 * for the same arguments; `count`: trials asked for so far. Null where every setting of the space was tried.
 */
export function nextSetting(
  search: Wanted,
  objectives: readonly Objective[],
  seen: readonly Observation[],
  pending: readonly Patch[],
  count: number,
): Patch | null {
  const rng = createRng(search.seed).fork('bayesian search').fork(count)
  const tried = [...seen.map(({ patch }) => patch), ...pending]
  const known = knownValues(objectives, seen, rng)
  if (known === null) return nextSpread(search, tried)
  const { owner, encode } = encoderOf(search.space)
  const data: Data = { x: seen.map(({ patch }) => encode(patch)), y: known, owner }
  const process = pending.reduce<Process>((p, patch) => p.believing(encode(patch)), fitProcess(data))
  // Values scatter: the best place so far is where the process expects the most, not where the luckiest value was.
  const best = data.x.reduce((most, x) => Math.max(most, process.expect(x)), Number.NEGATIVE_INFINITY)
  const gain = (patch: Patch): number => logExpectedImprovement(process.predict(encode(patch)), best)
  return climb(search, tried, starts(search, seen, known, rng), gain, rng) ?? nextSpread(search, tried)
}

/** Values of mean 0 and deviation 1, the larger the better; null while too few are known. */
export function knownValues(
  objectives: readonly Objective[],
  seen: readonly Observation[],
  rng: Rng,
): Float64Array | null {
  const scored = seen.flatMap(({ values }) => (values === null ? [] : [values]))
  if (scored.length < FEWEST) return null
  const columns = objectives.map(({ direction }, o) => {
    const sign = direction === 'max' ? 1 : -1
    const worst = Math.min(...scored.map((values) => sign * values[o]!))
    return seen.map(({ values }) => (values === null ? worst : sign * values[o]!))
  })
  const one = columns.length === 1 ? columns[0]! : weighed(columns, rng)
  const mean = one.reduce((a, b) => a + b, 0) / one.length
  const sd = Math.sqrt(one.reduce((sum, v) => sum + (v - mean) ** 2, 0) / one.length)
  return Float64Array.from(one, (v) => (sd > 0 ? (v - mean) / sd : 0))
}

/** Augmented Tchebycheff sum of objectives scaled to 0..1, with weights of their own for each trial. */
function weighed(columns: readonly (readonly number[])[], rng: Rng): number[] {
  const first = rng.fork('weights').uniform()
  const weights = [first, 1 - first]
  const scaled = columns.map((column, o) => {
    const low = Math.min(...column)
    const width = Math.max(...column) - low
    return column.map((v) => weights[o]! * (width > 0 ? (v - low) / width : 0))
  })
  return scaled[0]!.map((_, i) => {
    const terms = scaled.map((column) => column[i]!)
    return Math.min(...terms) + SUM_SHARE * terms.reduce((a, b) => a + b, 0)
  })
}

/** The first point of the even spread that is allowed and was not tried. */
function nextSpread(search: Wanted, tried: readonly Patch[]): Patch | null {
  const at = sobolPoints(search)
  for (let index = 0; index < tried.length + SPREAD; index++) {
    const patch = settingAt(search.space, at(index))
    if (isAllowed(search, patch) && !isAmong(patch, tried)) return patch
  }
  return null
}

/** Points of the unit cube from which the best place is looked for: spread evenly, and around the best trials. */
function starts({ space }: Wanted, seen: readonly Observation[], known: Float64Array, rng: Rng): number[][] {
  const spread = sobolPoints({ space, seed: rng.fork('spread').u32() })
  const order = [...seen.keys()].toSorted((a, b) => known[b]! - known[a]!).slice(0, CLIMBERS)
  return [
    ...Array.from({ length: SPREAD }, (_, i) => spread(i)),
    ...order.map((i) => unitsOf(space, seen[i]!.patch)),
  ]
}

/** Goes uphill from the best starts by smaller and smaller random steps, and returns the best setting that was not tried. */
function climb(
  search: Wanted,
  tried: readonly Patch[],
  from: readonly number[][],
  gain: (patch: Patch) => number,
  rng: Rng,
): Patch | null {
  let best: { patch: Patch; value: number } | null = null
  const look = (units: number[]): { units: number[]; value: number } => {
    const patch = settingAt(search.space, units)
    if (!isAllowed(search, patch)) return { units, value: Number.NEGATIVE_INFINITY }
    const value = gain(patch)
    if ((best === null || value > best.value) && !isAmong(patch, tried)) best = { patch, value }
    return { units, value }
  }
  const ranked = from.map(look).toSorted((a, b) => b.value - a.value)
  const around = from.slice(SPREAD).map(look)
  for (const [i, start] of [...ranked.slice(0, CLIMBERS), ...around].entries()) {
    const own = rng.fork('climb').fork(i)
    let here = start
    for (const size of CLIMB_STEPS)
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const next = look(stepped(search, here.units, size, own))
        if (next.value > here.value) here = next
      }
  }
  return (best as { patch: Patch } | null)?.patch ?? null // assigned in the function above
}

/** Each option moves with a chance of one half; a choice jumps to any of its values. */
function stepped({ space }: Wanted, units: readonly number[], size: number, rng: Rng): number[] {
  const moved = space.map(() => rng.uniform() < 0.5)
  const some = moved.includes(true) ? moved : moved.map((_, i) => i === rng.int(space.length))
  return space.map((d, i) => {
    if (some[i] !== true) return units[i]!
    if (d.kind === 'choice') return rng.uniform()
    return Math.min(Math.max(units[i]! + size * rng.normal(), 0), 1)
  })
}
