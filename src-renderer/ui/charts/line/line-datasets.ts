import type { ChartDataset } from 'chart.js'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'
import type { Point, Series } from '../frame/series.ts'

const RAW_ALPHA = 0.28
const FADED_RAW_ALPHA = 0.06
const BAND_ALPHA = 0.16
const FADED_BAND_ALPHA = 0.04
const FADED_ALPHA = 0.16
/** Of many lines none must hide the others. */
const QUIET_ALPHA = 0.5
const WIDTH = 1.75
/** One pixel is drawn by the fast path of canvases without a graphics card. */
const QUIET_WIDTH = 1
const STRONG_WIDTH = 2.75

type Line = ChartDataset<'line', Point[]>

/** Chart.js datasets in drawing order: bands, raw lines, then the smoothed lines on top of all of them, the one looked at last. */
export function lineDatasets(series: readonly Series[], palette: Palette): Line[] {
  const colour = (s: Series, alpha = 1): string => {
    const full = palette.token(s.token)
    return alpha === 1 ? full : withAlpha(full, alpha)
  }
  const bands = series.flatMap((s) =>
    s.band === undefined
      ? []
      : [
          {
            ...bare(s.band.high, 'transparent'),
            fill: '+1',
            backgroundColor: colour(s, s.faded ? FADED_BAND_ALPHA : BAND_ALPHA),
          },
          bare(s.band.low, 'transparent'),
        ],
  )
  const raw = series.flatMap((s) =>
    s.raw === undefined ? [] : [bare(s.raw, colour(s, s.faded ? FADED_RAW_ALPHA : RAW_ALPHA))],
  )
  const lines = [...series].sort(byStress).map((s) => ({
    ...bare(s.points, colour(s, alphaOf(s))),
    label: s.label,
    borderWidth: s.stress === 'strong' ? STRONG_WIDTH : s.stress === 'quiet' ? QUIET_WIDTH : WIDTH,
    borderDash: hasDashes(s) ? [...s.dash] : [],
    // A single point has no line: show it as a dot.
    pointRadius: s.points.length === 1 ? 3 : 0,
    pointBackgroundColor: colour(s),
  }))
  const gaps = series.flatMap((s) =>
    s.gaps === undefined
      ? []
      : [
          {
            ...bare(s.gaps, colour(s, s.faded ? FADED_ALPHA : 1)),
            showLine: false,
            pointStyle: 'crossRot' as const,
            pointRadius: 5,
            pointBorderWidth: 2,
          },
        ],
  )
  return [...bands, ...raw, ...lines, ...gaps]
}

/** A dash cannot be followed along a noisy line among many, and takes ten times as long to draw. */
const DASHED_POINTS = 120

const hasDashes = (s: Series): boolean => s.stress !== 'quiet' || s.points.length <= DASHED_POINTS

const alphaOf = (s: Series): number => (s.faded ? FADED_ALPHA : s.stress === 'quiet' ? QUIET_ALPHA : 1)

const byStress = (a: Series, b: Series): number =>
  Number(a.stress === 'strong') - Number(b.stress === 'strong')

const bare = (points: readonly Point[], colour: string): Line => ({
  data: points as Point[],
  borderColor: colour,
  borderWidth: 1,
  pointRadius: 0,
  pointHitRadius: 0,
  // Mitres would draw spikes higher than they are.
  borderJoinStyle: 'bevel',
  fill: false,
})
