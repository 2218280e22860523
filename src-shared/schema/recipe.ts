import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import type { Parsed } from './component.ts'
import { problemsOf } from './problem-words.ts'
import { isAdaptive, searchSchema } from './search.ts'

const patch = z.record(z.string(), z.unknown())
/** A config as written, or the name of a shipped one (`demo-baseline`) or of a file beside the recipe. */
const start = z.union([z.string(), z.record(z.string(), z.unknown())])

const axis = z.strictObject({
  /** Name of the column in tables. */
  label: z.string().min(1),
  values: z.array(z.strictObject({ label: z.string().min(1), patch })).min(1),
})

/** What varies about a baseline. The grid is the product of the axes, nothing else is ever crossed. */
const body = {
  axes: z.array(axis).default([]),
  /** Variants written out one by one; `from` starts one from another config than the baseline. */
  list: z
    .array(z.strictObject({ label: z.string().min(1), from: start.optional(), patch: patch.default({}) }))
    .default([]),
  /** Variants in which all these options (or axis labels) have these values are left out. */
  exclude: z.array(z.strictObject({ match: patch })).default([]),
  search: searchSchema.nullable().default(null),
  /** One run of each variant per seed; empty: those of the recipe, else the seed of the config. */
  seeds: z.array(z.number().int().min(0)).default([]),
}

/** One step of a graph. Its configs may take weights and data from other steps, see `step-reference.ts`. */
const step = z.strictObject({
  /** For people; empty: its name. */
  title: z.string().default(''),
  baseline: start,
  ...body,
})
export type RecipeStep = z.output<typeof step>

/** Figures of others that the scores of this recipe are looked at beside; never part of what is computed. */
const published = z.strictObject({
  /** Where they stand, and how sure they are. */
  source: z.string().min(1),
  /** Robustness relative to the baseline = 100 of some settings, with their spread. */
  robustness: z
    .array(z.strictObject({ label: z.string().min(1), mean: z.number(), spread: z.number().min(0) }))
    .min(1),
})

/** A family of runs: a baseline and what varies, or several such steps of which later ones build on the runs of earlier ones. */
const recipeSchema = z.strictObject({
  name: z.string().min(1),
  /** What its runs answer, in one line. */
  question: z.string().max(200).default(''),
  description: z.string().default(''),
  /** Values that only the user has, such as the id of a finished run; `${name}` in any text of the recipe is replaced. */
  inputs: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected small letters, digits and _'),
      z.strictObject({ label: z.string(), help: z.string().default(''), default: z.string().default('') }),
    )
    .default({}),
  /** Absent in a recipe of steps. */
  baseline: start.optional(),
  ...body,
  /** The graph: name -> step. They may stand in any order. */
  steps: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/, 'expected small letters, digits, _ and -'), step)
    .default({}),
  /** Label of the variant that the others are compared with. */
  compareTo: z.string().default(''),
  /** Tag of all its runs; empty: the name. */
  tag: z.string().default(''),
  published: published.nullable().default(null),
  /** A graph that was stopped: nothing more of it is queued by itself. */
  stopped: z.boolean().default(false),
})

export type Recipe = z.output<typeof recipeSchema>
export type RecipeIn = z.input<typeof recipeSchema>

/** Validates a recipe as written. The configs in it are checked when it is expanded. */
export function parseRecipe(given: unknown): Parsed<Recipe> {
  const parsed = recipeSchema.safeParse(given)
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, recipeSchema, given, '') }
  const problems = [
    ...shapeProblems(parsed.data),
    ...labelProblems(parsed.data),
    ...searchProblems(parsed.data),
  ]
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: parsed.data }
}

/** A baseline with what varies about it: a whole flat recipe, or one step. */
export interface RecipeBody extends RecipeStep {
  /** Name of the step; empty for a flat recipe. */
  readonly name: string
  /** Where it stands in the recipe: "" or "steps.<name>.". */
  readonly at: string
}

/** The steps of a recipe as they are written; a flat one is a single step without a name. */
export function bodiesOf(recipe: Recipe): readonly RecipeBody[] {
  const { baseline, axes, list, exclude, search, seeds, steps } = recipe
  if (baseline !== undefined)
    return [{ name: '', at: '', title: '', baseline, axes, list, exclude, search, seeds }]
  return Object.entries(steps).map(([name, one]) => ({
    ...one,
    name,
    at: `steps.${name}.`,
    title: one.title === '' ? name : one.title,
    seeds: one.seeds.length > 0 ? one.seeds : seeds,
  }))
}

/** Whether its runs build on each other. */
export const isGraph = ({ steps }: Pick<Recipe, 'steps'>): boolean => Object.keys(steps).length > 0

/** Whether further runs of it come by themselves, as others finish. */
export const grows = (recipe: Pick<Recipe, 'steps' | 'search'>): boolean =>
  isGraph(recipe) || isAdaptive(recipe.search)

const BODY = ['axes', 'list', 'exclude', 'search'] as const

/** A recipe is flat or has steps, never both. */
function shapeProblems(recipe: Recipe): readonly Problem[] {
  const problem = (path: string, message: string, hint: string): readonly Problem[] => [
    { code: 'config-invalid', path, message, hint },
  ]
  if (!isGraph(recipe)) {
    if (recipe.baseline !== undefined) return []
    return problem('baseline', 'is not given.', 'Name a config or write it out, or give the recipe steps.')
  }
  if (recipe.baseline !== undefined)
    return problem('baseline', 'a recipe with steps has none of its own.', 'Move it into a step.')
  const own = BODY.find((key) => recipe[key] !== null && Object.keys(recipe[key]).length > 0)
  if (own === undefined) return []
  return problem(own, 'a recipe with steps varies nothing itself.', 'Move it into a step.')
}

/** What decides by scores which runs there are would leave open what later steps build on. */
const searchProblems = ({ steps }: Recipe): readonly Problem[] =>
  Object.entries(steps).flatMap(([name, { search }]) =>
    search === null || (search.method !== 'bayesian' && search.prune === null)
      ? []
      : [
          {
            code: 'config-invalid',
            path: `steps.${name}.search`,
            message: 'a step is no place for a search that chooses or ends its trials by their scores.',
            hint: 'Give the search a recipe of its own, or use grid, random or sobol without prune.',
          },
        ],
  )

function labelProblems(recipe: Recipe): readonly Problem[] {
  const problems: Problem[] = []
  const twice = (labels: readonly string[], path: string): void => {
    const again = labels.find((label, i) => labels.indexOf(label) < i)
    if (again !== undefined)
      problems.push({
        code: 'config-invalid',
        path,
        message: `"${again}" is there twice.`,
        hint: 'Give each a label of its own.',
      })
  }
  const bodies = bodiesOf(recipe)
  for (const { at, axes, list } of bodies) {
    twice(
      axes.map((a) => a.label),
      `${at}axes`,
    )
    axes.forEach((a, i) =>
      twice(
        a.values.map((v) => v.label),
        `${at}axes.${i}.values`,
      ),
    )
    twice(
      list.map((v) => v.label),
      `${at}list`,
    )
  }
  const { compareTo } = recipe
  const labels = bodies.flatMap(({ list }) => list.map((v) => v.label))
  const isListed = labels.length > 0 && bodies.every(({ axes }) => axes.length === 0)
  const known = [...labels, ...bodies.filter(({ list }) => list.length === 0).map(({ title }) => title)]
  if (compareTo !== '' && isListed && !known.includes(compareTo))
    problems.push({
      code: 'config-invalid',
      path: 'compareTo',
      message: `no variant is called "${compareTo}".`,
      hint: `Use one of ${known.map((label) => `"${label}"`).join(', ')}.`,
    })
  return problems
}

/** The inputs of a recipe that have no value yet. */
export const missingInputs = (recipe: Recipe, inputs: Readonly<Record<string, string>>): readonly string[] =>
  Object.keys(recipe.inputs).filter((name) => inputOf(recipe, inputs, name) === '')

const inputOf = (recipe: Recipe, inputs: Readonly<Record<string, string>>, name: string): string =>
  (inputs[name] ?? recipe.inputs[name]?.default ?? '').trim()

/** Puts the inputs in the place of `${name}`, in every text below. */
export function withInputs<T>(recipe: Recipe, inputs: Readonly<Record<string, string>>, value: T): T {
  const replace = (text: string): string =>
    Object.keys(recipe.inputs).reduce(
      (out, name) => out.replaceAll(`\${${name}}`, inputOf(recipe, inputs, name)),
      text,
    )
  const walk = (at: unknown): unknown => {
    if (typeof at === 'string') return replace(at)
    if (Array.isArray(at)) return at.map(walk)
    if (at === null || typeof at !== 'object') return at
    return Object.fromEntries(Object.entries(at).map(([key, inner]) => [key, walk(inner)]))
  }
  return walk(value) as T // the same shape with other texts
}
