import { createRng } from '../util/rng.ts'
import { sobol, SOBOL_DIMENSIONS } from '../util/sobol.ts'
import type { Patch } from './patch.ts'
import type { Search } from './search.ts'
import { initialTrials } from './search.ts'
import type { Dimension } from './search-space.ts'
import { gridOf, isActive, isAllowed, patchOf, same, settingAt, valueIn } from './search-space.ts'

/** Draws for one trial until the constraints hold; beyond, they hold nowhere or nearly so. */
const MOST_DRAWS = 2000

/** The patches of all trials that are known by now, in their order; fewer than asked for where the constraints leave no more. */
export function trialsOf(search: Search): readonly Patch[] {
  const { method, trials = Number.POSITIVE_INFINITY, made } = search
  if (method === 'grid') return gridTrials(search).slice(0, trials)
  if (method === 'random') return fill(trials, (trial, attempt) => randomAt(search, trial, attempt), search)
  const spread = sobolPoints(search)
  if (method === 'sobol') return sobolTrials(trials, spread, search)
  return [...sobolTrials(initialTrials(search), spread, search), ...made].slice(0, trials)
}

function fill(
  trials: number,
  draw: (trial: number, attempt: number) => Patch,
  search: Search,
): readonly Patch[] {
  const out: Patch[] = []
  for (let trial = 0; trial < trials; trial++) {
    let found: Patch | null = null
    for (let attempt = 0; found === null && attempt < MOST_DRAWS; attempt++) {
      const patch = draw(trial, attempt)
      if (isAllowed(search, patch)) found = patch
    }
    if (found === null) return out
    out.push(found)
  }
  return out
}

/** Each option of each trial has a stream of its own: more trials do not change the first ones. */
function randomAt({ seed, space }: Search, trial: number, attempt: number): Patch {
  const own = createRng(seed).fork('random search').fork(trial)
  const rng = attempt === 0 ? own : own.fork(`draw ${attempt}`)
  return settingAt(
    space,
    space.map((d) => rng.fork(d.path).uniform()),
  )
}

/** Points of the unit cube of a space: shifted Sobol points, for more options than the sequence is known for random ones. */
export function sobolPoints({ seed, space }: Pick<Search, 'seed' | 'space'>): (index: number) => number[] {
  const rng = createRng(seed).fork('sobol')
  if (space.length > SOBOL_DIMENSIONS)
    return (index) => space.map((d) => rng.fork(index).fork(d.path).uniform())
  return sobol(
    space.length,
    space.map((d) => rng.fork(d.path).u32() >>> 2),
  )
}

/** Points against the constraints are passed over. */
function sobolTrials(trials: number, at: (index: number) => number[], search: Search): readonly Patch[] {
  const out: Patch[] = []
  for (let index = 0; out.length < trials && index < trials + MOST_DRAWS; index++) {
    const patch = settingAt(search.space, at(index))
    if (isAllowed(search, patch)) out.push(patch)
  }
  return out
}

/** The product of the values of all options, the last one going fastest; those that do not vary are not crossed. */
function gridTrials(search: Search): readonly Patch[] {
  const rows = search.space.reduce<readonly Patch[]>(
    (all, d) =>
      all.flatMap((patch) =>
        isActive(d, patch) ? (gridOf(d) ?? []).map((value) => ({ ...patch, [d.path]: value })) : [patch],
      ),
    [{}],
  )
  return rows.filter((patch) => isAllowed(search, patch))
}

/** How many trials there will be. */
export const trialsPlanned = (search: Search): number =>
  search.method === 'bayesian' ? (search.trials ?? 0) : trialsOf(search).length

/**
 * Settings at the ends of every option, the others in the middle: what a config refuses at an end is found before any trial is
 * drawn there.
 */
export function endsOf({
  space,
}: Search): readonly { readonly path: string; readonly value: unknown; readonly patch: Patch }[] {
  const ends = (d: Dimension): readonly unknown[] => (d.kind === 'choice' ? d.values : [d.min, d.max])
  return space.flatMap((d, at) => {
    const wanted = choicesFor(space, d)
    return ends(d).map((value) => {
      const middle = settingAt(
        space,
        space.map(() => 0.5),
      )
      const patch = patchOf(space, (other, i) => {
        if (i === at) return value
        return valueIn(wanted, other.path) ?? valueIn(middle, other.path) ?? ends(other)[0]
      })
      return { path: d.path, value, patch }
    })
  })
}

/** What the choices before an option must be for it to vary. */
function choicesFor(space: readonly Dimension[], d: Dimension): Patch {
  return Object.entries(d.when).reduce<Patch>((all, [path, value]) => {
    const parent = space.find((other) => other.path === path)
    return { ...(parent === undefined ? {} : choicesFor(space, parent)), ...all, [path]: value }
  }, {})
}

/** Whether a setting is among some. */
export const isAmong = (patch: Patch, all: readonly Patch[]): boolean =>
  all.some((one) => isSameSetting(one, patch))

const isSameSetting = (a: Patch, b: Patch): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.keys(a).every((path) => path in b && same(a[path], b[path]))
