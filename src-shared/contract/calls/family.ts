import { z } from 'zod'
import { problemSchema, runStatus } from '../run.ts'
import { file, method, none, ok } from './method.ts'
import { asked, planSteps, queuedRuns, standing } from './recipe.ts'
import { searchView } from './search.ts'

/** What the app makes of a title has small letters, digits and dashes; files of people may have more. It stands in addresses. */
export const FAMILY_NAME = /^[^./\\:?#%][^/\\:?#%]*$/

/** The name of a family is that of its file: `<home>/families/<name>.yaml`. */
const name = z
  .string()
  .max(80)
  .regex(FAMILY_NAME, 'expected the name of a file, without . in front and / \\ : ? # %')

/** A setting of a family: equal options, one run a seed. */
const setting = z.object({
  label: z.string(),
  /** Name of its step; empty in a flat family. */
  step: z.string(),
  /** As in the summaries of its runs; null while its data are not there. */
  groupId: z.string().nullable(),
  runs: z.array(
    z.object({
      seed: z.number(),
      /** Null while its data are not there and no such run is known. */
      id: z.string().nullable(),
      /** Null when there is no such run yet. */
      status: runStatus.nullable(),
      ...standing,
      /** Seconds that it took, or that finished runs of its setting took; null: not known. */
      seconds: z.number().nullable(),
    }),
  ),
})

/** A family of runs as its recipe describes it; which runs belong to it follows from their configs. */
const familySummary = z.object({
  name,
  /** Name of the recipe, for people. */
  title: z.string(),
  /** What it answers, in one line; may be empty. */
  question: z.string(),
  description: z.string(),
  /** Carried by all its runs. */
  tag: z.string(),
  /** Label of the setting that the others are compared with; null where the recipe names none. */
  baseline: z.string().nullable(),
  steps: planSteps,
  /** A graph or a search that was stopped: nothing more of it is queued by itself. */
  stopped: z.boolean(),
  /** Whether further runs of it are queued by themselves as others finish: a graph, or a Bayesian search. */
  grows: z.boolean(),
  /** Whether its settings are the trials of a search. */
  searches: z.boolean(),
  /** Figures of others to look at beside its scores. */
  published: z
    .object({
      source: z.string(),
      /** Robustness, baseline = 100. */
      robustness: z.array(z.object({ label: z.string(), mean: z.number(), spread: z.number() })),
    })
    .nullable(),
  settings: z.array(setting),
  seeds: z.array(z.number()),
  /** Runs by status; `new`: not there yet. */
  counts: z.partialRecord(z.enum([...runStatus.options, 'new']), z.number()),
  /** Why its file cannot be read, or its runs not be found; null when all is well. */
  problem: problemSchema.nullable(),
})
export type FamilySummary = z.infer<typeof familySummary>

const familyDetail = familySummary.extend({
  /** The text of its file. */
  yaml: z.string(),
  problems: z.array(problemSchema),
})
export type FamilyDetail = z.infer<typeof familyDetail>

/** Recipes that were started: each a file, its runs found by what they are. */
export const familyCalls = {
  /** By name; one that cannot be read has a `problem`, and no settings. */
  'family.list': method({ view: true, audited: false, paths: [] }, none, z.array(familySummary)),
  'family.get': method({ view: true, audited: false, paths: [] }, z.object({ name }), familyDetail),
  /** Trials of the search of a family and what they say; null for a family without one. */
  'family.search': method(
    { view: true, audited: false, paths: [] },
    z.object({ name }),
    searchView.nullable(),
  ),
  /** What its finished runs say as one file without scripts: answers, scores over seeds with ties, methods, recipe. */
  'family.report': method(
    { view: true, audited: false, paths: [] },
    z.object({ name, format: z.enum(['html', 'markdown']) }),
    file,
  ),
  /** Keeps a recipe as a family, and queues what is missing unless told not to. A name that another family has is refused, or gets a number where `rename` says so. */
  'family.create': method(
    { view: false, audited: true, paths: [] },
    asked.extend({ queue: z.boolean().default(true), rename: z.boolean().default(false) }),
    queuedRuns,
  ),
  /** Writes seeds into the recipe and queues their missing runs; no seeds: every run that is missing. */
  'family.addSeeds': method(
    { view: false, audited: true, paths: [] },
    z.object({ name, seeds: z.array(z.number().int().min(0)).max(100) }),
    queuedRuns,
  ),
  /** Queues nothing more of a graph; what waits of it leaves the queue, what works goes on to its end. */
  'family.stop': method({ view: false, audited: true, paths: [] }, z.object({ name }), ok),
  /** Goes on with a family: what is missing, stopped, interrupted or failed is queued, in a graph as its parents finish. */
  'family.continue': method({ view: false, audited: true, paths: [] }, z.object({ name }), queuedRuns),
  /** Moves the file to the trash of the families; the runs stay. */
  'family.remove': method({ view: false, audited: true, paths: [] }, z.object({ name }), ok),
} as const
