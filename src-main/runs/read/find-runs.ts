import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { OptionLookup } from '../../../src-shared/run-filter/fields.ts'
import { filterProblems, filterRuns } from '../../../src-shared/run-filter/filter-runs.ts'
import type { ListFilter } from '../../store/list/run-list.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { RunOptions } from './run-options.ts'

export interface Search extends ListFilter {
  /** Conditions in the language of the box above the list: `co-trained tag:paper accuracy>95`. */
  readonly search: string
}

/**
 * Lists runs by status, end, tag and a search, which means the same in every host.
 * @throws CotrainError `config-invalid` for a field that no run has, or a comparison without a number
 */
export function findRuns(store: RunStore, options: RunOptions, wish: Search) {
  const { search, limit, offset, ...narrowed } = wish
  if (search.trim() === '') return store.list({ ...narrowed, limit, offset })
  const { runs } = store.list(narrowed)
  const lookup = lookupOf(options)
  const problems = filterProblems(search, store.list().runs, lookup)
  if (problems.length > 0)
    throw new CotrainError(
      problems.map((message) => ({ code: 'config-invalid', path: 'search', message, hint: HINT })),
    )
  const found: RunSummary[] = filterRuns(runs, { text: search, status: 'all' }, lookup)
  return { total: found.length, runs: found.slice(offset, offset + limit) }
}

const HINT = 'Words, tag:x, status:x, model:x, seed=1, accuracy>95, an option such as trainer.max_iter<=40.'

/** Each option is read once, and only if a search names it. */
function lookupOf(options: RunOptions): OptionLookup {
  const known = new Map<string, Record<string, unknown[]>>()
  const columnOf = (path: string): Record<string, unknown[]> => {
    const column = known.get(path) ?? options.values([path])
    known.set(path, column)
    return column
  }
  return {
    paths: options.paths().map(({ path }) => path),
    value: (id, path) => columnOf(path)[id]?.[0] ?? null,
  }
}
