import type { Problem } from '../contract/errors.ts'
import { canonicalJson } from './canonical.ts'
import type { PlainConfig } from './component.ts'
import type { Patch } from './patch.ts'
import { applyPatch, valueAt } from './patch.ts'
import type { Recipe, RecipeBody } from './recipe.ts'
import { bodiesOf, isGraph, missingInputs, withInputs } from './recipe.ts'
import type { Variant } from './recipe-variants.ts'
import { variantsOf } from './recipe-variants.ts'
import { searchProblems } from './search-problems.ts'
import type { RunConfig } from './run-config.ts'
import { parseRunConfig, runConfigSchema } from './run-config.ts'
import { runIdentity } from './run-identity.ts'
import { orderSteps } from './step-order.ts'
import type { Need } from './step-reference.ts'
import { runsNamed, withReferences } from './step-reference.ts'

/** Beyond this a recipe is a slip of the hand. */
export const MOST_RUNS = 1000
/** The same mistake in a hundred variants is one mistake. */
const MOST_PROBLEMS = 20
const DEFAULT_SEED = runConfigSchema.shape.seed.parse(undefined)

/** One run of an expanded recipe. */
export interface PlannedRun {
  /** Name of its step; empty in a flat recipe. */
  readonly step: string
  /** Name of its variant; empty for the baseline itself. */
  readonly label: string
  /** Axis label -> value label; empty for variants that are written out. */
  readonly choices: Readonly<Record<string, string>>
  readonly patch: Patch
  /** With places held for the runs that it needs. */
  readonly config: RunConfig
  /** Runs of other steps that it builds on. */
  readonly needs: readonly Need[]
  /** Labels of further variants that are the same run. */
  readonly also: readonly string[]
}

/** A step as people see it. */
export interface PlannedStep {
  readonly name: string
  readonly title: string
  /** Names of the steps that it builds on. */
  readonly after: readonly string[]
  /** Steps on the longest way to it. */
  readonly depth: number
}

export interface RecipePlan {
  /** Empty for a flat recipe; each comes after those that it builds on. */
  readonly steps: readonly PlannedStep[]
  /** In the order of the steps. */
  readonly runs: readonly PlannedRun[]
  /** Variants that `exclude` left out. */
  readonly excluded: number
  readonly problems: readonly Problem[]
}

/** Gives the config behind a name; null when there is none. */
export type FindConfig = (name: string) => PlainConfig | null

/**
 * The runs of a recipe, step by step: axes from left to right, then the list, then the trials of a search, each with every seed
 * in turn. Always the same for the same recipe. Variants of a step that are the same run are merged; nothing is checked against
 * data or runs.
 */
export function expandRecipe(
  recipe: Recipe,
  findConfig: FindConfig,
  inputs: Readonly<Record<string, string>> = {},
): RecipePlan {
  const missing = missingInputs(recipe, inputs)
  if (missing.length > 0) return refused(missing.map((name) => missingInput(recipe, name)))
  const ready = withInputs(recipe, inputs, recipe)
  const order = orderSteps(bodiesOf(ready))
  if ('problems' in order) return refused(order.problems)
  const work = order.steps.map(({ body }) => ({ body, variants: variantsOf(body) }))
  const count = work.reduce(
    (n, { body, variants }) => n + variants.length * Math.max(1, body.seeds.length),
    0,
  )
  if (count > MOST_RUNS) return refused([tooMany(count)])
  const parts = new Map<string, ExpandedBody>()
  for (const { body, variants } of work)
    parts.set(
      body.name,
      expandBody(body, variants, ready, { findConfig, runsOf: (name) => parts.get(name)?.runs ?? [] }),
    )
  const all = [...parts.values()]
  return {
    steps: isGraph(ready)
      ? order.steps.map(({ body: { name, title }, after, depth }) => ({ name, title, after, depth }))
      : [],
    runs: all.flatMap(({ runs }) => runs),
    excluded: all.reduce((n, part) => n + part.excluded, 0),
    problems: fewest(all.flatMap(({ problems }) => problems)),
  }
}

type ExpandedBody = Omit<RecipePlan, 'steps'>

interface Around {
  readonly findConfig: FindConfig
  readonly runsOf: (step: string) => readonly PlannedRun[]
}

function expandBody(
  body: RecipeBody,
  variants: readonly Variant[],
  recipe: Recipe,
  { findConfig, runsOf }: Around,
): ExpandedBody {
  const problems: Problem[] = []
  const runs = new Map<string, PlannedRun>()
  let excluded = 0
  for (const variant of variants) {
    const start = typeof variant.from === 'string' ? findConfig(variant.from) : variant.from
    if (start === null) {
      // Only a name can be unknown.
      problems.push(unknownConfig(variant.from as string, body.at, variant.label))
      continue
    }
    const given = named(applyPatch(start, variant.patch), start, variant, body, recipe)
    if (body.exclude.some(({ match }) => isMatch(match, variant, given))) excluded++
    else for (const seed of body.seeds.length > 0 ? body.seeds : [null]) add(variant, given, seed)
  }
  if (body.name !== '' && runs.size === 0 && problems.length === 0) problems.push(emptyStep(body))
  const start = typeof body.baseline === 'string' ? findConfig(body.baseline) : body.baseline
  if (body.search !== null && start !== null && problems.length === 0)
    problems.push(...searchProblems(body, body.search, start, runs.values().next().value?.config))
  return { runs: [...runs.values()], excluded, problems }

  function add(variant: Variant, given: PlainConfig, seed: number | null): void {
    const seeded = seed === null ? given : { ...given, seed }
    const own = seed ?? (typeof given['seed'] === 'number' ? given['seed'] : DEFAULT_SEED)
    const referring = withReferences(seeded, own, runsOf)
    const parsed = parseRunConfig(referring.config)
    // An option that a reference should have filled is no second mistake.
    const found = referring.problems.length > 0 || parsed.ok ? referring.problems : parsed.problems
    if (found.length > 0 || !parsed.ok) {
      problems.push(...found.map((p) => of(body, variant, p)))
      return
    }
    const key = canonicalJson([runIdentity(parsed.value), runsNamed(parsed.value.dataset)])
    const { label, choices, patch } = variant
    const known = runs.get(key)
    const { needs } = referring
    if (known === undefined)
      runs.set(key, { step: body.name, label, choices, patch, config: parsed.value, needs, also: [] })
    else if (known.label !== label && !known.also.includes(label))
      runs.set(key, { ...known, also: [...known.also, label] })
  }
}

/** A variant has a name of its own unless its patch gives it one, and carries the tag of the recipe. */
function named(
  given: PlainConfig,
  start: PlainConfig,
  { label, patch, isOwn }: Variant,
  { title }: RecipeBody,
  recipe: Recipe,
): PlainConfig {
  const family = title === '' ? recipe.name : `${recipe.name}, ${title}`
  const base = typeof start['name'] === 'string' && start['name'] !== '' ? start['name'] : family
  const name = 'name' in patch ? patch['name'] : label === '' || isOwn ? base : `${base}, ${label}`
  const tags: unknown[] = Array.isArray(given['tags']) ? given['tags'] : []
  const tag = tagOf(recipe)
  return { ...given, name, tags: tags.includes(tag) ? tags : [...tags, tag] }
}

export const tagOf = ({ tag, name }: Pick<Recipe, 'tag' | 'name'>): string => (tag === '' ? name : tag)

const isMatch = (match: Patch, { choices }: Variant, given: PlainConfig): boolean =>
  Object.entries(match).every(([key, value]) =>
    key in choices ? choices[key] === String(value) : same(valueAt(given, key), value),
  )
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b)

function of({ title }: RecipeBody, { label }: Variant, problem: Problem): Problem {
  const places = [title, label].filter((word) => word !== '').map((word) => `"${word}"`)
  return places.length === 0
    ? problem
    : { ...problem, message: `${problem.message} (in ${places.join(', ')})` }
}

function fewest(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((p) => [`${p.path ?? ''} ${p.message}`, p]))
  return [...seen.values()].slice(0, MOST_PROBLEMS)
}

const refused = (problems: readonly Problem[]): RecipePlan => ({ steps: [], runs: [], excluded: 0, problems })

function missingInput(recipe: Recipe, name: string): Problem {
  const { label = '', help = '' } = recipe.inputs[name] ?? {}
  return {
    code: 'config-invalid',
    path: `inputs.${name}`,
    message: `${label === '' ? name : label} is not given.`,
    hint: help === '' ? 'Give it a value.' : help,
  }
}

const tooMany = (count: number): Problem => ({
  code: 'config-invalid',
  path: 'axes',
  message: `these are ${count} runs, the most is ${MOST_RUNS}.`,
  hint: 'Vary fewer options at once, or use fewer values.',
})

const emptyStep = ({ name, title }: RecipeBody): Problem => ({
  code: 'config-invalid',
  path: `steps.${name}.exclude`,
  message: `the step "${title}" makes no run: every variant is left out.`,
  hint: 'Leave fewer out, or take the step away.',
})

const unknownConfig = (name: string, at: string, label: string): Problem => ({
  code: 'config-invalid',
  path: at + (label === '' ? 'baseline' : `list.${label}.from`),
  message: `no config is called "${name}".`,
  hint: 'Name a shipped config, a file beside the recipe, or write the config out.',
})
