import type { ComparedRow } from '../base/compared-rows.ts'
import { comparedRows, sampleOf } from '../base/compared-rows.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { formatOptionAt } from '../../../../src-shared/schema/option-value.ts'
import { tellingDifferences } from '../table/consequences.ts'
import { optionLabel } from '../../../../src-shared/schema/option-names.ts'
import { isAskedFor } from '../table/compare-columns.ts'

/** Any number of a run: a score, an option, the seed, the time. */
export interface Quantity {
  readonly id: string
  readonly label: string
  readonly kind: 'option' | 'score'
  /** One per run, in the order of the comparison. */
  readonly values: readonly (number | null)[]
  /** Names of the positions, for options that are words. */
  readonly names: readonly string[] | null
}

/**
 * Everything that can be put on an axis. Options that are words stand at whole numbers, in the order of their first use. Over seeds the seed is
 * no option, and scores against the baseline are those against the same seed, as in the table.
 */
export function quantitiesOf(c: Comparison, grouping: Grouping = 'runs'): readonly Quantity[] {
  const isOverSeeds = grouping === 'seeds'
  const telling = tellingDifferences(c).filter(({ path }) => !isOverSeeds || path !== 'seed')
  const paths = telling.map((d) => d.path)
  const options = telling.map((d) => optionQuantity(d.path, optionLabel(d.path, paths), d.values))
  const scores = c.metrics.map((m): Quantity => ({
    id: m.key,
    label: m.unit === '' ? m.label : `${m.label}, ${m.unit}`,
    kind: 'score',
    values: isOverSeeds ? seedValues(c, m) : m.values,
    names: null,
  }))
  const facts: Quantity[] = [
    {
      id: 'seconds',
      label: 'Time of work, s',
      kind: 'score',
      values: c.runs.map((r) => r.seconds),
      names: null,
    },
    { id: 'epoch', label: 'Epochs trained', kind: 'score', values: c.runs.map((r) => r.epoch), names: null },
  ]
  return [settingQuantity(c), ...options, ...scores, ...facts].filter((q) => q.values.some((v) => v !== null))
}

/** Values by run, in the order of the comparison, as settings have them. */
function seedValues(c: Comparison, { key, values }: Comparison['metrics'][number]): (number | null)[] {
  const known = new Map(
    c.groups.flatMap((g) => {
      const own = g.metrics.find((m) => m.key === key)?.values
      return own === undefined ? [] : g.ids.map((id, i) => [id, own[i] ?? null] as const)
    }),
  )
  return c.runs.map(({ id }, i) => (known.has(id) ? (known.get(id) ?? null) : (values[i] ?? null)))
}

/** The quantity of each run, by id. */
export function valueByRun(c: Comparison, q: Quantity): (id: string) => number | null {
  const at = new Map(c.runs.map(({ id }, i) => [id, q.values[i] ?? null]))
  return (id) => at.get(id) ?? null
}

/** A quantity with one value per row: the mean over its seeds, or the word that they share. */
export function quantityOfRows(c: Comparison, q: Quantity, rows: readonly ComparedRow[]): Quantity {
  const valueOf = valueByRun(c, q)
  const values = rows.map((row) => {
    const sample = sampleOf(row, valueOf)
    if (q.names !== null) return sample[0] ?? null
    return sample.length === 0 ? null : sample.reduce((a, b) => a + b, 0) / sample.length
  })
  return { ...q, values }
}

/** The quantities of the rows of a comparison. */
export const rowQuantities = (c: Comparison, grouping: Grouping): readonly Quantity[] => {
  const rows = comparedRows(c, grouping)
  return quantitiesOf(c, grouping).map((q) => quantityOfRows(c, q, rows))
}

/** Id of the quantity that says which setting a run belongs to. */
export const SETTING = 'setting'

/** Runs that differ in nothing but the seed share a word; settings of one name are numbered. */
function settingQuantity(c: Comparison): Quantity {
  const seen = new Map<string, number>()
  const names = c.groups.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
  const values = c.runs.map((run) => {
    const at = c.groups.findIndex((g) => g.ids.includes(run.id))
    return at < 0 ? null : at
  })
  return { id: SETTING, label: 'Setting', kind: 'option', values, names }
}

function optionQuantity(id: string, label: string, values: readonly unknown[]): Quantity {
  if (values.every((v) => v == null || typeof v === 'number'))
    return {
      id,
      label,
      kind: 'option',
      values: values.map((v) => v ?? null),
      names: null,
    }
  const texts = values.map((v) => (v == null ? 'not set' : formatOptionAt(id, v)))
  const names = [...new Set(texts)]
  return { id, label, kind: 'option', values: texts.map((t) => names.indexOf(t)), names }
}

/** Options that differ; the seed only where nothing else does. */
export function varyingOptions(list: readonly Quantity[]): readonly Quantity[] {
  const varied = list.filter((q) => q.kind === 'option' && q.id !== SETTING && new Set(q.values).size > 1)
  const telling = varied.filter((q) => q.id !== 'seed')
  return telling.length > 0 ? telling : varied
}

/** The scores that are asked about: those that the table is sorted by, then the headlines; else the first that there are. */
export function askedScores(list: readonly Quantity[], asked: readonly string[]): readonly Quantity[] {
  const scores = list.filter((q) => q.kind === 'score')
  const first = asked.flatMap((id) => scores.find((q) => q.id === id) ?? [])
  const found = [...first, ...scores.filter((q) => isAskedFor(q.id) && !first.includes(q))]
  return found.length > 0 ? found : scores
}

/** Fewer places than these make columns of points rather than a picture of a relation. */
const LEAST_PLACES = 3

/** What says most across a plot: over seeds the setting, else an option with several values, else the setting again. */
export function tellingQuantity(list: readonly Quantity[], isOverSeeds: boolean): string {
  const varied = list.find(
    (q) =>
      q.kind === 'option' && q.names === null && q.id !== 'seed' && new Set(q.values).size >= LEAST_PLACES,
  )
  return isOverSeeds ? SETTING : (varied?.id ?? SETTING)
}

/** A log axis suits values that span more than two decades. */
export function spansDecades(values: readonly (number | null)[]): boolean {
  const positive = values.filter((v): v is number => v !== null)
  if (positive.length < 2 || positive.some((v) => v <= 0)) return false
  return Math.max(...positive) / Math.min(...positive) > 100
}
