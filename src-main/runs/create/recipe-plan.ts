import type { Ancestor, RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { WarmUp } from '../../../src-shared/contract/calls/config.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { FindConfig, PlannedRun, RecipePlan } from '../../../src-shared/schema/expand-recipe.ts'
import { expandRecipe, tagOf } from '../../../src-shared/schema/expand-recipe.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { parseRecipe } from '../../../src-shared/schema/recipe.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import type { RunStore } from '../../store/run-store.ts'
import { validationScore } from '../read/validation-score.ts'
import type { DataDescription, DescribeData } from '../workers/engine-parts.ts'
import { parseYaml } from './config-text.ts'
import type { CreateOptions } from './create-run.ts'
import { repeatsOf, resolveConfig } from './create-run.ts'
import type { Graph, Standing } from './graph-state.ts'
import { followGraph } from './graph-state.ts'
import type { FoundRun } from './held-runs.ts'
import { allRuns, heldRuns, NOT_MADE } from './held-runs.ts'
import { readPresets } from './presets.ts'

export interface RecipeRequest {
  readonly recipe: string | PlainConfig
  readonly inputs: Readonly<Record<string, string>>
}

export interface RecipeDeps extends CreateOptions {
  /** Folder of the shipped configs. */
  readonly presets: string
  /** Folder from which relative paths of configs are seen. */
  readonly folder: string
  /** What timed steps of a config said; null where it was not timed. */
  timed?(config: RunConfig): WarmUp | null
}

/** A recipe with the runs that it comes to. */
export interface ExpandedRecipe extends RecipePlan {
  readonly recipe: Recipe
}

/** A planned run with what is known of it. */
interface PlanRow {
  readonly run: PlannedRun
  /** What is trained; null while runs that it builds on have not finished. */
  readonly config: RunConfig | null
  readonly row: RecipePlanView['runs'][number]
}

export interface Plan {
  readonly view: RecipePlanView
  readonly rows: readonly PlanRow[]
}

/** What a recipe would queue, and which of it is there already. Problems of its configs and data are part of the answer. */
export const planRecipe = async (deps: RecipeDeps, request: RecipeRequest): Promise<RecipePlanView> =>
  (await planOf(deps, request, expandedRecipe(deps, request))).view

/**
 * The same of a recipe whose runs carry its tag, by their options alone: nothing is looked up in the data, which takes seconds and
 * is of no use where they are gone. A run that lost the tag counts as not made. `all`: the runs of the store.
 */
export function heldPlan(
  { store }: Pick<RecipeDeps, 'store'>,
  expanded: ExpandedRecipe,
  all: readonly RunSummary[],
): Plan {
  const held = heldRuns(store, tagOf(expanded.recipe), all)
  const found: Problem[] = [...expanded.problems]
  const graph = graphOf(store, expanded)
  const rows = expanded.runs.map((run) => {
    const standing = standingIn(graph, run, found)
    const known = standing.config === null ? NOT_MADE : held(standing.config)
    graph.tell(run, known, standing)
    return rowOf(run, standing, known)
  })
  return viewOf({ store }, {}, expanded, rows, found)
}

/** Looks the data of every run up that has its config. */
export async function planOf(
  deps: RecipeDeps,
  request: RecipeRequest,
  expanded: ExpandedRecipe,
): Promise<Plan> {
  const looked = lookingOnce(deps)
  let held: ReturnType<typeof heldRuns> | null = null
  const found: Problem[] = [...expanded.problems]
  const graph = graphOf(deps.store, expanded)
  const rows: PlanRow[] = []
  for (const run of expanded.runs) {
    const standing = standingIn(graph, run, found)
    const { config } = standing
    const known =
      config === null
        ? NOT_MADE
        : await knownRun(looked, config).catch((error: unknown) => {
            found.push(...toProblems(error))
            held ??= heldRuns(deps.store, tagOf(expanded.recipe), allRuns(deps.store))
            return held(config)
          })
    graph.tell(run, known, standing)
    rows.push(rowOf(run, standing, known))
  }
  return viewOf(deps, request.inputs, expanded, rows, found)
}

const graphOf = (store: RunStore, { steps }: ExpandedRecipe): Graph =>
  followGraph(steps, (id) => validationScore(store, id))

/** Where the best of several cannot be told, that is a problem of the recipe, and nothing is begun. */
function standingIn(graph: Graph, run: PlannedRun, found: Problem[]): Standing {
  try {
    return graph.standingOf(run)
  } catch (error) {
    found.push(...toProblems(error))
    return { config: null, waitsFor: [], blockedBy: null }
  }
}

function rowOf(run: PlannedRun, { config, waitsFor, blockedBy }: Standing, found: FoundRun): PlanRow {
  const copy = (one: Ancestor): Ancestor => ({ ...one })
  return {
    run,
    config,
    row: {
      step: run.step,
      label: run.label,
      name: run.config.name,
      choices: run.choices,
      changes: Object.entries(run.patch).map(([path, value]) => ({ path, value })),
      also: [...run.also],
      seed: run.config.seed,
      ...found,
      waitsFor: waitsFor.map(copy),
      blockedBy: blockedBy === null ? null : copy(blockedBy),
      seconds: null,
    },
  }
}

function viewOf(
  deps: Pick<RecipeDeps, 'store' | 'timed'>,
  inputs: RecipeRequest['inputs'],
  { recipe, excluded, steps }: ExpandedRecipe,
  given: readonly PlanRow[],
  found: readonly Problem[],
): Plan {
  const distinct = [...new Map(found.map((p) => [`${p.path ?? ''} ${p.message}`, { ...p }])).values()]
  const { name, question, description, compareTo } = recipe
  const rows = withSeconds(deps, given)
  const view = {
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
    steps: steps.map(({ after, ...step }) => ({ ...step, after: [...after] })),
    runs: rows.map(({ row }) => row),
  }
  return { view, rows }
}

/** What finished runs took stands for those of the same setting that have not begun, else what timed steps said. */
function withSeconds(
  { store, timed }: Pick<RecipeDeps, 'store' | 'timed'>,
  rows: readonly PlanRow[],
): PlanRow[] {
  const settingOf = ({ row }: PlanRow): string => `${row.step}\n${row.label}`
  const taken = new Map<string, number[]>()
  const own = rows.map((one) => {
    const { id, status } = one.row
    const seconds = id !== null && status === 'finished' ? store.summary(id).seconds : null
    if (seconds !== null) taken.set(settingOf(one), [...(taken.get(settingOf(one)) ?? []), seconds])
    return seconds
  })
  return rows.map((one, i) => {
    const others = taken.get(settingOf(one)) ?? []
    const usual = others.length > 0 ? others.reduce((a, b) => a + b, 0) / others.length : null
    const seconds = own[i] ?? usual ?? timed?.(one.config ?? one.run.config)?.seconds?.total ?? null
    return { ...one, row: { ...one.row, seconds } }
  })
}

/** The run of these settings that counts: the finished one, else the first one there is. */
async function knownRun(deps: RecipeDeps, config: RunConfig): Promise<FoundRun> {
  const repeats = repeatsOf(deps.store, await resolveConfig(deps, config, deps.folder))
  const known =
    repeats.find(({ status }) => status === 'finished') ?? repeats.find(({ status }) => status !== null)
  const groupId = (known ?? repeats[0])?.identity.group ?? null
  return { id: (known ?? repeats[0])?.id ?? null, status: known?.status ?? null, groupId }
}

/** @throws CotrainError for a recipe that cannot be read. */
export function expandedRecipe(
  deps: Pick<RecipeDeps, 'presets'>,
  { recipe: given, inputs }: RecipeRequest,
): ExpandedRecipe {
  const recipe = parsedRecipe(given)
  return { recipe, ...expandRecipe(recipe, shippedConfigs(deps), inputs) }
}

export function parsedRecipe(given: RecipeRequest['recipe']): Recipe {
  const parsed = parseRecipe(typeof given === 'string' ? parseYaml(given) : given)
  if (!parsed.ok) throw new CotrainError(parsed.problems)
  return parsed.value
}

export function shippedConfigs({ presets }: Pick<RecipeDeps, 'presets'>): FindConfig {
  const shipped = new Map(readPresets(presets).map((p) => [p.id, p.yaml]))
  return (name) => {
    const yaml = shipped.get(name)
    return yaml === undefined ? null : (parseYaml(yaml, name) as PlainConfig)
  }
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
