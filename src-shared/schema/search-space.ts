import { z } from 'zod'
import { optionPath } from './patch.ts'
import type { Patch } from './patch.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const common = {
  /** The option by its dotted path. */
  path: z.string().min(1),
  /** It varies only where these choices have these values; elsewhere it stays as the baseline has it. */
  when: z.record(z.string(), scalar).default({}),
}
const range = {
  ...common,
  /** Searched by factors, not by sums. */
  log: z.boolean().default(false),
  /** How many values a grid takes of it; both ends are among them. */
  points: z.number().int().min(1).max(100).optional(),
}

/** One option that is searched over. */
const dimension = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('float'),
    ...range,
    min: z.number(),
    max: z.number(),
    /** Values are `min` and whole steps from it. */
    step: z.number().positive().optional(),
  }),
  z.strictObject({
    kind: z.literal('int'),
    ...range,
    min: z.number().int(),
    max: z.number().int(),
    step: z.number().int().positive().optional(),
  }),
  z.strictObject({ kind: z.literal('choice'), ...common, values: z.array(z.unknown()).min(1) }),
])
export type Dimension = z.output<typeof dimension>
type Numeric = Exclude<Dimension, { kind: 'choice' }>

/** A sum over options that must not be larger: `{ sum: { a: 1, b: -1 }, most: 0 }` says that a is at most b. */
const constraint = z.strictObject({ sum: z.record(z.string(), z.number()), most: z.number() })
type Constraint = z.output<typeof constraint>

export const spaceFields = {
  space: z.array(dimension),
  constraints: z.array(constraint).default([]),
} as const

export interface Space {
  readonly space: readonly Dimension[]
  readonly constraints: readonly Constraint[]
}

/** What is wrong with a space, with where. */
export function spaceFaults({ space, constraints }: Space): { path: (string | number)[]; message: string }[] {
  const faults: { path: (string | number)[]; message: string }[] = []
  const fault = (path: (string | number)[], message: string): void => void faults.push({ path, message })
  if (space.length === 0) fault(['space'], 'names no option: list at least one with its values or its range')
  for (const [i, d] of space.entries()) {
    const before = space.slice(0, i)
    if (before.some((other) => pathOf(other) === pathOf(d)))
      fault(['space', i, 'path'], `"${d.path}" is there twice`)
    if (d.kind !== 'choice') {
      if (d.max < d.min) fault(['space', i], `expected min up to max: ${d.min} is above ${d.max}`)
      if (d.log && d.min <= 0) fault(['space', i], 'expected min above 0 on a log scale')
      if (d.log && d.step !== undefined)
        fault(['space', i, 'step'], 'a log scale has no steps: leave one of both')
    }
    for (const [path, value] of Object.entries(d.when)) {
      const parent = before.find((other) => other.kind === 'choice' && pathOf(other) === keyOf(path))
      if (parent?.kind !== 'choice')
        fault(['space', i, 'when'], `"${path}" is no choice that stands before it`)
      else if (!parent.values.includes(value)) fault(['space', i, 'when'], `"${path}" is never ${value}`)
    }
  }
  for (const [i, { sum }] of constraints.entries())
    for (const path of Object.keys(sum))
      if (!space.some((d) => d.kind !== 'choice' && pathOf(d) === keyOf(path)))
        fault(['constraints', i, 'sum'], `"${path}" is no number of the space`)
  return faults
}

/** Two spellings of a path are the same option. */
const keyOf = (path: string): string => optionPath(path).join('.')
const pathOf = ({ path }: Dimension): string => keyOf(path)

/** More digits of a drawn number are noise in a config. */
const DIGITS = 4

/** The value at a position of 0 to 1. */
function valueAtUnit(d: Dimension, given: number): unknown {
  const u = Math.min(Math.max(given, 0), 1 - Number.EPSILON)
  if (d.kind === 'choice') return d.values[Math.floor(u * d.values.length)]
  const { min, max, log, step } = d
  if (step !== undefined) return stepped(min, step, Math.floor(u * (stepsIn(d) + 1)))
  if (d.kind === 'int') {
    const at = log
      ? Math.exp(Math.log(min) + u * (Math.log(max + 1) - Math.log(min)))
      : min + u * (max - min + 1)
    return Math.min(max, Math.floor(at))
  }
  const at = log ? Math.exp(Math.log(min) + u * (Math.log(max) - Math.log(min))) : min + u * (max - min)
  return Math.min(max, Math.max(min, Number(at.toPrecision(DIGITS))))
}

/** Steps that fit between the ends; a hair more than one that is cut off by rounding counts. */
const stepsIn = ({ min, max, step = 1 }: Numeric): number => Math.floor((max - min) / step + 1e-9)
const stepped = (min: number, step: number, k: number): number => Number((min + k * step).toPrecision(12))

/** Where a value lies between the ends, 0 to 1, by factors on a log scale. */
function unitOf({ min, max, log }: Numeric, value: number): number {
  if (max === min) return 0.5
  return log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min)
}

/** More values of one option are no grid. */
const MOST_LEVELS = 1000

/** A point of the unit cube at which a setting lies. */
export const unitsOf = (space: readonly Dimension[], patch: Patch): number[] =>
  space.map((d) => {
    const value = valueIn(patch, d.path)
    if (d.kind !== 'choice') return typeof value === 'number' ? unitOf(d, value) : 0.5
    const at = d.values.findIndex((one) => same(one, value))
    return at < 0 ? 0.5 : (at + 0.5) / d.values.length
  })

/** The values that a grid takes of an option; null where a range says neither points nor steps, or has too many. */
export function gridOf(d: Dimension): readonly unknown[] | null {
  if (d.kind === 'choice') return d.values
  const { min, max, log, points, step } = d
  if (points === undefined) {
    if ((step === undefined && d.kind === 'float') || stepsIn(d) >= MOST_LEVELS) return null
    return Array.from({ length: stepsIn(d) + 1 }, (_, k) => stepped(min, step ?? 1, k))
  }
  const at = (i: number): number => {
    const part = points === 1 ? 0.5 : i / (points - 1)
    const value = log ? min * (max / min) ** part : min + part * (max - min)
    if (d.kind === 'int') return Math.round(value)
    return step === undefined
      ? Number(value.toPrecision(DIGITS))
      : stepped(min, step, Math.round((value - min) / step))
  }
  return [...new Set(Array.from({ length: points }, (_, i) => at(i)))]
}

/** Whether an option varies, the choices before it being as they are. */
export const isActive = ({ when }: Dimension, patch: Patch): boolean =>
  Object.entries(when).every(([path, value]) => same(valueIn(patch, path), value))

export const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** The value that a patch gives an option, however its path is spelled. */
export const valueIn = (patch: Patch, path: string): unknown =>
  path in patch ? patch[path] : Object.entries(patch).find(([key]) => keyOf(key) === keyOf(path))?.[1]

/** The options that vary and their values, one choice after the other; `choose` gives each its value. */
export function patchOf(space: readonly Dimension[], choose: (d: Dimension, i: number) => unknown): Patch {
  const patch: Record<string, unknown> = {}
  for (const [i, d] of space.entries()) if (isActive(d, patch)) patch[d.path] = choose(d, i)
  return patch
}

/** The setting at a point of the unit cube. */
export const settingAt = (space: readonly Dimension[], units: readonly number[]): Patch =>
  patchOf(space, (d, i) => valueAtUnit(d, units[i]!))

/** Whether a setting keeps the constraints; one over an option that does not vary there says nothing. */
export const isAllowed = ({ constraints }: Pick<Space, 'constraints'>, patch: Patch): boolean =>
  constraints.every(({ sum, most }) => {
    const terms = Object.entries(sum).map(([path, factor]) => [factor, valueIn(patch, path)] as const)
    if (terms.some(([, value]) => typeof value !== 'number')) return true
    // A sum of decimals may miss its bound by rounding.
    return terms.reduce((total, [factor, value]) => total + factor * (value as number), 0) <= most + 1e-12
  })

/** Whether a setting could be one of the space: of runs that were made for another reason. */
export const isInSpace = (given: Space, patch: Patch): boolean =>
  isAllowed(given, patch) &&
  given.space.every((d) => {
    if (!isActive(d, patch)) return true
    const value = valueIn(patch, d.path)
    if (d.kind === 'choice') return d.values.some((one) => same(one, value))
    return typeof value === 'number' && value >= d.min && value <= d.max
  })

/**
 * Settings as vectors, in which a model measures distances: numbers from 0 to 1 by their scale, each value of a choice an axis of its
 * own so that two of them are 1 apart. An option that does not vary stands in the middle, a choice nowhere. `owner`: the option of each axis.
 */
export function encoderOf(space: readonly Dimension[]): {
  readonly owner: readonly number[]
  encode(patch: Patch): Float64Array
} {
  const owner = space.flatMap((d, i) => (d.kind === 'choice' ? d.values.map(() => i) : [i]))
  const encode = (patch: Patch): Float64Array =>
    Float64Array.from(
      space.flatMap((d) => {
        const is = isActive(d, patch)
        const value = valueIn(patch, d.path)
        if (d.kind === 'choice') return d.values.map((one) => (is && same(one, value) ? Math.SQRT1_2 : 0))
        return [is && typeof value === 'number' ? unitOf(d, value) : 0.5]
      }),
    )
  return { owner, encode }
}
