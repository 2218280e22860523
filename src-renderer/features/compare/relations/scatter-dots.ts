import type { Group } from '../../../ui/charts/box/box-groups.ts'
import { jitterOf } from '../../../ui/charts/statistics/box-stats.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { intervalOf } from '../../../ui/charts/statistics/interval-of.ts'
import type { Dot } from '../../../ui/charts/scatter/scatter.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import type { Comparison } from '../base/comparison.ts'
import { comparedRows, sampleOf, seedText } from '../base/compared-rows.ts'
import type { Quantity } from './quantities.ts'
import { valueByRun } from './quantities.ts'

type Style = (id: string) => SeriesStyle
type Place = { readonly across: Quantity; readonly up: Quantity; readonly level: Quantity | null }

const lookOf = ({ token, marker }: SeriesStyle): Pick<Dot, 'token' | 'marker'> => ({ token, marker })
const labelOf = (run: Comparison['runs'][number]): string => `${run.name}, seed ${run.seed}`

/** One point per run that has both numbers. */
export function runDots(c: Comparison, { across, up, level }: Place, style: Style): Dot[] {
  return c.runs.flatMap((run, i) => {
    const x = across.values[i] ?? null
    const y = up.values[i] ?? null
    if (x === null || y === null) return []
    const look = lookOf(style(run.id))
    return [{ id: run.id, x, y, label: labelOf(run), ...look, level: level?.values[i] ?? null }]
  })
}

/** One point per setting: means over its seeds with intervals in both directions. The id is that of its first run. */
export function settingDots(
  c: Comparison,
  { across, up, level }: Place,
  kind: IntervalKind,
  style: Style,
): Dot[] {
  return comparedRows(c, 'seeds').flatMap((row) => {
    const over = (q: Quantity) => intervalOf(sampleOf(row, valueByRun(c, q)), kind)
    const [x, y] = [over(across), over(up)]
    const { id } = row
    if (x === null || y === null) return []
    const isSpread = x.low !== null && x.high !== null && x.high > x.low
    return [
      {
        id,
        x: x.mean,
        y: y.mean,
        ...(isSpread ? { xLow: x.low, xHigh: x.high } : {}),
        yLow: y.low,
        yHigh: y.high,
        label: `${row.name}, mean of ${seedText(y.n)}`,
        ...lookOf(style(id)),
        level: level === null ? null : (over(level)?.mean ?? null),
      },
    ]
  })
}

/**
 * Settings in rows by a word, the value to the right: mean with interval, and the single seeds pale behind it. Settings that share a word stand beside
 * each other in its row.
 */
export function rowDots(
  c: Comparison,
  word: Quantity,
  value: Quantity,
  kind: IntervalKind,
  style: Style,
): Dot[] {
  const inRow = new Map<number, number>()
  const [wordOf, valueOf] = [valueByRun(c, word), valueByRun(c, value)]
  return comparedRows(c, 'seeds').flatMap((setting) => {
    const { id } = setting
    const row = wordOf(id)
    const mean = intervalOf(sampleOf(setting, valueOf), kind)
    if (row === null || mean === null) return []
    const turn = inRow.get(row) ?? 0
    inRow.set(row, turn + 1)
    // The first stands on the line, the others around it.
    const y = row + (turn === 0 ? 0 : HEIGHT * jitterOf(turn))
    const look = lookOf(style(id))
    const seeds = setting.ids.flatMap((member): Dot[] => {
      const run = c.runs.find((r) => r.id === member)
      const x = valueOf(member)
      return run === undefined || x === null || mean.n < 2
        ? []
        : [{ id: run.id, x, y: y + SEED_STEP, label: labelOf(run), ...look, isFaint: true }]
    })
    const label = `${setting.name}, mean of ${seedText(mean.n)}`
    return [...seeds, { id, x: mean.mean, y, xLow: mean.low, xHigh: mean.high, label, ...look }]
  })
}

/** Height of a row that its settings share, in rows. */
const HEIGHT = 0.6
/** Single seeds lie beneath the bar of their mean. */
const SEED_STEP = 0.16

/** Runs by a word, for boxes: one group per word that has values. */
export function wordGroups(c: Comparison, word: Quantity, value: Quantity, style: Style): Group[] {
  return (word.names ?? []).flatMap((name, w) => {
    const at = c.runs.flatMap((_, i) => (word.values[i] === w && value.values[i] != null ? [i] : []))
    const ids = at.map((i) => c.runs[i]?.id ?? '')
    const first = ids[0]
    if (first === undefined) return []
    return [
      {
        id: String(w),
        label: `${name}, n = ${at.length}`,
        token: style(first).token,
        values: at.map((i) => value.values[i] ?? 0),
        names: at.map((i) => labelOf(c.runs[i]!)),
        ids,
      },
    ]
  })
}

/** The baseline's value: that of the run, or the mean of its setting. */
export function baselineValue(c: Comparison, q: Quantity, isOverSeeds: boolean): number | null {
  if (c.baseline === null) return null
  const row = comparedRows(c, isOverSeeds ? 'seeds' : 'runs').find(({ isBaseline }) => isBaseline)
  return row === undefined ? null : (intervalOf(sampleOf(row, valueByRun(c, q)), 'sd')?.mean ?? null)
}
