import type { FamilyDetail, FamilySummary } from '../../../src-shared/contract/calls/family.ts'
import type { RecipePlanView } from '../../../src-shared/contract/calls/recipe.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import type { PlainConfig } from '../../../src-shared/schema/component.ts'
import type { Recipe } from '../../../src-shared/schema/recipe.ts'
import { bodiesOf, grows, parseRecipe } from '../../../src-shared/schema/recipe.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { ExpandedRecipe, Plan, RecipeDeps, RecipeRequest } from '../create/recipe-plan.ts'
import { expandedRecipe, heldPlan, lookingOnce, parsedRecipe } from '../create/recipe-plan.ts'
import { allRuns } from '../create/held-runs.ts'
import type { QueuedRuns } from '../create/recipes.ts'
import { frozenRecipe, queueRecipe, soundPlan } from '../create/recipes.ts'
import type { FamilyFile } from './family-files.ts'
import { searchState } from './search-state.ts'
import { checkWarmStart } from './warm-start.ts'
import {
  changing,
  familyName,
  familyNames,
  familyText,
  readFamily,
  writeFamily,
  writeSearch,
  writeSeeds,
  writeStopped,
} from './family-files.ts'

/** What a family queued. */
export interface QueuedFamily extends QueuedRuns {
  readonly family: string
}

/** All families by name; one that cannot be read is there with its problem. */
export function listFamilies(deps: FamilyReading): FamilySummary[] {
  const names = familyNames(deps.store)
  const runs = names.length === 0 ? [] : allRuns(deps.store)
  return names.map((name) => {
    try {
      return summaryOf(...planned(deps, name, runs))
    } catch (error) {
      return unreadable(name, error)
    }
  })
}

export type FamilyReading = Pick<RecipeDeps, 'store' | 'presets'>

/** @throws CotrainError `not-found`, or what is wrong with the file. */
export function getFamily(deps: FamilyReading, name: string): FamilyDetail {
  const [file, plan] = planned(deps, name, allRuns(deps.store))
  return { ...summaryOf(file, plan), yaml: file.yaml, problems: plan.view.problems }
}

/**
 * Keeps a recipe as a family and queues what is missing of it. The file comes first: where the app ends in between, the family is
 * there with runs that are missing, and the same call again goes on.
 * @throws CotrainError for a recipe with problems, and for a name that a family with other settings has.
 */
export async function createFamily(
  given: RecipeDeps,
  request: RecipeRequest,
  { queue, rename = false }: { readonly queue: boolean; readonly rename?: boolean },
): Promise<QueuedFamily> {
  const deps = lookingOnce(given)
  const plan = await soundPlan(deps, request)
  const written = frozenRecipe(deps, request)
  // What grows by itself and is kept without being started is stopped: nothing of it may be queued by itself.
  const asked = parsedRecipe(request.recipe)
  const frozen = queue || !grows(asked) ? written : { ...written, stopped: true }
  checkSearch(deps, frozen)
  const { name, recipe } = await changing(deps.store, () => kept(deps, plan.name, frozen, rename))
  if (queue) return { family: name, ...(await queueRecipe(deps, { recipe, inputs: {} })) }
  const { runs, tag } = recipe === frozen ? plan : await soundPlan(deps, { recipe, inputs: {} })
  const none = { queued: 0, known: 0, diverged: 0, waiting: 0 }
  return { family: name, ids: runs.flatMap(({ id }) => id ?? []), ...none, tag }
}

/** As `recipes.queue` has it: a name that another recipe has taken gets a number. */
export const queueAsFamily = (deps: RecipeDeps, request: RecipeRequest): Promise<QueuedFamily> =>
  createFamily(deps, request, { queue: true, rename: true })

/** Writes seeds into a family and queues their runs that are missing; without seeds all that are missing. */
export async function addSeeds(
  given: RecipeDeps,
  name: string,
  seeds: readonly number[],
): Promise<QueuedFamily> {
  const deps = lookingOnce(given)
  const recipe = await changing(deps.store, async () => {
    const file = readFamily(deps.store, name)
    const plan = await soundPlan(deps, { recipe: file.recipe, inputs: {} })
    const before = seedsOf(file.recipe, plan)
    const all = [...new Set([...before, ...seeds])]
    if (all.length > before.length) await writeSeeds(deps.store, file, all)
    return { ...file.recipe, seeds: all }
  })
  return { family: name, ...(await queueRecipe(deps, { recipe, inputs: {} }, seeds)) }
}

interface Kept {
  readonly name: string
  readonly recipe: PlainConfig
}

/** The recipe as it is kept, written where it was not; where name and title have a number they have the same. */
async function kept(deps: RecipeDeps, title: string, given: PlainConfig, rename: boolean): Promise<Kept> {
  const wanted = familyName(title)
  const taken = new Set(familyNames(deps.store))
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    const recipe = number === 1 ? given : { ...given, name: `${title} (${number})` }
    if (!taken.has(name)) {
      await writeFamily(deps.store, name, recipe)
      return { name, recipe }
    }
    // The trials that a search has come to stand in its file alone.
    if (await keptAlready(deps, name, recipe))
      return { name, recipe: recipe['search'] === undefined ? recipe : withSearchOf(deps, name, recipe) }
    if (!rename) throw otherFamily(name)
  }
}

function withSearchOf({ store }: RecipeDeps, name: string, recipe: PlainConfig): PlainConfig {
  const { search } = readFamily(store, name).recipe
  return { ...recipe, search }
}

/** @throws CotrainError where a search cannot start from the runs that it names. */
function checkSearch(deps: RecipeDeps, recipe: PlainConfig): void {
  const expanded = expandedRecipe(deps, { recipe, inputs: {} })
  if (expanded.recipe.search === null || expanded.recipe.search.warm_start.length === 0) return
  checkWarmStart(
    deps.store,
    searchState(deps.store, expanded.recipe, heldPlan(deps, expanded, allRuns(deps.store))),
  )
}

/** Whether a family has these settings; seeds and trials that it lacks are added. */
async function keptAlready({ store }: RecipeDeps, name: string, recipe: PlainConfig): Promise<boolean> {
  const parsed = parseRecipe(recipe)
  const there = fileOrNull(store, name)
  if (!parsed.ok || there === null || settingsKey(there.recipe) !== settingsKey(parsed.value)) return false
  if (there.recipe.stopped && !parsed.value.stopped) await writeStopped(store, there, false)
  const trials = parsed.value.search?.trials
  if (trials !== undefined && trials > (there.recipe.search?.trials ?? trials))
    await writeSearch(store, readFamily(store, name), { trials })
  const all = [...new Set([...there.recipe.seeds, ...parsed.value.seeds])]
  if (all.length > there.recipe.seeds.length) await writeSeeds(store, readFamily(store, name), all)
  return true
}

/** A damaged file keeps its name: it may be mended by hand. */
function fileOrNull(store: RecipeDeps['store'], name: string): FamilyFile | null {
  try {
    return readFamily(store, name)
  } catch {
    return null
  }
}

/** What decides the settings of a recipe, its words and seeds left aside. */
const settingsKey = (recipe: Recipe): string =>
  canonicalJson(
    bodiesOf(recipe).map(({ name, baseline, axes, list, exclude, search }) => {
      const { made: _made, trials: _trials, ...asked } = search ?? {}
      const settings = { baseline, axes, list, exclude, search: search === null ? null : asked }
      return name === '' ? settings : { name, ...settings, seeds: recipe.steps[name]?.seeds ?? [] }
    }),
  )

/** A family as its file and the runs that are there say. */
export function planned(deps: FamilyReading, name: string, runs: readonly RunSummary[]): [FamilyFile, Plan] {
  const { file, expanded } = expandedFamily(deps, name)
  return [file, heldPlan(deps, expanded, runs)]
}

/** The recipe of a family, read again only when its text has changed. */
export const familyRecipe = (deps: FamilyReading, name: string): Recipe =>
  expandedFamily(deps, name).file.recipe

interface ExpandedFamily {
  readonly file: FamilyFile
  readonly expanded: ExpandedRecipe
}

const expandedFamilies = new WeakMap<RunStore, Map<string, ExpandedFamily>>()

/** A family with its runs as configs; as long as its text is the same it is not worked out again, which takes some 30 ms. */
function expandedFamily({ store, presets }: FamilyReading, name: string): ExpandedFamily {
  const all = expandedFamilies.get(store) ?? new Map<string, ExpandedFamily>()
  expandedFamilies.set(store, all)
  const known = all.get(name)
  if (known !== undefined && known.file.yaml === familyText(store, name)) return known
  const file = readFamily(store, name)
  const made = { file, expanded: expandedRecipe({ presets }, { recipe: file.recipe, inputs: {} }) }
  all.set(name, made)
  return made
}

/** Seeds of the whole: steps that name their own have no part in them. */
const seedsOf = ({ steps }: Recipe, { runs }: RecipePlanView): number[] => [
  ...new Set(runs.flatMap(({ step, seed }) => ((steps[step]?.seeds.length ?? 0) > 0 ? [] : [seed]))),
]

function summaryOf({ name, recipe }: FamilyFile, { view: plan }: Plan): FamilySummary {
  const titles = new Map(plan.steps.map((step) => [step.name, step.title]))
  const settings = new Map<string, FamilySummary['settings'][number]>()
  const counts: FamilySummary['counts'] = {}
  for (const run of plan.runs) {
    const { step, label, seed, id, status, groupId, waitsFor, blockedBy, seconds } = run
    const key = `${step}\n${label}`
    const own = label === '' ? (titles.get(step) ?? recipe.name) : label
    const setting = settings.get(key) ?? { label: own, step, groupId, runs: [] }
    settings.set(key, {
      ...setting,
      groupId: setting.groupId ?? groupId,
      runs: [...setting.runs, { seed, id, status, waitsFor, blockedBy, seconds }],
    })
    counts[status ?? 'new'] = (counts[status ?? 'new'] ?? 0) + 1
  }
  return {
    name,
    title: recipe.name,
    question: recipe.question,
    description: recipe.description,
    tag: plan.tag,
    baseline: baselineOf(recipe, plan, [...settings.values()]),
    steps: plan.steps,
    stopped: recipe.stopped,
    grows: grows(recipe),
    searches: recipe.search !== null,
    published: recipe.published,
    settings: [...settings.values()],
    seeds: seedsOf(recipe, plan),
    counts,
    problem: plan.problems[0] ?? null,
  }
}

/** Label of the setting that the others are compared with; null where the recipe names none that it makes. */
function baselineOf(
  { compareTo }: Recipe,
  plan: RecipePlanView,
  settings: FamilySummary['settings'],
): string | null {
  if (compareTo === '') return null
  const named = plan.runs.find(({ label, also }) => [label, ...also].includes(compareTo))?.label
  return named ?? settings.find(({ label }) => label === compareTo)?.label ?? null
}

const unreadable = (name: string, error: unknown): FamilySummary => ({
  name,
  title: name,
  question: '',
  description: '',
  tag: '',
  baseline: null,
  steps: [],
  stopped: false,
  grows: false,
  searches: false,
  published: null,
  settings: [],
  seeds: [],
  counts: {},
  problem: { ...(toProblems(error)[0] ?? { code: 'internal', message: String(error) }) },
})

const otherFamily = (name: string): CotrainError =>
  new CotrainError({
    code: 'config-invalid',
    path: 'name',
    message: `a family "${name}" with other settings is there already.`,
    hint: 'Give this one another name.',
  })
