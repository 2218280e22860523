import type { Problem } from '../contract/errors.ts'
import { canonicalJson } from './canonical.ts'
import type { PlainConfig } from './component.ts'
import type { Patch } from './patch.ts'
import { applyPatch, valueAt } from './patch.ts'
import type { Recipe } from './recipe.ts'
import { missingInputs, withInputs } from './recipe.ts'
import type { RunConfig } from './run-config.ts'
import { parseRunConfig } from './run-config.ts'
import { runIdentity } from './run-identity.ts'
import { drawTrials } from './search-space.ts'

/** Beyond this a recipe is a slip of the hand. */
export const MOST_RUNS = 1000
/** The same mistake in a hundred variants is one mistake. */
const MOST_PROBLEMS = 20

/** One run of an expanded recipe. */
export interface PlannedRun {
  /** Name of its variant; empty for the baseline itself. */
  readonly label: string
  /** Axis label -> value label; empty for variants that are written out. */
  readonly choices: Readonly<Record<string, string>>
  readonly patch: Patch
  readonly config: RunConfig
  /** Labels of further variants that are the same run. */
  readonly also: readonly string[]
}

export interface RecipePlan {
  readonly runs: readonly PlannedRun[]
  /** Variants that `exclude` left out. */
  readonly excluded: number
  readonly problems: readonly Problem[]
}

interface Variant {
  readonly label: string
  readonly from: string | PlainConfig
  /** Starts from a config of its own, which then has the right name. */
  readonly isOwn: boolean
  readonly choices: Readonly<Record<string, string>>
  readonly patch: Patch
}

/** Gives the config behind a name; null when there is none. */
export type FindConfig = (name: string) => PlainConfig | null

/**
 * The runs of a recipe: axes from left to right, then the list, then the trials of a search, each with every seed in
 * turn. Always the same for the same recipe. Variants that are the same run are merged; nothing is checked against data.
 */
export function expandRecipe(
  recipe: Recipe,
  findConfig: FindConfig,
  inputs: Readonly<Record<string, string>> = {},
): RecipePlan {
  const missing = missingInputs(recipe, inputs)
  if (missing.length > 0) return refused(missing.map((name) => missingInput(recipe, name)))
  const ready = withInputs(recipe, inputs, recipe)
  const all = variantsOf(ready)
  const seeds = Math.max(1, ready.seeds.length)
  if (all.length * seeds > MOST_RUNS) return refused([tooMany(all.length * seeds)])
  const problems: Problem[] = []
  const runs = new Map<string, PlannedRun>()
  let excluded = 0
  for (const variant of all) {
    const start = typeof variant.from === 'string' ? findConfig(variant.from) : variant.from
    if (start === null) {
      // Only a name can be unknown.
      problems.push(unknownConfig(variant.from as string, variant.label))
      continue
    }
    const given = named(applyPatch(start, variant.patch), start, variant, ready)
    if (ready.exclude.some(({ match }) => isMatch(match, variant, given))) excluded++
    else for (const seed of ready.seeds.length > 0 ? ready.seeds : [null]) add(variant, given, seed)
  }
  return { runs: [...runs.values()], excluded, problems: fewest(problems) }

  function add(variant: Variant, given: PlainConfig, seed: number | null): void {
    const parsed = parseRunConfig(seed === null ? given : { ...given, seed })
    if (!parsed.ok) {
      problems.push(...parsed.problems.map((p) => of(variant, p)))
      return
    }
    const key = canonicalJson(runIdentity(parsed.value))
    const { label, choices, patch } = variant
    const known = runs.get(key)
    if (known === undefined) runs.set(key, { label, choices, patch, config: parsed.value, also: [] })
    else if (known.label !== label && !known.also.includes(label))
      runs.set(key, { ...known, also: [...known.also, label] })
  }
}

function variantsOf({ baseline, axes, list, search }: Recipe): readonly Variant[] {
  const none: Variant = { label: '', from: baseline, isOwn: false, choices: {}, patch: {} }
  const grid = axes.reduce<readonly Variant[]>(
    (rows, axis) =>
      rows.flatMap((row) =>
        axis.values.map((value) => ({
          ...row,
          choices: { ...row.choices, [axis.label]: value.label },
          patch: { ...row.patch, ...value.patch },
        })),
      ),
    [none],
  )
  const labelled = grid.map((v) => ({
    ...v,
    label: Object.entries(v.choices)
      .map(([axis, value]) => `${axis} ${value}`)
      .join(', '),
  }))
  const written = list.map(({ label, from, patch }) => ({
    ...none,
    label,
    from: from ?? baseline,
    isOwn: from !== undefined,
    patch,
  }))
  const drawn = search === null ? [] : drawTrials(search)
  const trials = drawn.map((patch, i) => ({ ...none, label: `trial ${i + 1}`, patch }))
  const others = [...written, ...trials]
  return axes.length === 0 && others.length > 0 ? others : [...labelled, ...others]
}

/** A variant has a name of its own unless its patch gives it one, and carries the tag of the recipe. */
function named(
  given: PlainConfig,
  start: PlainConfig,
  { label, patch, isOwn }: Variant,
  recipe: Recipe,
): PlainConfig {
  const base = typeof start['name'] === 'string' && start['name'] !== '' ? start['name'] : recipe.name
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

const of = ({ label }: Variant, problem: Problem): Problem =>
  label === '' ? problem : { ...problem, message: `${problem.message} (in "${label}")` }

function fewest(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Map(problems.map((p) => [`${p.path ?? ''} ${p.message}`, p]))
  return [...seen.values()].slice(0, MOST_PROBLEMS)
}

const refused = (problems: readonly Problem[]): RecipePlan => ({ runs: [], excluded: 0, problems })

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

const unknownConfig = (name: string, label: string): Problem => ({
  code: 'config-invalid',
  path: label === '' ? 'baseline' : `list.${label}.from`,
  message: `no config is called "${name}".`,
  hint: 'Name a shipped config, a file beside the recipe, or write the config out.',
})
