import type { ChartConfiguration } from 'chart.js'
import { wrapText } from '../../../format/fit-text.ts'
import { BASE_OPTIONS } from '../frame/base-options.ts'
import { axisOptions, numberAxis } from '../frame/axis-options.ts'
import type { Group } from './box-groups.ts'
import { valueRange } from './box-groups.ts'
import { boxStats, densityOf, jitterOf } from '../statistics/box-stats.ts'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'

/** Half of the height that the points of a row take, in rows. */
const SPREAD = 0.6
/** Characters of a line of a name, which has two of them. */
const NAME_ROOM = 28

/** A value of a group and where it stands: rows count from the top, values of one row stand beside each other. */
export interface BoxPoint {
  readonly x: number
  readonly y: number
  readonly group: number
  readonly index: number
  /** Tells it from another value that stands at the same place later. */
  readonly key: string
}

export const boxPoints = (groups: readonly Group[]): BoxPoint[] =>
  groups.flatMap((g, group) =>
    g.values.map((x, index) => ({
      x,
      y: group + SPREAD * jitterOf(index),
      group,
      index,
      key: `${g.id} ${g.ids?.[index] ?? g.names[index] ?? ''}`,
    })),
  )

/** Size of a picture in a file: a row has the same height for any number of groups. */
export const boxSize = (groups: readonly Group[]) => ({ width: 720, height: 60 + 46 * groups.length })

type Config = ChartConfiguration<'boxplot' | 'violin' | 'scatter', unknown[]>

/** Boxes or violins from left to right, the values as points on them. Statistics are ours, so that picture, table and export agree. */
export function boxConfig(
  groups: readonly Group[],
  look: { readonly valueTitle: string; readonly isViolin: boolean; readonly points: readonly BoxPoint[] },
  palette: Palette,
): Config {
  const colours = groups.map((g) => palette.token(g.token))
  const shape = {
    type: look.isViolin ? 'violin' : 'boxplot',
    data: groups.map((g) => (look.isViolin ? violinOf(g) : boxStats(g.values))),
    backgroundColor: colours.map((c) => withAlpha(c, 0.25)),
    borderColor: look.isViolin ? colours : palette.text,
    medianColor: palette.text,
    borderWidth: 1.2,
    itemRadius: 0,
    outlierRadius: 0,
    meanRadius: 0,
    barPercentage: 0.9,
    categoryPercentage: 0.8,
    order: 1,
  }
  const points = {
    type: 'scatter',
    data: look.points,
    parsing: false,
    pointRadius: look.points.length > 1000 ? 1.25 : 2,
    pointBackgroundColor: look.points.map((p) => withAlpha(colours[p.group] ?? palette.text, 0.6)),
    pointBorderWidth: 0,
    order: 2,
  }
  const [min, max] = valueRange(groups)
  return {
    type: shape.type,
    data: {
      labels: groups.map((g) => wrapText(g.label, NAME_ROOM, 2)),
      datasets: [shape, points],
    },
    options: {
      ...BASE_OPTIONS,
      indexAxis: 'y',
      scales: {
        x: { ...numberAxis(look.valueTitle, palette, false), min, max },
        y: { ...axisOptions('', palette), type: 'category', offset: true, grid: { display: false } },
      },
    },
  } as unknown as Config // Mixed types with an axis of words are beyond the library's types.
}

function violinOf(group: Group) {
  const stats = boxStats(group.values)
  const coords = densityOf(group.values)
  return stats === null ? null : { ...stats, coords, maxEstimate: Math.max(...coords.map((c) => c.estimate)) }
}
