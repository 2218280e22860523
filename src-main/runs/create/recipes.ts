import { join } from 'node:path'
import type { RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { PlannedRun } from '../../../src-shared/schema/expand-recipe.ts'
import { expandRecipe, tagOf } from '../../../src-shared/schema/expand-recipe.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { parseRecipe } from '../../../src-shared/schema/recipe.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { parseYaml } from './config-text.ts'
import type { CreateOptions } from './create-run.ts'
import { createRun, repeatsOf, resolveConfig } from './create-run.ts'
import type { DataDescription, DescribeData } from '../workers/engine-parts.ts'
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

interface Expanded {
  readonly recipe: Recipe
  readonly runs: readonly PlannedRun[]
  readonly excluded: number
  readonly problems: readonly Problem[]
}

/** What a recipe would queue, and which of it is there already. Problems of its configs and data are part of the answer. */
export async function planRecipe(deps: RecipeDeps, request: RecipeRequest): Promise<RecipePlanView> {
  const { recipe, runs, excluded, problems } = expand(deps, request)
  const looked = { ...deps, describeData: once(deps.describeData) }
  const found: Problem[] = [...problems]
  const rows: RecipePlanView['runs'] = []
  for (const run of runs) {
    const known = await knownRun(looked, run.config).catch((error: unknown) => {
      found.push(...toProblems(error))
      return { id: null, status: null }
    })
    rows.push({ ...rowOf(run), ...known })
  }
  const distinct = [...new Map(found.map((p) => [`${p.path ?? ''} ${p.message}`, { ...p }])).values()]
  const { name, description, compareTo } = recipe
  return {
    name,
    description,
    compareTo,
    tag: tagOf(recipe),
    inputs: Object.entries(recipe.inputs).map(([key, input]) => ({
      name: key,
      label: input.label,
      help: input.help,
      value: request.inputs[key] ?? input.default,
    })),
    problems: distinct,
    excluded,
    runs: rows,
  }
}

/** Queues the runs of a recipe that are not done; all of them carry its tag. @throws CotrainError when any of them is wrong. */
export async function queueRecipe(
  deps: RecipeDeps,
  request: RecipeRequest,
): Promise<{ ids: string[]; queued: number; known: number; diverged: number; tag: string }> {
  const plan = await planRecipe(deps, request)
  if (plan.problems.length > 0) throw new CotrainError(plan.problems as Problem[])
  const { runs, recipe } = expand(deps, request)
  const tag = tagOf(recipe)
  const options = { ...deps, describeData: once(deps.describeData) }
  const ids: string[] = []
  let queued = 0
  let diverged = 0
  for (const { config } of runs) {
    const made = await createRun(options, config, { folder: deps.folder, relabel: false })
    ids.push(made.id)
    if (made.status === 'diverged') diverged++
    const wasIdle = plan.runs.find((r) => r.id === made.id)?.status !== made.status
    if (made.created || wasIdle) queued++
    if (!made.created) await addTag(deps, made.id, tag)
  }
  return { ids, queued, known: ids.length - queued - diverged, diverged, tag }
}

async function addTag({ store }: RecipeDeps, id: string, tag: string): Promise<void> {
  const { tags } = store.summary(id)
  if (!tags.includes(tag)) await store.annotate(id, { tags: [...tags, tag] })
}

/** @throws CotrainError for a recipe that cannot be read. */
function expand({ presets }: RecipeDeps, { recipe: given, inputs }: RecipeRequest): Expanded {
  const parsed = parseRecipe(typeof given === 'string' ? parseYaml(given) : given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  const shipped = new Map(readPresets(presets).map((p) => [p.id, p.yaml]))
  const find = (name: string): PlainConfig | null => {
    const yaml = shipped.get(name)
    return yaml === undefined ? null : (parseYaml(yaml, name) as PlainConfig)
  }
  return { recipe: parsed.value, ...expandRecipe(parsed.value, find, inputs) }
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
  return { id: (known ?? repeats[0])?.id ?? null, status: known?.status ?? null }
}

/** Looks at the data of each data set once, however many runs use it. */
function once(describeData: DescribeData): DescribeData {
  const seen = new Map<string, Promise<DataDescription>>()
  return (choice, dataSeed, folder) => {
    const key = canonicalJson({ choice, dataSeed, folder })
    const answer = seen.get(key) ?? describeData(choice, dataSeed, folder)
    seen.set(key, answer)
    return answer
  }
}
