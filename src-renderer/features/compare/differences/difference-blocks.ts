import { stringify } from 'yaml'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import {
  PART_TITLES,
  optionLabel,
  optionName,
  partTitle,
} from '../../../../src-shared/schema/option-names.ts'
import { formatOptionAt } from '../../../../src-shared/schema/option-value.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { shownDifferences } from '../table/compare-rows.ts'
import { optionField } from '../table/option-facts.ts'

type OptionRows = Comparison['differences']

interface DifferenceCell {
  readonly value: unknown
  readonly isDefault: boolean
  /** Not the value of the baseline (or of the first column). */
  readonly differs: boolean
  readonly isOtherType: boolean
}

export interface DifferenceBlock {
  readonly title: string
  readonly rows: readonly {
    readonly path: string
    readonly label: string
    readonly unit: string
    readonly help: string
    readonly cells: readonly DifferenceCell[]
  }[]
}

/** A column: a run, or a setting by its first run. */
export interface DifferenceColumn {
  readonly key: string
  readonly run: RunSummary
  /** Place of the run in the comparison. */
  readonly at: number
  readonly seeds: number
}

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value

/** Runs, or settings over their seeds. */
export function differenceColumns(c: Comparison, grouping: Grouping): DifferenceColumn[] {
  if (grouping === 'runs') return c.runs.map((run, at) => ({ key: run.id, run, at, seeds: 1 }))
  return c.groups.flatMap((g) => {
    const at = c.runs.findIndex((r) => r.id === g.ids[0])
    const run = c.runs[at]
    return run === undefined ? [] : [{ key: g.groupId, run, at, seeds: g.ids.length }]
  })
}

/** Place of the column that the others are compared with: the baseline's, or the first. */
export function referenceAt(c: Comparison, columns: readonly DifferenceColumn[]): number {
  const base = c.runs.find((r) => r.id === c.baseline)
  const isBase = (col: DifferenceColumn): boolean =>
    col.run.id === c.baseline || (col.seeds > 1 && col.run.groupId === base?.groupId)
  return Math.max(0, columns.findIndex(isBase))
}

export interface BlockWish {
  readonly search: string
  readonly ignored: ReadonlySet<string>
  readonly columns: readonly DifferenceColumn[]
}

/** Options in three blocks (data set, model, trainer) and the rest, searched by path. */
export function differenceBlocks(
  c: Comparison,
  options: OptionRows,
  { search, ignored, columns }: BlockWish,
): readonly DifferenceBlock[] {
  const reference = columns[referenceAt(c, columns)]?.at ?? 0
  const wanted = search.toLowerCase()
  const blocks = new Map<string, DifferenceBlock['rows'][number][]>()
  for (const d of options) {
    if (ignored.has(d.path) || !`${d.path} ${optionName(d.path)}`.toLowerCase().includes(wanted)) continue
    const title = partTitle(d.path) ?? 'Run'
    const field = optionField(d.path, c.runs)
    const row = {
      path: d.path,
      label: optionName(d.path),
      unit: field?.unit ?? '',
      help: field?.help ?? '',
      cells: columns.map(({ at }) => cellOf(d, at, reference)),
    }
    blocks.set(title, [...(blocks.get(title) ?? []), row])
  }
  const order = [...Object.values(PART_TITLES), 'Run']
  return [...blocks]
    .map(([title, rows]) => ({ title, rows }))
    .sort((a, b) => order.indexOf(a.title) - order.indexOf(b.title))
}

function cellOf(d: OptionRows[number], at: number, reference: number): DifferenceCell {
  const value = d.values[at]
  const other = d.values[reference]
  const isAbsent = d.absent === undefined ? value == null && d.defaults[at] === true : d.absent[at] === true
  return {
    value: isAbsent ? undefined : value,
    isDefault: d.defaults[at] === true && !isAbsent && !d.path.endsWith('.fn'),
    differs: JSON.stringify(value) !== JSON.stringify(other) || d.absent?.[at] !== d.absent?.[reference],
    isOtherType: value != null && other != null && typeOf(value) !== typeOf(other),
  }
}

/** What turns the reference's config into this one, as YAML that the editor takes; options that are gone stand as comments. */
export function patchOf(c: Comparison, at: number, reference: number): string {
  const tree: Record<string, unknown> = {}
  const gone: string[] = []
  for (const d of c.differences) {
    if (
      JSON.stringify(d.values[at]) === JSON.stringify(d.values[reference]) &&
      d.absent?.[at] === d.absent?.[reference]
    )
      continue
    if (d.absent?.[at] === true) gone.push(d.path)
    else put(tree, d.path.split('.'), d.values[at])
  }
  const text = Object.keys(tree).length === 0 ? '' : stringify(tree, { lineWidth: 0 })
  return text + gone.map((path) => `# not set: ${path}\n`).join('')
}

function put(tree: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  const [first = '', ...rest] = keys
  if (rest.length === 0) {
    tree[first] = value
    return
  }
  const inner = tree[first]
  const next = inner !== null && typeof inner === 'object' ? (inner as Record<string, unknown>) : {}
  tree[first] = next
  put(next, rest, value)
}

/** More values than these are counted instead of listed. */
const LISTED = 4

/** What the runs differ in, in one sentence above everything else. */
export function differenceSentence(c: Comparison, grouping: Grouping, ignored: ReadonlySet<string>): string {
  const all = shownDifferences(c, grouping, ignored)
  const seedsOnly = all.length > 0 && all.every((d) => d.path === 'seed')
  const telling = all.filter((d) => d.path !== 'seed')
  const paths = all.map((d) => d.path)
  if (c.runs.length < 2) return ''
  if (seedsOnly) return 'These runs differ in the seed only.'
  if (telling.length === 0) return 'Every option is the same.'
  const first = telling[0]
  if (telling.length === 1 && first !== undefined) {
    const values = [
      ...new Set(
        first.values.map((v, i) => formatOptionAt(first.path, first.absent?.[i] === true ? undefined : v)),
      ),
    ]
    const list = values.length > LISTED ? `${values.length} values` : values.join(' or ')
    return `One option differs: ${optionName(first.path)} is ${list}.`
  }
  const names = telling.map((d) => optionLabel(d.path, paths))
  return names.length > LISTED
    ? `${names.length} options differ.`
    : `${names.length} options differ: ${names.join(', ')}.`
}
