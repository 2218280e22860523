import type { RunStatus, RunSummary } from '../../../src-shared/contract/run.ts'
import { scoreNamed, withMeanCorrupted } from '../../format/score-keys.ts'

export interface RunFilter {
  /** Words, `tag:x`, `model:x`, `seed:1000`, and comparisons of scores: `accuracy>95`. */
  readonly text: string
  readonly status: 'all' | RunStatus | 'live' | 'starred'
}

const LIVE_STATUS: ReadonlySet<string> = new Set(['queued', 'preparing', 'running', 'stopping'])

/** Whether a run meets one term of a search. */
function meets(run: RunSummary, term: string): boolean {
  const compared = /^([\w/]+)(<=|>=|<|>|=)(-?[\d.]+)$/.exec(term)
  if (compared !== null) return compares(run, compared[1] ?? '', compared[2] ?? '', Number(compared[3]))
  const [field, wanted] = term.includes(':')
    ? [term.slice(0, term.indexOf(':')), term.slice(term.indexOf(':') + 1)]
    : ['', term]
  switch (field) {
    case 'tag':
      return run.tags.some((t) => t.toLowerCase().includes(wanted))
    case 'model':
    case 'dataset':
    case 'trainer':
      return run[field].toLowerCase().includes(wanted)
    case 'seed':
      return String(run.seed) === wanted
    case 'status':
      return run.status === wanted
    default:
      return [run.name, run.shortId, run.note, run.status, ...run.tags].some((t) =>
        t.toLowerCase().includes(term),
      )
  }
}

function compares(run: RunSummary, name: string, sign: string, limit: number): boolean {
  const value =
    name === 'seed'
      ? run.seed
      : name === 'epoch'
        ? run.epoch
        : scoreNamed(withMeanCorrupted(run.scores), name)
  if (value === null) return false
  return (
    {
      '<': value < limit,
      '>': value > limit,
      '<=': value <= limit,
      '>=': value >= limit,
      '=': value === limit,
    }[sign] ?? false
  )
}

/** The runs that meet every term and the chosen status. */
export function filterRuns(runs: readonly RunSummary[], filter: RunFilter): RunSummary[] {
  const terms = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((t) => t !== '')
  return runs.filter((run) => {
    if (filter.status === 'starred' && !run.star) return false
    if (filter.status === 'live' && !LIVE_STATUS.has(run.status)) return false
    if (!['all', 'starred', 'live'].includes(filter.status) && run.status !== filter.status) return false
    return terms.every((term) => meets(run, term))
  })
}
