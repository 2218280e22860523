import { answerText } from '../../../../src-shared/contract/answer.ts'
import type { NamedSource } from '../../../../src-shared/contract/compare-views.ts'
import { epochOfSource, isEpochSource } from '../../../../src-shared/contract/compare-views.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { tellingDifferences } from './consequences.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import type { Spread } from './compare-spread.ts'
import { intervalName } from '../../../ui/charts/statistics/interval-of.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'

/** One number of the table and how it stands to the baseline. */
export interface Score {
  readonly value: number | null
  /** Spread over seeds of the chosen kind; null with one seed. */
  readonly spread: Spread | null
  /** Seeds behind the value; they may be fewer than the runs. */
  readonly n: number
  readonly delta: number | null
  /** 95 % interval of the difference (t); null where the seeds allow none. */
  readonly interval: readonly [number, number] | null
  /** The bootstrap interval, where that was asked for. */
  readonly bootstrap: readonly [number, number] | null
  readonly note: string
  /** The difference in one sentence; empty without one over seeds. */
  readonly answer: string
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
  /** The setting under which a seed is unfolded; it is sorted with it. */
  readonly parent: CompareRow | null
}

const EMPTY: Score = {
  value: null,
  spread: null,
  n: 0,
  delta: null,
  interval: null,
  bootstrap: null,
  note: '',
  answer: '',
}

/** Options that only tell seeds apart say nothing once seeds are grouped. */
const SEED_PATHS: ReadonlySet<string> = new Set(['seed'])
const NONE: ReadonlySet<string> = new Set()

/** Differing options worth a column. */
export function shownDifferences(
  c: Comparison,
  grouping: Grouping,
  ignored: ReadonlySet<string> = NONE,
): Comparison['differences'] {
  const telling = tellingDifferences(c).filter((d) => !ignored.has(d.path))
  return grouping === 'seeds' ? telling.filter((d) => !SEED_PATHS.has(d.path)) : telling
}

export interface RowWish {
  readonly spread: IntervalKind
  /** Settings whose seeds are listed beneath. */
  readonly unfolded: ReadonlySet<string>
  readonly ignored: ReadonlySet<string>
}

const PLAIN: RowWish = { spread: 'sem', unfolded: NONE, ignored: NONE }

/** The table's rows: one per run, or one per setting over its seeds, with unfolded seeds beneath. */
export function compareRows(
  c: Comparison,
  grouping: Grouping,
  wish: Partial<RowWish> = {},
): readonly CompareRow[] {
  const full = { ...PLAIN, ...wish }
  return grouping === 'runs' ? runRows(c, full) : groupRows(c, full)
}

/** JSON has no word for missing; null at its default is an option that this run does not have or does not use. */
const optionValue = (d: Comparison['differences'][number], i: number): unknown =>
  d.absent?.[i] === true || (d.values[i] === null && d.defaults[i] === true) ? undefined : d.values[i]

function runRows(c: Comparison, { ignored }: RowWish): CompareRow[] {
  const differences = shownDifferences(c, 'runs', ignored)
  return c.runs.map((run, i) => ({
    key: run.id,
    name: run.name,
    run,
    ids: [run.id],
    seeds: [run.seed],
    options: differences.map((d) => optionValue(d, i)),
    isBaseline: run.id === c.baseline,
    scores: Object.fromEntries(
      c.metrics.map((m) => [m.key, singleScore(m.values[i] ?? null, m.deltas[i] ?? null)]),
    ),
    parent: null,
  }))
}

const singleScore = (value: number | null, delta: number | null): Score => ({
  ...EMPTY,
  value,
  n: value === null ? 0 : 1,
  delta,
  note: 'one seed, no interval',
})

function groupRows(c: Comparison, wish: RowWish): CompareRow[] {
  const differences = shownDifferences(c, 'seeds', wish.ignored)
  const baseline = c.groups.find((g) => c.baseline !== null && g.ids.includes(c.baseline))?.name ?? ''
  return c.groups.flatMap((group) => {
    const members = c.runs.filter((r) => group.ids.includes(r.id))
    const first = members[0]
    if (first === undefined) return []
    const at = c.runs.indexOf(first)
    const row: CompareRow = {
      key: group.groupId,
      name: group.name,
      run: first,
      ids: group.ids,
      seeds: members.map((r) => r.seed),
      options: differences.map((d) => optionValue(d, at)),
      isBaseline: c.baseline !== null && group.ids.includes(c.baseline),
      scores: Object.fromEntries(
        group.metrics.map((m) => {
          const answer =
            m.delta === null ? '' : answerText({ key: m.key, setting: group.name, baseline }, m.delta)
          return [m.key, { ...groupScore(m, wish.spread), answer }]
        }),
      ),
      parent: null,
    }
    return wish.unfolded.has(row.key) ? [row, ...members.map((run) => seedRow(c, group, row, run))] : [row]
  })
}

/** One seed of a setting: its values, without differences, which belong to the setting as a whole. */
function seedRow(
  c: Comparison,
  group: Comparison['groups'][number],
  parent: CompareRow,
  run: RunSummary,
): CompareRow {
  const i = c.runs.indexOf(run)
  const at = group.ids.indexOf(run.id)
  const values = new Map(group.metrics.map((m) => [m.key, m.values?.[at]]))
  return {
    ...parent,
    key: `${parent.key} ${run.id}`,
    name: `${run.name}, seed ${run.seed}`,
    run,
    ids: [run.id],
    seeds: [run.seed],
    isBaseline: false,
    scores: Object.fromEntries(
      c.metrics.map((m) => [m.key, singleScore(values.get(m.key) ?? m.values[i] ?? null, null)]),
    ),
    parent,
  }
}

type GroupMetric = Comparison['groups'][number]['metrics'][number]

function groupScore(m: GroupMetric, kind: IntervalKind): Omit<Score, 'answer'> {
  const { delta } = m
  return {
    value: m.mean,
    spread: spreadOf(m, kind),
    n: m.n,
    delta: delta?.mean ?? null,
    interval: delta === null || delta.low === null || delta.high === null ? null : [delta.low, delta.high],
    bootstrap: kind === 'bootstrap' ? (delta?.bootstrap ?? null) : null,
    note: delta?.note ?? (m.n < 2 ? 'one seed, no interval' : ''),
  }
}

function spreadOf(m: GroupMetric, kind: IntervalKind): Spread | null {
  if (m.n < 2) return null
  if (kind === 'sem') return m.sem === null ? null : { half: m.sem }
  if (kind === 'sd') return m.sd == null ? null : { half: m.sd }
  const ends = m[kind]
  return ends == null ? null : { low: ends[0], high: ends[1] }
}

export const scoreOf = (row: CompareRow, key: string): Score => row.scores[key] ?? EMPTY

/** What a reader may conclude from a comparison. */
export function trustNote(
  rows: readonly CompareRow[],
  grouping: Grouping,
  hasBaseline: boolean,
  spread: IntervalKind = 'sem',
): string {
  const means = `Mean and ${intervalName(spread)} over seeds.`
  if (grouping === 'runs')
    return hasBaseline
      ? 'Single runs: differences carry no interval, so none is called better. Group over seeds to see intervals.'
      : 'Pin a baseline to see differences.'
  if (!hasBaseline) return `${means} Pin a baseline to see differences.`
  const hasFew = rows.some((r) => r.parent === null && r.ids.length < 2)
  const few = hasFew
    ? ' Some settings have one seed only: their differences carry no interval. Complete the seeds to see one.'
    : ''
  return `${means} ▲ ▼ in colour: the 95 % interval of the difference (t, paired where seeds match) leaves 0 out.${few}`
}

const SOURCES: Readonly<Record<NamedSource, string>> = {
  final: 'Scores are those of the final evaluation, with the weights of the best validation score.',
  last: 'Scores are the last values of the curves, not those of the final evaluation.',
  best: 'Scores are the best value of each curve by itself: chosen after looking, hence optimistic, and not of one and the same epoch.',
  'at-best': 'Scores are the values of the curves at the epoch of the best validation score.',
}

export const sourceNote = ({ source = 'final' }: Comparison): string =>
  isEpochSource(source)
    ? `Scores are the values of the curves at the end of epoch ${epochOfSource(source)}, or of the last validation before it.`
    : SOURCES[source]
