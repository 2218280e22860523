import type { Curve, RunSummary } from '../../../src-shared/contract/run.ts'
import type { XAxis } from '../charts/curve-series.ts'
import { smoothedPoints } from '../charts/curve-series.ts'
import type { Series } from '../charts/series.ts'
import type { SeriesStyle } from '../charts/series-style.ts'
import type { Comparison, Grouping } from './comparison.ts'
import type { Spread } from './group-curves.ts'
import { groupLine } from './group-curves.ts'

export interface CurveLook {
  readonly axis: XAxis
  readonly smoothing: number
  readonly grouping: Grouping
  readonly spread: Spread
  /** Runs that are not drawn. */
  readonly hidden: ReadonlySet<string>
  /** The run looked at; the others fade. */
  readonly hovered: string | null
}

/** The lines of one metric for all shown runs, or one line with a band per setting. */
export function seriesOf(
  curves: readonly Curve[],
  c: Comparison,
  look: CurveLook,
  style: (id: string) => SeriesStyle,
): Series[] {
  const shown = curves.filter((curve) => !look.hidden.has(curve.id))
  return look.grouping === 'runs'
    ? shown.flatMap((curve) => runSeries(curve, c.runs, look, style))
    : c.groups.flatMap((g) => groupSeries(g, shown, look, style))
}

function runSeries(
  curve: Curve,
  runs: readonly RunSummary[],
  look: CurveLook,
  style: (id: string) => SeriesStyle,
): Series[] {
  const run = runs.find((r) => r.id === curve.id)
  if (run === undefined) return []
  const isTwin = runs.some((r) => r.id !== run.id && r.name === run.name)
  const { token, dash } = style(run.id)
  return [
    {
      id: run.id,
      label: isTwin ? `${run.name}, seed ${run.seed}` : run.name,
      token,
      dash,
      faded: look.hovered !== null && look.hovered !== run.id,
      ...smoothedPoints(curve, look.axis, look.smoothing),
    },
  ]
}

function groupSeries(
  group: Comparison['groups'][number],
  shown: readonly Curve[],
  look: CurveLook,
  style: (id: string) => SeriesStyle,
): Series[] {
  const own = shown.filter((curve) => group.ids.includes(curve.id))
  const first = own[0]
  if (first === undefined) return []
  const line = groupLine(
    own.map((curve) => smoothedPoints(curve, look.axis, look.smoothing).points),
    look.spread,
  )
  const { token, dash } = style(group.ids[0] ?? first.id)
  const n = line.fewest < line.most ? `n = ${line.most}, ${line.fewest} at the end` : `n = ${line.most}`
  return [
    {
      id: group.groupId,
      label: `${group.name} (${n})`,
      token,
      dash,
      points: line.mean,
      ...(line.most > 1 ? { band: line.band } : {}),
      faded: look.hovered !== null && !group.ids.includes(look.hovered),
    },
  ]
}
