import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { canonicalJson } from '../../../src-shared/schema/canonical.ts'
import { optionPath, valueAt } from '../../../src-shared/schema/patch.ts'
import { pluginsOf, recordedPlugins } from '../../../src-shared/schema/plugin/used-plugins.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { runIdentity } from '../../../src-shared/schema/run-identity.ts'
import { isMap } from '../../../src-shared/schema/resolve.ts'
import type { Dimension } from '../../../src-shared/schema/search-space.ts'
import { isInSpace, patchOf } from '../../../src-shared/schema/search-space.ts'
import type { RunStore } from '../../store/run-store.ts'
import { allRuns } from '../create/held-runs.ts'
import type { Observation } from '../search/next-setting.ts'
import type { SearchState } from './search-state.ts'

const TAG = 'tag:'

/** Runs that count as known before the first trial of a search. */
export interface WarmTrials {
  readonly observations: readonly Observation[]
  /** Runs with a tag that was named that say nothing about this search: other options, other data, no score. */
  readonly leftOut: number
  /** Runs that were named one by one and cannot be taken. */
  readonly problems: readonly Problem[]
}

/**
 * Takes finished runs into a search that differ from its trials in nothing but what is searched over, on the same data. Of a run that is
 * named it is a problem where that is not so; of those with a tag the others are left out and counted.
 */
export function warmTrials(store: RunStore, { search, objectives, trials }: SearchState): WarmTrials {
  const rows = trials.flatMap((trial) => trial.rows)
  const config = rows[0]?.run.config
  if (search.warm_start.length === 0 || config === undefined)
    return { observations: [], leftOut: 0, problems: [] }
  const own = new Set(rows.flatMap(({ row }) => row.id ?? []))
  const home = [...own].find((id) => store.exists(id))
  const data = home === undefined ? null : store.read(home).identity.data
  const taken = new Map<string, Observation>()
  const problems: Problem[] = []
  let leftOut = 0
  const take = (id: string): string | null => {
    const record = store.read(id)
    if (canonicalJson(recordedPlugins(record)) !== canonicalJson(pluginsOf(config)))
      return 'it was made with other plug-ins, or other versions of them'
    const patch = patchOf(search.space, (d) => valueAt(record.config, d.path))
    if (restOf(record.config, search.space) !== restOf(config, search.space))
      return 'it differs from the baseline in other options than those searched over'
    if (data !== null && record.identity.data !== data) return 'it was trained on other data'
    if (!isInSpace(search, patch)) return 'its values lie outside of the space'
    const values = objectives.flatMap(({ metric }) => record.scores[metric] ?? [])
    if (record.status !== 'finished' || values.length < objectives.length)
      return 'it has no score to learn from'
    taken.set(id, { patch, values })
    return null
  }
  for (const [i, named] of search.warm_start.entries()) {
    if (named.startsWith(TAG)) {
      const tag = named.slice(TAG.length)
      const there = allRuns(store).filter(
        ({ id, readable, tags }) => readable && tags.includes(tag) && !own.has(id),
      )
      leftOut += there.filter(({ id }) => take(id) !== null).length
      continue
    }
    const path = `search.warm_start.${i}`
    try {
      const id = store.resolve(named)
      const why = own.has(id) ? null : take(id)
      const hint = 'Name another run, or take it out.'
      if (why !== null)
        problems.push({
          code: 'config-invalid',
          path,
          message: `run ${named} cannot be taken: ${why}.`,
          hint,
        })
    } catch (error) {
      problems.push(...toProblems(error).map((p) => ({ ...p, path })))
    }
  }
  return { observations: [...taken.values()], leftOut, problems }
}

/** @throws CotrainError naming the runs that a search cannot start from. */
export function checkWarmStart(store: RunStore, state: SearchState | null): void {
  const { problems } = state === null ? { problems: [] } : warmTrials(store, state)
  if (problems.length > 0) throw new CotrainError(problems)
}

/** What decides the result, without the seed and what is searched over. */
function restOf(config: RunConfig, space: readonly Dimension[]): string {
  const { seed: _seed, ...whole } = runIdentity(config)
  return canonicalJson(space.reduce<unknown>((at, { path }) => without(at, optionPath(path)), whole))
}

function without(at: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (!isMap(at) || !(key in at)) return at
  const { [key]: inner, ...others } = at
  return rest.length === 0 ? others : { ...others, [key]: without(inner, rest) }
}
