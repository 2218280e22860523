import { join } from 'node:path'
import type { RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { PlannedRun } from '../../../src-shared/schema/expand-recipe.ts'
import { tagOf } from '../../../src-shared/schema/expand-recipe.ts'
import type { RecipeStep } from '../../../src-shared/schema/recipe.ts'
import { withInputs } from '../../../src-shared/schema/recipe.ts'
import { endsTheSame } from '../queue/retry-rule.ts'
import { createRun } from './create-run.ts'
import type { Preset } from './presets.ts'
import { readPresets } from './presets.ts'
import type { RecipeDeps, RecipeRequest } from './recipe-plan.ts'
import {
  expandedRecipe,
  lookingOnce,
  parsedRecipe,
  planOf,
  planRecipe,
  shippedConfigs,
} from './recipe-plan.ts'

/** The shipped recipes lie beside the shipped configs. */
export const readRecipes = (presets: string): Preset[] =>
  ['recipes', 'paper'].flatMap((folder) => readPresets(join(presets, folder)))

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
  /** Runs whose parents have not finished. */
  readonly waiting: number
  readonly tag: string
}

/**
 * Queues the runs of a recipe that are not done and for which nothing has to finish first, only those of `seeds` where some are
 * named; all of them carry its tag. The first seed of every variant comes first, so that there is something to compare early.
 * @throws CotrainError when any of them is wrong.
 */
export async function queueRecipe(
  deps: RecipeDeps,
  request: RecipeRequest,
  seeds: readonly number[] = [],
): Promise<QueuedRuns> {
  const expanded = expandedRecipe(deps, request)
  const options = lookingOnce(deps)
  const { view, rows } = await planOf(options, request, expanded)
  sound(view)
  const tag = tagOf(expanded.recipe)
  const asked = rows.filter(({ run }) => seeds.length === 0 || seeds.includes(run.config.seed))
  const order = [...new Set(rows.map(({ run }) => run.config.seed))]
  const bySeed = asked.toSorted((a, b) => order.indexOf(a.run.config.seed) - order.indexOf(b.run.config.seed))
  const ids = new Map<PlannedRun, string>()
  let queued = 0
  let diverged = 0
  for (const { run, config, row } of bySeed) {
    if (config === null) continue
    const goOn = row.id === null || !isSettled(deps, row.id, row.status)
    const made = await createRun(options, config, { folder: deps.folder, relabel: false, goOn })
    // Two steps may have the same run.
    const isKnown = [...ids.values()].includes(made.id)
    ids.set(run, made.id)
    if (made.status === 'diverged' && !isKnown) diverged++
    if (!isKnown && (made.created || row.status !== made.status)) queued++
    if (!made.created) await addTag(deps, made.id, tag)
  }
  const made = rows.flatMap(({ run }) => ids.get(run) ?? [])
  const waiting = asked.length - made.length
  return { ids: made, queued, known: new Set(made).size - queued - diverged, diverged, waiting, tag }
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
  const frozen = <B extends Pick<RecipeStep, 'list'> & { baseline?: RecipeStep['baseline'] | undefined }>(
    body: B,
  ) => ({
    ...body,
    ...(body.baseline !== undefined && { baseline: written(body.baseline) }),
    list: body.list.map(({ from, ...v }) => ({ ...v, ...(from !== undefined && { from: written(from) }) })),
  })
  const { inputs: _given, steps, ...kept } = frozen(ready)
  const own = Object.entries(steps).map(([name, step]) => [name, said(frozen(step))] as const)
  return said({ ...kept, steps: Object.fromEntries(own) })
}

/** Without what has its default. */
const said = (body: object): PlainConfig =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => isSaid(value)))

const isSaid = (value: unknown): boolean =>
  value !== null &&
  value !== '' &&
  value !== false &&
  !(typeof value === 'object' && Object.keys(value).length === 0)

/** Whether a search has ended a run early. */
/**
 * Whether going on is for a person who asks for this very run: a search has ended it early, or it would end in the same way again.
 */
function isSettled(deps: RecipeDeps, id: string, status: string | null): boolean {
  if (status === 'stopped') return isPruned(deps, id)
  return status === 'failed' && endsTheSame(deps.store.read(id))
}

export const isPruned = ({ store }: Pick<RecipeDeps, 'store'>, id: string): boolean =>
  store.exists(id) && store.summary(id).end?.reason === 'pruned'

export async function addTag({ store }: Pick<RecipeDeps, 'store'>, id: string, tag: string): Promise<void> {
  const { tags } = store.summary(id)
  if (!tags.includes(tag)) await store.annotate(id, { tags: [...tags, tag] })
}
