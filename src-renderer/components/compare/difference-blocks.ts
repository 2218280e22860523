import type { Comparison } from './comparison.ts'
import { tellingDifferences } from './consequences.ts'

export interface DifferenceCell {
  readonly value: unknown
  readonly isDefault: boolean
  /** Not the value of the baseline (or of the first run). */
  readonly differs: boolean
  readonly isOtherType: boolean
}

export interface DifferenceBlock {
  readonly title: string
  readonly rows: readonly {
    readonly path: string
    readonly label: string
    readonly cells: readonly DifferenceCell[]
  }[]
}

const TITLES: Readonly<Record<string, string>> = { dataset: 'Data set', model: 'Model', trainer: 'Trainer' }

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/**
 * Differing options in three blocks (data set, model, trainer) and the rest, searched by path. Options that exist in one component
 * only are left out unless `withConsequences`.
 */
export function differenceBlocks(
  c: Comparison,
  search: string,
  withConsequences: boolean,
): readonly DifferenceBlock[] {
  const at = Math.max(
    0,
    c.runs.findIndex((r) => r.id === c.baseline),
  )
  const listed = withConsequences ? c.differences : tellingDifferences(c)
  const found = listed.filter((d) => d.path.toLowerCase().includes(search.toLowerCase()))
  const blocks = new Map<string, DifferenceBlock['rows'][number][]>()
  for (const d of found) {
    const part = d.path.split('.')[0] ?? ''
    const title = TITLES[part] ?? 'Run'
    const reference = d.values[at]
    const row = {
      path: d.path,
      label: title === 'Run' ? d.path : d.path.replace(/^\w+\.(config\.)?/, ''),
      cells: d.values.map((value, i) => ({
        value: value === null && d.defaults[i] === true ? undefined : value,
        isDefault: d.defaults[i] === true && !d.path.endsWith('.fn'),
        differs: JSON.stringify(value) !== JSON.stringify(reference),
        isOtherType: value != null && reference != null && typeOf(value) !== typeOf(reference),
      })),
    }
    blocks.set(title, [...(blocks.get(title) ?? []), row])
  }
  return [...blocks].map(([title, rows]) => ({ title, rows }))
}
