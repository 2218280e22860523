import type { ScoreSource } from '../../../../src-shared/contract/compare-views.ts'
import { scoreSource } from '../../../../src-shared/contract/compare-views.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { readIntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import type { Grouping } from '../base/comparison.ts'

export interface Sorting {
  readonly id: string
  readonly desc: boolean
}

/** A comparison to come back to: named runs, or a filter whose runs are found anew each time. */
export interface SavedView {
  readonly name: string
  readonly runs: readonly string[]
  /** Search text; null for named runs. */
  readonly filter: string | null
  readonly baseline: string | null
  readonly grouping: Grouping
  readonly tab: string
  readonly source: ScoreSource
  readonly spread: IntervalKind
  readonly sort: readonly Sorting[]
  readonly columns: Readonly<Record<string, boolean>>
}

/** The views with one added; a view of the same name is replaced in its place. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const at = views.findIndex((v) => v.name === view.name)
  return at < 0 ? [...views, view] : views.with(at, view)
}

/** Why a view cannot have this name; empty where it can. */
export function nameBlock(views: readonly SavedView[], from: string, to: string): string {
  const name = to.trim()
  if (name === '') return 'A view needs a name.'
  return name !== from && views.some((v) => v.name === name)
    ? `There already is a view “${name}”. Choose another name, or remove that view first.`
    : ''
}

/** A view under another name, where it can have it. */
export const renamedView = (views: readonly SavedView[], from: string, to: string): SavedView[] =>
  nameBlock(views, from, to) === ''
    ? views.map((v) => (v.name === from ? { ...v, name: to.trim() } : v))
    : [...views]

/** The views with a removed one back at its place; under another name where a view of its name was saved since. */
export function restoredView(views: readonly SavedView[], view: SavedView, at: number): SavedView[] {
  let name = view.name
  for (let i = 2; views.some((v) => v.name === name); i++) name = `${view.name} (${i})`
  return views.toSpliced(at, 0, { ...view, name })
}

export const readSource = (value: unknown): ScoreSource => scoreSource.safeParse(value).data ?? 'final'

/** A stored list that came from a file is checked before it is used. */
export function readViews(stored: unknown): SavedView[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((v: unknown) => {
    if (v === null || typeof v !== 'object') return []
    const { name, runs, filter, baseline, grouping, tab, source, spread, sort, columns } = v as Record<
      string,
      unknown
    >
    if (typeof name !== 'string' || !isTexts(runs)) return []
    return [
      {
        name,
        runs,
        filter: typeof filter === 'string' ? filter : null,
        baseline: typeof baseline === 'string' ? baseline : null,
        grouping: grouping === 'seeds' ? ('seeds' as const) : ('runs' as const),
        tab: typeof tab === 'string' ? tab : 'table',
        source: readSource(source),
        spread: readIntervalKind(typeof spread === 'string' ? spread : ''),
        sort: Array.isArray(sort) ? sort.filter(isSorting) : [],
        columns: readChoice(columns),
      },
    ]
  })
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string')

const isSorting = (value: unknown): value is Sorting =>
  value !== null &&
  typeof value === 'object' &&
  typeof (value as Sorting).id === 'string' &&
  typeof (value as Sorting).desc === 'boolean'

const readChoice = (value: unknown): Record<string, boolean> =>
  value === null || typeof value !== 'object'
    ? {}
    : Object.fromEntries(
        Object.entries(value).filter((e): e is [string, boolean] => typeof e[1] === 'boolean'),
      )
