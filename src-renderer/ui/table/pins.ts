import type { TableColumn } from './table-column.ts'

type Pinned = Pick<TableColumn<never>, 'id' | 'width' | 'pin'>
type Lengths = Readonly<Record<string, string>>

/** Where the columns that stay in view stand, as lengths for the style sheet. */
export interface Pins {
  /** `--first`: the width of the first column; `--between`: of those that stay behind it; `--end`: at the right edge. */
  readonly widths: Lengths
  classOf(column: Pinned): 'pin-start' | 'pin-end' | ''
  /** How far from its edge a column that stays stands, beside the first one. */
  styleOf(column: Pinned): Lengths | undefined
}

/** The first column of a table stays, and those that say so: at the start where they follow it at once, and at the end. */
export function pinsOf(columns: readonly Pinned[]): Pins {
  const others = columns.slice(1)
  const free = others.findIndex(({ pin }) => pin !== 'start')
  const start = free === -1 ? others : others.slice(0, free)
  const end = others.filter(({ pin }) => pin === 'end')
  const rem = (some: readonly Pinned[]): string => `${some.reduce((sum, { width }) => sum + width, 0)}rem`
  const offsets = new Map([
    ...start.map((c, i) => [c.id, rem(start.slice(0, i))] as const),
    ...end.map((c, i) => [c.id, rem(end.slice(i + 1))] as const),
  ])
  const ends = new Set(end.map(({ id }) => id))
  return {
    widths: { '--first': rem(columns.slice(0, 1)), '--between': rem(start), '--end': rem(end) },
    classOf: ({ id }) => (ends.has(id) ? 'pin-end' : offsets.has(id) ? 'pin-start' : ''),
    styleOf: ({ id }) => {
      const offset = offsets.get(id)
      return offset === undefined ? undefined : { '--offset': offset }
    },
  }
}
