import type { RunSummary } from '../../../src-shared/contract/run.ts'
import type { Comparison, Grouping } from './comparison.ts'
import { tellingDifferences } from './consequences.ts'

/** One number of the table and how it stands to the baseline. */
export interface Score {
  readonly value: number | null
  /** Standard error over seeds; null with one seed. */
  readonly sem: number | null
  readonly n: number
  readonly delta: number | null
  /** Interval of the difference; null where one seed allows none. */
  readonly interval: readonly [number, number] | null
  readonly note: string
}

export interface CompareRow {
  readonly key: string
  readonly name: string
  /** The run, or the first of the group. */
  readonly run: RunSummary
  readonly ids: readonly string[]
  readonly seeds: readonly number[]
  /** One value per differing option, in the order of {@link shownDifferences}. */
  readonly options: readonly unknown[]
  readonly isBaseline: boolean
  readonly scores: Readonly<Record<string, Score>>
}

const EMPTY: Score = { value: null, sem: null, n: 0, delta: null, interval: null, note: '' }

/** Options that only tell seeds apart say nothing once seeds are grouped. */
const SEED_PATHS: ReadonlySet<string> = new Set(['seed'])

/** Differing options worth a column. */
export function shownDifferences(c: Comparison, grouping: Grouping): Comparison['differences'] {
  const telling = tellingDifferences(c)
  return grouping === 'seeds' ? telling.filter((d) => !SEED_PATHS.has(d.path)) : telling
}

/** The table's rows: one per run, or one per setting over its seeds. */
export function compareRows(c: Comparison, grouping: Grouping): readonly CompareRow[] {
  return grouping === 'runs' ? runRows(c) : groupRows(c)
}

/** JSON has no word for missing; null at its default is an option that this run does not have or does not use. */
const optionValue = (d: Comparison['differences'][number], i: number): unknown =>
  d.values[i] === null && d.defaults[i] === true ? undefined : d.values[i]

function runRows(c: Comparison): CompareRow[] {
  const differences = shownDifferences(c, 'runs')
  return c.runs.map((run, i) => ({
    key: run.id,
    name: run.name,
    run,
    ids: [run.id],
    seeds: [run.seed],
    options: differences.map((d) => optionValue(d, i)),
    isBaseline: run.id === c.baseline,
    scores: Object.fromEntries(
      c.metrics.map((m) => [
        m.key,
        {
          value: m.values[i] ?? null,
          sem: null,
          n: m.values[i] == null ? 0 : 1,
          delta: m.deltas[i] ?? null,
          interval: null,
          note: '1 seed: no interval',
        },
      ]),
    ),
  }))
}

function groupRows(c: Comparison): CompareRow[] {
  const differences = shownDifferences(c, 'seeds')
  return c.groups.flatMap((group) => {
    const members = c.runs.filter((r) => group.ids.includes(r.id))
    const first = members[0]
    if (first === undefined) return []
    const at = c.runs.indexOf(first)
    return [
      {
        key: group.groupId,
        name: group.name,
        run: first,
        ids: group.ids,
        seeds: members.map((r) => r.seed),
        options: differences.map((d) => optionValue(d, at)),
        isBaseline: c.baseline !== null && group.ids.includes(c.baseline),
        scores: Object.fromEntries(group.metrics.map((m) => [m.key, groupScore(m)])),
      },
    ]
  })
}

function groupScore(m: Comparison['groups'][number]['metrics'][number]): Score {
  return {
    value: m.mean,
    sem: m.sem,
    n: m.n,
    delta: m.delta?.mean ?? null,
    interval: m.delta === null || m.n < 2 ? null : [m.delta.low, m.delta.high],
    note: m.delta?.note ?? (m.n < 2 ? '1 seed: no interval' : ''),
  }
}

export const scoreOf = (row: CompareRow, key: string): Score => row.scores[key] ?? EMPTY

export type Verdict = 'better' | 'worse' | 'open'

/** Whether a difference is real: only an interval that leaves 0 out says so; one seed never does. */
export function verdictOf(score: Score, goal: 'max' | 'min' | 'none'): Verdict {
  if (score.interval === null || goal === 'none') return 'open'
  const [low, high] = score.interval
  if (low <= 0 && high >= 0) return 'open'
  return low > 0 === (goal === 'max') ? 'better' : 'worse'
}

/** What a reader may conclude from a comparison, in one sentence. */
export function trustNote(rows: readonly CompareRow[], grouping: Grouping, hasBaseline: boolean): string {
  if (!hasBaseline) return 'Pin a baseline to see differences.'
  if (grouping === 'runs')
    return 'Single runs: differences carry no interval, so none is called better. Group over seeds to see intervals.'
  const least = rows.reduce((n, r) => Math.min(n, r.ids.length), Infinity)
  if (least < 2)
    return 'Some settings have one seed only: their differences carry no interval. Complete the seeds to see one.'
  return 'Mean with standard error over seeds. ▲ ▼ in colour: the 95 % interval of the difference leaves 0 out.'
}
