import type { ChartDataset } from 'chart.js'
import { shapeOf } from '../../../format/marker-path.ts'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'
import type { Marker } from '../../../format/series-style.ts'
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
const FURTHER_WIDTH = 1.1
const FURTHER_ALPHA = 0.65
/** Markers along a line: enough to name it wherever one looks, too few to hide it. */
const MARKERS = 6
const MARKER_RADIUS = 4
/** Lines that lie on each other have their markers at different places. */
const GOLDEN = 0.618

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
    borderWidth: widthOf(s),
    // Read by the legend of pictures in files.
    marker: s.marker,
    borderDash: hasDashes(s) ? [...s.dash] : [],
    // A single point has no line: show it as a dot.
    pointRadius: s.points.length === 1 && s.marker === undefined ? 3 : 0,
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
  const markers = series.flatMap((s, i) =>
    s.marker === undefined || s.stress === 'quiet'
      ? []
      : [markersOf(s, s.marker, i, colour(s, alphaOf(s)), palette)],
  )
  return [...bands, ...raw, ...lines, ...markers, ...gaps]
}

/** The markers of a line as points without a line: few elements, however many points the line has. */
function markersOf(s: Series, marker: Marker, index: number, colour: string, palette: Palette): Line {
  const step = Math.max(1, Math.ceil(s.points.length / MARKERS))
  const first = Math.floor(step * ((index * GOLDEN) % 1))
  const { pointStyle, rotation, isOpen } = shapeOf(marker)
  return {
    ...bare(
      s.points.filter((p, i) => i % step === first && p.y !== null),
      colour,
    ),
    showLine: false,
    pointStyle,
    pointRotation: rotation,
    pointRadius: MARKER_RADIUS,
    pointBorderWidth: isOpen ? 1.75 : 1,
    pointBackgroundColor: isOpen ? palette.surface : colour,
  }
}

function widthOf(s: Series): number {
  if (s.stress === 'strong') return STRONG_WIDTH
  return s.stress === 'quiet' ? QUIET_WIDTH : s.isFurther === true ? FURTHER_WIDTH : WIDTH
}

/** A dash cannot be followed along a noisy line among many, and takes ten times as long to draw. */
const DASHED_POINTS = 120

const hasDashes = (s: Series): boolean => s.stress !== 'quiet' || s.points.length <= DASHED_POINTS

function alphaOf(s: Series): number {
  if (s.faded) return FADED_ALPHA
  if (s.stress === 'strong') return 1
  return s.stress === 'quiet' ? QUIET_ALPHA : s.isFurther === true ? FURTHER_ALPHA : 1
}

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
