import type { ChartDataset } from 'chart.js'
import type { Palette } from './palette.ts'
import { withAlpha } from './palette.ts'
import type { Point, Series } from './series.ts'

const RAW_ALPHA = 0.28
const BAND_ALPHA = 0.16
const FADED_ALPHA = 0.16

type Line = ChartDataset<'line', Point[]>

/** Chart.js datasets in drawing order: bands, raw lines, then the smoothed lines on top of all of them. */
export function lineDatasets(series: readonly Series[], palette: Palette): Line[] {
  const colour = (s: Series): string => palette.token(s.token)
  const bands = series.flatMap((s) =>
    s.band === undefined
      ? []
      : [
          {
            ...bare(s.band.high, 'transparent'),
            fill: '+1',
            backgroundColor: withAlpha(colour(s), BAND_ALPHA),
          },
          bare(s.band.low, 'transparent'),
        ],
  )
  const raw = series.flatMap((s) =>
    s.raw === undefined ? [] : [bare(s.raw, withAlpha(colour(s), s.faded ? 0.06 : RAW_ALPHA))],
  )
  const lines = series.map((s) => ({
    ...bare(s.points, s.faded ? withAlpha(colour(s), FADED_ALPHA) : colour(s)),
    label: s.label,
    borderWidth: 1.75,
    borderDash: [...s.dash],
    // A single point has no line: show it as a dot.
    pointRadius: s.points.length === 1 ? 3 : 0,
    pointBackgroundColor: colour(s),
  }))
  return [...bands, ...raw, ...lines]
}

const bare = (points: readonly Point[], colour: string): Line => ({
  data: points as Point[],
  borderColor: colour,
  borderWidth: 1,
  pointRadius: 0,
  pointHitRadius: 0,
  fill: false,
})
