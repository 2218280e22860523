import type { Grouping } from './comparison.ts'

/** A comparison to come back to. */
export interface SavedView {
  readonly name: string
  readonly runs: readonly string[]
  readonly baseline: string | null
  readonly grouping: Grouping
  readonly tab: string
  readonly columns: Readonly<Record<string, boolean>>
}

/** The views with one added; a view of the same name is replaced in its place. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const at = views.findIndex((v) => v.name === view.name)
  return at < 0 ? [...views, view] : views.with(at, view)
}

/** A stored list that came from a file is checked before it is used. */
export function readViews(stored: unknown): SavedView[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((v: unknown) => {
    if (v === null || typeof v !== 'object') return []
    const { name, runs, baseline, grouping, tab, columns } = v as Record<string, unknown>
    if (typeof name !== 'string' || !isTexts(runs)) return []
    return [
      {
        name,
        runs,
        baseline: typeof baseline === 'string' ? baseline : null,
        grouping: grouping === 'seeds' ? ('seeds' as const) : ('runs' as const),
        tab: typeof tab === 'string' ? tab : 'table',
        columns: readChoice(columns),
      },
    ]
  })
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((v) => typeof v === 'string')

const readChoice = (value: unknown): Record<string, boolean> =>
  value === null || typeof value !== 'object'
    ? {}
    : Object.fromEntries(
        Object.entries(value).filter((e): e is [string, boolean] => typeof e[1] === 'boolean'),
      )
