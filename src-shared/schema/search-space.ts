import { z } from 'zod'
import { createRng } from '../util/rng.ts'
import type { Patch } from './patch.ts'

const dimension = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('float'),
    path: z.string(),
    min: z.number(),
    max: z.number(),
    log: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('int'),
    path: z.string(),
    min: z.number().int(),
    max: z.number().int(),
    log: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('choice'), path: z.string(), values: z.array(z.unknown()).min(1) }),
])
type Dimension = z.output<typeof dimension>

/** Random search: trials drawn from a space, the same ones for the same seed. */
export const searchSchema = z
  .strictObject({
    method: z.literal('random'),
    trials: z.number().int().min(1).max(1000),
    seed: z.number().int().min(0).default(1000),
    space: z.array(dimension).min(1),
  })
  .refine(
    ({ space }) => space.every((d) => d.kind === 'choice' || (d.max >= d.min && (!d.log || d.min > 0))),
    'expected min up to max, and min above 0 on a log scale',
  )
export type Search = z.output<typeof searchSchema>

/** More digits of a drawn number are noise in a config. */
const DIGITS = 4

/** The patches of all trials. Each option of each trial has a stream of its own: more trials do not change the first ones. */
export function drawTrials({ trials, seed, space }: Search): readonly Patch[] {
  const rng = createRng(seed).fork('random search')
  return Array.from({ length: trials }, (_, trial) =>
    Object.fromEntries(space.map((d) => [d.path, draw(d, rng.fork(trial).fork(d.path).uniform())] as const)),
  )
}

function draw(d: Dimension, u: number): unknown {
  if (d.kind === 'choice') return d.values[Math.floor(u * d.values.length)]
  const { min, max, log } = d
  if (d.kind === 'int') {
    const at = log
      ? Math.exp(Math.log(min) + u * (Math.log(max + 1) - Math.log(min)))
      : min + u * (max - min + 1)
    return Math.min(max, Math.floor(at))
  }
  const at = log ? Math.exp(Math.log(min) + u * (Math.log(max) - Math.log(min))) : min + u * (max - min)
  return Number(at.toPrecision(DIGITS))
}
