import { join } from 'node:path'
import type { RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { FindConfig, PlannedRun } from '../../../src-shared/schema/expand-recipe.ts'
import { expandRecipe, tagOf } from '../../../src-shared/schema/expand-recipe.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { parseRecipe, withInputs } from '../../../src-shared/schema/recipe.ts'
import { runIdentity } from '../../../src-shared/schema/run-identity.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseYaml } from './config-text.ts'
import type { CreateOptions } from './create-run.ts'
import { createRun, repeatsOf, resolveConfig } from './create-run.ts'
import type { DataDescription, DescribeData } from '../workers/engine-parts.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Preset } from './presets.ts'
import { readPresets } from './presets.ts'

/** The shipped recipes lie beside the shipped configs. */
export const readRecipes = (presets: string): Preset[] => readPresets(join(presets, 'recipes'))

export interface RecipeRequest {
  readonly recipe: string | PlainConfig
  readonly inputs: Readonly<Record<string, string>>
}

export interface RecipeDeps extends CreateOptions {
  /** Folder of the shipped configs. */
  readonly presets: string
  /** Folder from which relative paths of configs are seen. */
  readonly folder: string
}

/** A recipe with the runs that it comes to. */
export interface ExpandedRecipe {
  readonly recipe: Recipe
  readonly runs: readonly PlannedRun[]
  readonly excluded: number
  readonly problems: readonly Problem[]
}

/** What a recipe would queue, and which of it is there already. Problems of its configs and data are part of the answer. */
export const planRecipe = (deps: RecipeDeps, request: RecipeRequest): Promise<RecipePlanView> =>
  planOf(deps, request, expandedRecipe(deps, request))

/**
 * The same of a recipe whose runs carry its tag, by their options alone: nothing is looked up in the data, which takes seconds and
 * is of no use where they are gone. A run that lost the tag counts as not made. `all`: the runs of the store.
 */
export function heldPlan(
  { store }: Pick<RecipeDeps, 'store'>,
  expanded: ExpandedRecipe,
  all: readonly RunSummary[],
): RecipePlanView {
  const held = heldRuns(store, tagOf(expanded.recipe), all)
  const rows = expanded.runs.map((run) => ({ ...rowOf(run), ...held(run.config) }))
  return viewOf({}, expanded, rows, expanded.problems)
}

async function planOf(
  deps: RecipeDeps,
  request: RecipeRequest,
  expanded: ExpandedRecipe,
): Promise<RecipePlanView> {
  const looked = lookingOnce(deps)
  let held: ReturnType<typeof heldRuns> | null = null
  const found: Problem[] = [...expanded.problems]
  const rows: RecipePlanView['runs'] = []
  for (const run of expanded.runs) {
    const known = await knownRun(looked, run.config).catch((error: unknown) => {
      found.push(...toProblems(error))
      held ??= heldRuns(deps.store, tagOf(expanded.recipe), allRuns(deps.store))
      return held(run.config)
    })
    rows.push({ ...rowOf(run), ...known })
  }
  return viewOf(request.inputs, expanded, rows, found)
}

function viewOf(
  inputs: RecipeRequest['inputs'],
  { recipe, excluded }: ExpandedRecipe,
  rows: RecipePlanView['runs'],
  found: readonly Problem[],
): RecipePlanView {
  const distinct = [...new Map(found.map((p) => [`${p.path ?? ''} ${p.message}`, { ...p }])).values()]
  const { name, question, description, compareTo } = recipe
  return {
    name,
    question,
    description,
    compareTo,
    tag: tagOf(recipe),
    inputs: Object.entries(recipe.inputs).map(([key, input]) => ({
      name: key,
      label: input.label,
      help: input.help,
      value: inputs[key] ?? input.default,
    })),
    problems: distinct,
    excluded,
    runs: rows,
  }
}

/** The plan of a recipe in which nothing is wrong. @throws CotrainError with its problems. */
export const soundPlan = async (deps: RecipeDeps, request: RecipeRequest): Promise<RecipePlanView> =>
  sound(await planRecipe(deps, request))

function sound(plan: RecipePlanView): RecipePlanView {
  if (plan.problems.length > 0) throw new CotrainError(plan.problems as Problem[]) // they went in as such
  return plan
}

/** What queueing did: ids in the order of the plan. */
export interface QueuedRuns {
  readonly ids: string[]
  readonly queued: number
  readonly known: number
  readonly diverged: number
  readonly tag: string
}

/**
 * Queues the runs of a recipe that are not done, only those of `seeds` where some are named; all of them carry its tag. The first
 * seed of every variant comes first, so that there is something to compare early. @throws CotrainError when any of them is wrong.
 */
export async function queueRecipe(
  deps: RecipeDeps,
  request: RecipeRequest,
  seeds: readonly number[] = [],
): Promise<QueuedRuns> {
  const expanded = expandedRecipe(deps, request)
  const plan = sound(await planOf(deps, request, expanded))
  const { runs, recipe } = expanded
  const tag = tagOf(recipe)
  const options = lookingOnce(deps)
  const order = [...new Set(runs.map((run) => run.config.seed))]
  const bySeed = runs.toSorted((a, b) => order.indexOf(a.config.seed) - order.indexOf(b.config.seed))
  const ids = new Map<PlannedRun, string>()
  let queued = 0
  let diverged = 0
  for (const run of bySeed) {
    if (seeds.length > 0 && !seeds.includes(run.config.seed)) continue
    const made = await createRun(options, run.config, { folder: deps.folder, relabel: false })
    ids.set(run, made.id)
    if (made.status === 'diverged') diverged++
    const wasIdle = plan.runs.find((r) => r.id === made.id)?.status !== made.status
    if (made.created || wasIdle) queued++
    if (!made.created) await addTag(deps, made.id, tag)
  }
  const made = runs.flatMap((run) => ids.get(run) ?? [])
  return { ids: made, queued, known: made.length - queued - diverged, diverged, tag }
}

/**
 * The recipe as it is now, to be kept: the configs that it names and its inputs are written out, so that it stays what it is when
 * those change. What has its default is left out. @throws CotrainError for what is no recipe.
 */
export function frozenRecipe(deps: RecipeDeps, request: RecipeRequest): PlainConfig {
  const recipe = parsedRecipe(request.recipe)
  const ready = withInputs(recipe, request.inputs, recipe)
  const find = shippedConfigs(deps)
  const written = (start: string | PlainConfig): string | PlainConfig =>
    typeof start === 'string' ? (find(start) ?? start) : start
  const { inputs: _given, ...kept } = {
    ...ready,
    baseline: written(ready.baseline),
    list: ready.list.map(({ from, ...v }) => ({ ...v, ...(from !== undefined && { from: written(from) }) })),
  }
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => isSaid(value)))
}

const isSaid = (value: unknown): boolean =>
  value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

async function addTag({ store }: RecipeDeps, id: string, tag: string): Promise<void> {
  const { tags } = store.summary(id)
  if (!tags.includes(tag)) await store.annotate(id, { tags: [...tags, tag] })
}

/** @throws CotrainError for a recipe that cannot be read. */
export function expandedRecipe(
  deps: Pick<RecipeDeps, 'presets'>,
  { recipe: given, inputs }: RecipeRequest,
): ExpandedRecipe {
  const recipe = parsedRecipe(given)
  return { recipe, ...expandRecipe(recipe, shippedConfigs(deps), inputs) }
}

function parsedRecipe(given: RecipeRequest['recipe']): Recipe {
  const parsed = parseRecipe(typeof given === 'string' ? parseYaml(given) : given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  return parsed.value
}

function shippedConfigs({ presets }: Pick<RecipeDeps, 'presets'>): FindConfig {
  const shipped = new Map(readPresets(presets).map((p) => [p.id, p.yaml]))
  return (name) => {
    const yaml = shipped.get(name)
    return yaml === undefined ? null : (parseYaml(yaml, name) as PlainConfig)
  }
}

const rowOf = ({ label, choices, patch, config, also }: PlannedRun) => ({
  label,
  name: config.name,
  choices,
  changes: Object.entries(patch).map(([path, value]) => ({ path, value })),
  also: [...also],
  seed: config.seed,
})

/** The run of these settings that counts: the finished one, else the first one there is. */
async function knownRun(deps: RecipeDeps, config: RunConfig) {
  const repeats = repeatsOf(deps.store, await resolveConfig(deps, config, deps.folder))
  const known =
    repeats.find(({ status }) => status === 'finished') ?? repeats.find(({ status }) => status !== null)
  const groupId = (known ?? repeats[0])?.identity.group ?? null
  return { id: (known ?? repeats[0])?.id ?? null, status: known?.status ?? null, groupId }
}

/** Finds the run of some options among those that carry the tag: the finished one, else the newest. */
function heldRuns(store: RunStore, tag: string, all: readonly RunSummary[]) {
  const byOptions = new Map<string, RunSummary>()
  for (const run of all) {
    if (!run.readable || !run.tags.includes(tag)) continue
    const options = optionsOfRun(store, run.id)
    const known = byOptions.get(options)
    if (known === undefined || (run.status === 'finished' && known.status !== 'finished'))
      byOptions.set(options, run)
  }
  return (config: RunConfig) => {
    const held = byOptions.get(optionsOf(config))
    return { id: held?.id ?? null, status: held?.status ?? null, groupId: held?.groupId ?? null }
  }
}

/** Every run of the store, the newest first. */
export const allRuns = (store: RunStore): readonly RunSummary[] =>
  store.list({ limit: Number.MAX_SAFE_INTEGER }).runs

const ofConfigs = new WeakMap<RunConfig, string>()
/** Options as one text, which is worked out once: the runs of a family are looked for again and again. */
function optionsOf(config: RunConfig): string {
  const text = ofConfigs.get(config) ?? canonicalJson(runIdentity(config))
  ofConfigs.set(config, text)
  return text
}

const ofRuns = new WeakMap<RunStore, Map<string, string>>()
/** The same of a run, whose config never changes. */
function optionsOfRun(store: RunStore, id: string): string {
  const known = ofRuns.get(store) ?? new Map<string, string>()
  ofRuns.set(store, known)
  const text = known.get(id) ?? optionsOf(store.read(id).config)
  known.set(id, text)
  return text
}

/** What is asked of the data in one piece of work is looked at once for each data set, however many runs use it. */
export const lookingOnce = <T extends Pick<RecipeDeps, 'describeData'>>(deps: T): T => ({
  ...deps,
  describeData: once(deps.describeData),
})

function once(describeData: DescribeData): DescribeData {
  const seen = new Map<string, Promise<DataDescription>>()
  return (choice, dataSeed, folder) => {
    const key = canonicalJson({ choice, dataSeed, folder })
    const answer = seen.get(key) ?? describeData(choice, dataSeed, folder)
    seen.set(key, answer)
    return answer
  }
}
