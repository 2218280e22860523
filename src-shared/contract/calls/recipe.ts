import { z } from 'zod'
import { method, none } from './method.ts'
import { problemSchema, runStatus } from '../run.ts'
import { preset } from '../views.ts'

/** A recipe as YAML text or as written in JSON, with values for its inputs. */
export const asked = z.object({
  recipe: z.union([z.string().max(1_000_000), z.record(z.string(), z.unknown())]),
  inputs: z.record(z.string(), z.string()).default({}),
})

/** A run of an earlier step that a run waits for. */
const ancestor = z.object({
  /** Title of its step. */
  step: z.string(),
  label: z.string(),
  seed: z.number(),
  /** Null while there is no such run. */
  id: z.string().nullable(),
  status: runStatus.nullable(),
})
export type Ancestor = z.infer<typeof ancestor>

/** Where a run of a graph stands among the runs that it builds on; in a flat recipe nothing is waited for. */
export const standing = {
  /** Runs that must finish first: at work, waiting, or not queued yet. */
  waitsFor: z.array(ancestor),
  /** The run that ended without finishing, because of which this one cannot begin. */
  blockedBy: ancestor.nullable(),
} as const

/** The steps of a graph, each after those that it builds on; none for a flat recipe. */
export const planSteps = z.array(
  z.object({
    name: z.string(),
    title: z.string(),
    /** Names of the steps that it builds on. */
    after: z.array(z.string()),
    /** Steps on the longest way to it. */
    depth: z.number(),
  }),
)

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
  steps: planSteps,
  runs: z.array(
    z.object({
      /** Name of its step; empty in a flat recipe. */
      step: z.string(),
      label: z.string(),
      name: z.string(),
      choices: z.record(z.string(), z.string()),
      changes: z.array(z.object({ path: z.string(), value: z.unknown() })),
      also: z.array(z.string()),
      seed: z.number(),
      /** Null while its data are not there: also while runs that it builds on are not finished. */
      id: z.string().nullable(),
      /** Null when there is no such run yet. */
      status: runStatus.nullable(),
      /** Of its setting, as in the summaries of runs; null while its data are not there. */
      groupId: z.string().nullable(),
      ...standing,
      /** Seconds that it took, or will by what finished runs of its setting took or timed steps say; null: not known. */
      seconds: z.number().nullable(),
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
  /** Runs that come when those that they build on have finished. */
  waiting: z.number(),
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
