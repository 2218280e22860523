import type { Curve, RunSummary } from '../../../../src-shared/contract/run.ts'
import type { XAxis } from '../../../ui/charts/line/curve-series.ts'
import { curveLine } from '../../../ui/charts/line/curve-series.ts'
import type { Series } from '../../../ui/charts/frame/series.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import type { IntervalKind } from '../../../ui/charts/statistics/interval-of.ts'
import { groupLine } from './group-curves.ts'

export interface CurveLook {
  readonly axis: XAxis
  readonly grouping: Grouping
  readonly spread: IntervalKind
  /** Runs that are not drawn. */
  readonly hidden: ReadonlySet<string>
}

/** What a legend lists: a run, or a setting over its seeds. */
export interface LegendEntry extends SeriesStyle {
  readonly id: string
  /** Runs behind it. */
  readonly ids: readonly string[]
  readonly name: string
  readonly detail: string
  /** What a search looks into. */
  readonly words: string
}

/** The entries of the legend, drawn as the lines are. */
export function legendOf(
  c: Comparison,
  grouping: Grouping,
  style: (id: string) => SeriesStyle,
): readonly LegendEntry[] {
  if (grouping === 'runs')
    return c.runs.map((r) => ({
      ...style(r.id),
      id: r.id,
      ids: [r.id],
      name: r.name,
      detail: `seed ${r.seed}`,
      words: `${r.name} seed ${r.seed} ${r.tags.join(' ')}`,
    }))
  return c.groups.map((g) => ({
    ...style(g.groupId),
    id: g.groupId,
    ids: g.ids,
    name: g.name,
    detail: `n = ${g.ids.length}`,
    words: g.name,
  }))
}

/** The lines of one metric for all shown runs, or one line with a band per setting. */
export function seriesOf(
  curves: readonly Curve[],
  c: Comparison,
  look: CurveLook,
  style: (id: string) => SeriesStyle,
): Series[] {
  const byId = new Map(curves.filter(({ id }) => !look.hidden.has(id)).map((curve) => [curve.id, curve]))
  return legendOf(c, look.grouping, style).flatMap((entry) =>
    look.grouping === 'runs' ? runSeries(entry, byId, c.runs, look) : groupSeries(entry, byId, look),
  )
}

function runSeries(
  { id, name, token, dash, marker }: LegendEntry,
  curves: ReadonlyMap<string, Curve>,
  runs: readonly RunSummary[],
  { axis }: CurveLook,
): Series[] {
  const curve = curves.get(id)
  if (curve === undefined) return []
  const isTwin = runs.some((r) => r.id !== id && r.name === name)
  const run = runs.find((r) => r.id === id)
  const label = isTwin ? `${name}, seed ${run?.seed}` : name
  const isFurther = runs.find((r) => r.groupId === run?.groupId) !== run
  return [{ id, label, token, dash, marker, isFurther, ...curveLine(curve, axis) }]
}

function groupSeries(
  { id, ids, name, token, dash, marker }: LegendEntry,
  curves: ReadonlyMap<string, Curve>,
  { axis, spread }: CurveLook,
): Series[] {
  const own = ids.flatMap((run) => curves.get(run) ?? [])
  if (own.length === 0) return []
  const line = groupLine(
    own.map((curve) => curveLine(curve, axis).points),
    spread,
  )
  const n = line.fewest < line.most ? `n = ${line.most}, ${line.fewest} at the end` : `n = ${line.most}`
  const band = line.most > 1 ? { band: line.band } : {}
  return [{ id, label: `${name} (${n})`, token, dash, marker, points: line.mean, ...band }]
}

/** Where the number of runs behind a mean drops: "n drops to 3 from epoch 9 on". */
export function droppingNote(
  curves: readonly Curve[],
  c: Comparison,
  { axis, hidden, spread }: CurveLook,
  format: (x: number) => string,
): string {
  const drops = c.groups.flatMap(({ ids }) => {
    const own = curves.filter((k) => ids.includes(k.id) && !hidden.has(k.id))
    return groupLine(
      own.map((curve) => curveLine(curve, axis).points),
      spread,
    ).drops
  })
  const first = drops.sort((a, b) => a.x - b.x)[0]
  return first === undefined ? '' : `n drops from ${format(first.x)} on, where runs end earlier`
}

/** Who of the legend has no such curve, by name: they are left out of the picture, not equal to nothing. */
export function absentNote(
  curves: readonly Curve[],
  legend: readonly LegendEntry[],
  hidden: ReadonlySet<string>,
): string {
  const present = new Set(curves.map(({ id }) => id))
  const absent = legend.filter(
    ({ ids }) => ids.some((id) => !hidden.has(id)) && !ids.some((id) => present.has(id)),
  )
  if (absent.length === 0 || absent.length === legend.length) return ''
  const isTwin = (name: string): boolean => absent.filter((e) => e.name === name).length > 1
  const names = absent.map((e) => (isTwin(e.name) ? `${e.name}, ${e.detail}` : e.name))
  return `left out, without this curve: ${names.join('; ')}`
}
