import type { Patch } from '../../../src-shared/schema/patch.ts'
import type { Objective, Search } from '../../../src-shared/schema/search.ts'
import {
  encoderOf,
  gridOf,
  isActive,
  settingAt,
  unitsOf,
  valueIn,
} from '../../../src-shared/schema/search-space.ts'
import { sobolPoints } from '../../../src-shared/schema/search-trials.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import type { Data, Process } from './gaussian-process.ts'
import { fitProcess, processOf } from './gaussian-process.ts'
import type { Observation } from './next-setting.ts'
import { knownValues } from './next-setting.ts'

/** The process of one objective, in the units of its values. */
export interface Surrogate {
  readonly data: Data
  readonly process: Process
  /** Value = mean + scale times that of the process. */
  readonly mean: number
  readonly scale: number
}

type Wanted = Pick<Search, 'space' | 'seed'>

/** A process of the values of one objective over the trials that have one; null while there are too few. */
export function surrogateOf(
  { space, seed }: Wanted,
  objective: Objective,
  place: number,
  all: readonly Observation[],
): Surrogate | null {
  const seen = all.flatMap(({ patch, values }) =>
    values === null ? [] : [{ patch, values: [values[place]!] }],
  )
  const y = knownValues([{ ...objective, direction: 'max' }], seen, createRng(seed))
  if (y === null) return null
  const { owner, encode } = encoderOf(space)
  const data = { x: seen.map(({ patch }) => encode(patch)), y, owner }
  const values = seen.map((one) => one.values[0]!)
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  const scale = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  return { data, process: fitProcess(data), mean, scale }
}

/** What a process expects along one option, the others as in one trial. */
export interface Slice {
  readonly at: readonly unknown[]
  readonly mean: readonly number[]
  /** Ends of the 95 % band of the mean score: the scatter of single trainings is not in it. */
  readonly low: readonly number[]
  readonly high: readonly number[]
}

const SLICE_POINTS = 41
const Z95 = 1.959964

export function sliceOf(
  { space }: Wanted,
  { process, mean, scale }: Surrogate,
  option: number,
  around: Patch,
): Slice | null {
  const d = space[option]!
  if (!isActive(d, around)) return null
  const units = unitsOf(space, around)
  const places = d.kind === 'choice' ? (gridOf(d) ?? []).length : SLICE_POINTS
  const patches = Array.from({ length: places }, (_, i) => {
    const u = d.kind === 'choice' ? (i + 0.5) / places : i / (places - 1)
    return settingAt(
      space,
      units.map((v, k) => (k === option ? u : v)),
    )
  })
  const distinct = [
    ...new Map(patches.map((patch) => [JSON.stringify(valueIn(patch, d.path)), patch])).values(),
  ]
  const { encode } = encoderOf(space)
  const beliefs = distinct.map((patch) => process.predict(encode(patch)))
  return {
    at: distinct.map((patch) => valueIn(patch, d.path)),
    mean: beliefs.map((b) => mean + scale * b.mean),
    low: beliefs.map((b) => mean + scale * (b.mean - Z95 * b.sd)),
    high: beliefs.map((b) => mean + scale * (b.mean + Z95 * b.sd)),
  }
}

/** How much of the variance of an objective over the space one option explains alone, 0 to 1. */
export interface Importance {
  readonly share: number
  /** Ends of its 95 % interval over draws of the trials. */
  readonly low: number
  readonly high: number
}

/** Trials with a value below which no importance is told. */
export const trialsForImportance = ({ space }: Pick<Search, 'space'>): number =>
  Math.max(20, 5 * space.length)

const LEVELS = 12
const OTHERS = 32
const DRAWS = 40

/**
 * First-order shares of variance (Sobol 1993) of what the process expects, as functional ANOVA tells the importance of options (Hutter,
 * Hoos and Leyton-Brown 2014). The interval is that of a bootstrap over trials, the kernel being kept.
 */
export function importanceOf(search: Wanted, { data, process }: Surrogate): Importance[] {
  const points = designOf(search)
  const rng = createRng(search.seed).fork('importance')
  const n = data.y.length
  const whole = sharesOf(process, points)
  const drawn = Array.from({ length: DRAWS }, (_, draw) => {
    const own = rng.fork(draw)
    const rows = Array.from({ length: n }, () => own.int(n))
    const again = { ...data, x: rows.map((i) => data.x[i]!), y: Float64Array.from(rows, (i) => data.y[i]!) }
    return sharesOf(processOf(again, process.hyper), points)
  })
  return whole.map((share, option) => {
    const sorted = drawn.map((shares) => shares[option]!).toSorted((a, b) => a - b)
    return {
      share,
      low: Math.min(share, sorted[Math.floor(0.025 * (DRAWS - 1))]!),
      high: Math.max(share, sorted[Math.ceil(0.975 * (DRAWS - 1))]!),
    }
  })
}

type Design = readonly (readonly (readonly Float64Array[])[])[]

/** For each option, for each of its levels, the same settings of all others: [option][level][others]. */
function designOf({ space, seed }: Wanted): Design {
  const { encode } = encoderOf(space)
  const at = sobolPoints({ space, seed })
  const others = Array.from({ length: OTHERS }, (_, i) => at(i))
  return space.map((d, option) => {
    const levels = d.kind === 'choice' ? d.values.length : LEVELS
    return Array.from({ length: levels }, (_, level) =>
      others.map((units) =>
        encode(
          settingAt(
            space,
            units.map((u, k) => (k === option ? (level + 0.5) / levels : u)),
          ),
        ),
      ),
    )
  })
}

/** Variance of the means over the levels of an option, as a share of the whole variance. */
function sharesOf(process: Process, design: Design): number[] {
  return design.map((levels) => {
    const values = levels.map((points) => points.map((x) => process.expect(x)))
    const whole = varianceOf(values.flat())
    const between = varianceOf(values.map((row) => row.reduce((a, b) => a + b, 0) / row.length))
    return whole > 0 ? between / whole : 0
  })
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length
}
