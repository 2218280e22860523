import { z } from 'zod'
import type { Problem } from '../contract/errors.ts'
import type { Parsed } from './component.ts'
import { problemsOf } from './problem-words.ts'
import { searchSchema } from './search-space.ts'

const patch = z.record(z.string(), z.unknown())
/** A config as written, or the name of a shipped one (`demo-baseline`) or of a file beside the recipe. */
const start = z.union([z.string(), z.record(z.string(), z.unknown())])

const axis = z.strictObject({
  /** Name of the column in tables. */
  label: z.string().min(1),
  values: z.array(z.strictObject({ label: z.string().min(1), patch })).min(1),
})

/** A family of runs: a baseline and what varies. The grid is the product of the axes, nothing else is ever crossed. */
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
  baseline: start,
  axes: z.array(axis).default([]),
  /** Variants written out one by one; `from` starts one from another config than the baseline. */
  list: z
    .array(z.strictObject({ label: z.string().min(1), from: start.optional(), patch: patch.default({}) }))
    .default([]),
  /** Variants in which all these options (or axis labels) have these values are left out. */
  exclude: z.array(z.strictObject({ match: patch })).default([]),
  search: searchSchema.nullable().default(null),
  /** One run of each variant per seed; empty: the seed of the config. */
  seeds: z.array(z.number().int().min(0)).default([]),
  /** Label of the variant that the others are compared with. */
  compareTo: z.string().default(''),
  /** Tag of all its runs; empty: the name. */
  tag: z.string().default(''),
})

export type Recipe = z.output<typeof recipeSchema>
export type RecipeIn = z.input<typeof recipeSchema>

/** Validates a recipe as written. The configs in it are checked when it is expanded. */
export function parseRecipe(given: unknown): Parsed<Recipe> {
  const parsed = recipeSchema.safeParse(given)
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, recipeSchema, given, '') }
  const problems = labelProblems(parsed.data)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: parsed.data }
}

function labelProblems({ axes, list, compareTo }: Recipe): readonly Problem[] {
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
  twice(
    axes.map((a) => a.label),
    'axes',
  )
  axes.forEach((a, i) =>
    twice(
      a.values.map((v) => v.label),
      `axes.${i}.values`,
    ),
  )
  twice(
    list.map((v) => v.label),
    'list',
  )
  if (compareTo !== '' && list.length > 0 && axes.length === 0 && !list.some((v) => v.label === compareTo))
    problems.push({
      code: 'config-invalid',
      path: 'compareTo',
      message: `no variant is called "${compareTo}".`,
      hint: `Use one of ${list.map((v) => `"${v.label}"`).join(', ')}.`,
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
