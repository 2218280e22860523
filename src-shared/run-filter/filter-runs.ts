import type { RunStatus, RunSummary } from '../contract/run.ts'
import { SCORE_NAMES } from '../contract/score-keys.ts'
import { nearestName } from '../util/nearest-name.ts'
import type { OptionLookup, Value } from './fields.ts'
import { NO_OPTIONS, OWN_FIELDS, readerOf, shortPath } from './fields.ts'
import type { Sign, Term } from './terms.ts'
import { termsOf } from './terms.ts'

export interface RunFilter {
  /** Words, `tag:x`, `model:x`, `seed:1000`, and comparisons of scores and options: `accuracy>95 trainer.lr<=0.01`. */
  readonly text: string
  readonly status: 'all' | RunStatus | 'live' | 'starred'
}

const LIVE_STATUS: ReadonlySet<string> = new Set(['queued', 'preparing', 'running', 'stopping'])
const ORDERED: ReadonlySet<Sign> = new Set(['<', '<=', '>', '>='])

/** The runs that meet every term and the chosen status. A field that nothing has is met by no run. */
export function filterRuns(
  runs: readonly RunSummary[],
  filter: RunFilter,
  options: OptionLookup = NO_OPTIONS,
): RunSummary[] {
  const tests = termsOf(filter.text).map((term) => testOf(term, runs, options))
  return runs.filter((run) => {
    if (filter.status === 'starred' && !run.star) return false
    if (filter.status === 'live' && !LIVE_STATUS.has(run.status)) return false
    if (!['all', 'starred', 'live'].includes(filter.status) && run.status !== filter.status) return false
    return tests.every((test) => test(run))
  })
}

/** What is wrong with a filter, one sentence for each fault. */
export function filterProblems(text: string, runs: readonly RunSummary[], options: OptionLookup): string[] {
  return termsOf(text).flatMap((term) => {
    if (term.kind === 'word') return []
    if (readerOf(term.field, runs, options) === null) {
      const near = nearestField(term.field, options)
      return [`No run has a field “${term.field}”.${near === null ? '' : ` Did you mean ${near}?`}`]
    }
    if (term.values.every((v) => v === '')) return [`“${term.raw}” needs a value behind the ${term.sign}`]
    if (ORDERED.has(term.sign) && term.values.some((v) => !Number.isFinite(Number(v))))
      return [`“${term.raw}” needs a number behind the ${term.sign}`]
    return []
  })
}

type Test = (run: RunSummary) => boolean

function testOf(term: Term, runs: readonly RunSummary[], options: OptionLookup): Test {
  if (term.kind === 'word') {
    const holds = (run: RunSummary): boolean =>
      [run.name, run.shortId, run.note, run.status, ...run.tags].some((t) =>
        t.toLowerCase().includes(term.text),
      )
    return (run) => holds(run) !== term.not
  }
  const read = readerOf(term.field, runs, options)
  if (read === null) return () => false
  return (run) => {
    const value = read(run)
    // A run without the field says nothing about it: only "not equal" and a leading minus take it.
    if (value === null) return term.not || term.sign === '!='
    return term.values.some((wanted) => agrees(value, term.sign, wanted)) !== term.not
  }
}

function agrees(value: Value, sign: Sign, wanted: string): boolean {
  if (ORDERED.has(sign)) {
    const [a, b] = [Number(value), Number(wanted)]
    return sign === '<' ? a < b : sign === '<=' ? a <= b : sign === '>' ? a > b : a >= b
  }
  if (sign === '!=') return !agrees(value, '=', wanted)
  if (typeof value === 'number') return value === Number(wanted)
  const texts = (Array.isArray(value) ? value : [value]).map((v) => String(v).toLowerCase())
  return texts.some((t) => (sign === '=' ? t === wanted : t.includes(wanted)))
}

/** A path is known by its end as well: people write `lr` for `trainer.optimizer_options.lr`. */
function nearestField(name: string, options: OptionLookup): string | null {
  const paths = options.paths.map(shortPath)
  const last = (path: string): string => path.split('.').at(-1) ?? path
  const whole = nearestName(name, [...OWN_FIELDS, ...SCORE_NAMES, ...paths])
  if (whole !== null) return whole
  const end = nearestName(last(name), paths.map(last))
  return paths.find((path) => last(path) === end) ?? null
}
