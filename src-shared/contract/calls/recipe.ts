import { z } from 'zod'
import { method, none } from './method.ts'
import { problemSchema, runStatus } from '../run.ts'
import { preset } from '../views.ts'

/** A recipe as YAML text or as written in JSON, with values for its inputs. */
export const asked = z.object({
  recipe: z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]),
  inputs: z.record(z.string(), z.string()).default({}),
})

/** What a recipe would do, without doing it. */
const recipePlan = z.object({
  name: z.string(),
  /** What it answers; may be empty. */
  question: z.string(),
  description: z.string(),
  /** Tag of all its runs. */
  tag: z.string(),
  compareTo: z.string(),
  inputs: z.array(z.object({ name: z.string(), label: z.string(), help: z.string(), value: z.string() })),
  problems: z.array(problemSchema),
  /** Variants left out by `exclude`. */
  excluded: z.number(),
  runs: z.array(
    z.object({
      label: z.string(),
      name: z.string(),
      choices: z.record(z.string(), z.string()),
      changes: z.array(z.object({ path: z.string(), value: z.unknown() })),
      also: z.array(z.string()),
      seed: z.number(),
      /** Null while its data are not there. */
      id: z.string().nullable(),
      /** Null when there is no such run yet. */
      status: runStatus.nullable(),
      /** Of its setting, as in the summaries of runs; null while its data are not there. */
      groupId: z.string().nullable(),
    }),
  ),
})
export type RecipePlanView = z.infer<typeof recipePlan>

export const queuedRuns = z.object({
  /** Name of the family that the runs belong to. */
  family: z.string(),
  ids: z.array(z.string()),
  queued: z.number(),
  known: z.number(),
  /** Runs that are there and diverged: not done, and not repeated, since they would diverge again. */
  diverged: z.number(),
  tag: z.string(),
})

/** Many runs from one description. */
export const recipeCalls = {
  'recipes.list': method({ view: false, audited: false, paths: [] }, none, z.array(preset)),
  'recipes.plan': method({ view: false, audited: false, paths: [] }, asked, recipePlan),
  /**
   * Keeps the recipe as a family and queues every run that is not finished, waiting or working; refuses the whole when anything is
   * wrong with any of them.
   */
  'recipes.queue': method({ view: false, audited: true, paths: [] }, asked, queuedRuns),
} as const
