import type { ScoreSource } from '../../../../src-shared/contract/compare-views.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { readIntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import type { Grouping } from '../base/comparison.ts'
import type { SavedView, Sorting } from './saved-view.ts'
import { readSource } from './saved-view.ts'

/** All that a comparison is, as it stands in the address: a copied link shows the same. */
export interface CompareAddress {
  readonly runs: readonly string[]
  readonly filter: string | null
  /** The pinned run; `NO_BASELINE` where none is wanted; null where nothing was chosen. */
  readonly baseline: string | null
  readonly grouping: Grouping
  readonly tab: string
  readonly source: ScoreSource
  readonly spread: IntervalKind
  readonly sort: readonly Sorting[]
  /** Columns that are shown (or not) against the usual choice; null when the address says nothing. */
  readonly columns: Readonly<Record<string, boolean>> | null
}

/** No run is pinned, not even one that suggests itself. */
export const NO_BASELINE = 'none'

type Query = Readonly<Record<string, unknown>>
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const listed = (value: unknown): string[] =>
  text(value)
    .split(',')
    .filter((t) => t !== '')

export function readAddress(query: Query): CompareAddress {
  return {
    runs: listed(query['runs']),
    filter: typeof query['filter'] === 'string' ? query['filter'] : null,
    baseline: text(query['baseline']) || null,
    grouping: query['group'] === 'seeds' ? 'seeds' : 'runs',
    tab: text(query['tab']) || 'table',
    source: readSource(query['scores']),
    spread: readIntervalKind(text(query['spread'])),
    // A minus before a name turns its direction, or hides its column.
    sort: listed(query['sort']).map((t) => ({ id: t.replace(/^-/, ''), desc: t.startsWith('-') })),
    columns:
      typeof query['columns'] === 'string'
        ? Object.fromEntries(listed(query['columns']).map((t) => [t.replace(/^-/, ''), !t.startsWith('-')]))
        : null,
  }
}

/** What is usual is left out, so that addresses stay short. */
export function writeAddress(a: CompareAddress): Record<string, string> {
  const out: Record<string, string | null> = {
    runs: a.runs.length === 0 ? null : a.runs.join(','),
    filter: a.filter,
    baseline: a.baseline,
    group: a.grouping === 'seeds' ? 'seeds' : null,
    tab: a.tab === 'table' ? null : a.tab,
    scores: a.source === 'final' ? null : a.source,
    spread: a.spread === 'sem' ? null : a.spread,
    sort: a.sort.length === 0 ? null : a.sort.map((s) => `${s.desc ? '-' : ''}${s.id}`).join(','),
    columns:
      a.columns === null
        ? null
        : Object.entries(a.columns)
            .map(([id, on]) => `${on ? '' : '-'}${id}`)
            .join(','),
  }
  return Object.fromEntries(Object.entries(out).filter((e): e is [string, string] => e[1] !== null))
}

export const addressOfView = ({ name: _name, columns, ...view }: SavedView): CompareAddress => ({
  ...view,
  columns: Object.keys(columns).length === 0 ? null : columns,
})

export const viewOfAddress = ({ columns, ...address }: CompareAddress, name: string): SavedView => ({
  ...address,
  name,
  columns: columns ?? {},
})
