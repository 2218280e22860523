import type { ChartConfiguration, ChartDataset, ChartOptions } from 'chart.js'
import { wrapText } from '../../../format/fit-text.ts'
import { shapeOf } from '../../../format/marker-path.ts'
import { BASE_OPTIONS } from '../frame/base-options.ts'
import { axisOptions, numberAxis } from '../frame/axis-options.ts'
import { sequential } from '../frame/colour-map.ts'
import { SCALE_ROOM } from '../frame/colour-scale-painter.ts'
import type { Palette } from '../frame/palette.ts'
import { withAlpha } from '../frame/palette.ts'
import type { Dot, Guide, Limits, ScatterLook } from './scatter.ts'
import { levelRange, limitsOf, slopeEnds } from './scatter.ts'

const RADIUS = 3.5
const FAINT_RADIUS = 2.5
const MEAN_RADIUS = 4.5
const CROWD = 400
const CROWD_RADIUS = 2.5
const MORE = 3

type DotSet = ChartDataset<'scatterWithErrorBars', Dot[]>

/** Size of a picture in a file; words on the y axis get a row each. */
export const scatterSize = ({ yNames }: ScatterLook) => ({
  width: 620,
  height: yNames === null ? 504 : 60 + 26 * Math.max(4, yNames.length),
})

/** The scatter plot, on the screen and in files; the point `at` is drawn larger. */
export const scatterConfig = (
  dots: readonly Dot[],
  look: ScatterLook,
  at: string | null,
  palette: Palette,
): ChartConfiguration<'scatterWithErrorBars', Dot[]> => ({
  type: 'scatterWithErrorBars',
  data: { datasets: [scatterDataset(dots, at, look.levelTitle, palette)] },
  options: scatterOptions(look, limitsOf(dots, look), levelRange(dots) !== null, palette),
})

/** One data set of all points; the plugin of error bars reads `xMin` to `yMax` of each. */
function scatterDataset(
  dots: readonly Dot[],
  at: string | null,
  levelTitle: string,
  palette: Palette,
): DotSet {
  const levels = levelRange(dots)
  const colourOf = (d: Dot): string =>
    d.level == null || levels === null ? palette.token(d.token) : sequential(d.level, ...levels).background
  const size = dots.length > CROWD ? CROWD_RADIUS : RADIUS
  const colours = dots.map(colourOf)
  const shapes = dots.map((d) => shapeOf(d.marker ?? 'circle'))
  const outlineOf = (d: Dot, i: number): string | undefined => {
    if (d.isFaint !== true) return colours[i]
    return shapes[i]?.isOpen === true ? withAlpha(palette.token(d.token), 0.5) : 'transparent'
  }
  return {
    data: dots.map((d) => ({ ...d, xMin: d.xLow, xMax: d.xHigh, yMin: d.yLow, yMax: d.yHigh })),
    radius: dots.map(
      (d) => (d.isFaint === true ? FAINT_RADIUS : hasBar(d) ? MEAN_RADIUS : size) + (d.id === at ? MORE : 0),
    ),
    pointStyle: shapes.map((s) => s.pointStyle),
    rotation: shapes.map((s) => s.rotation),
    backgroundColor: dots.map((d, i) =>
      d.level != null && levels !== null
        ? colours[i]
        : shapes[i]?.isOpen === true
          ? palette.surface
          : withAlpha(palette.token(d.token), d.isFaint === true ? 0.35 : 0.8),
    ),
    // A thin outline keeps dark levels apart from a dark ground.
    borderColor: dots.map((d, i) => (d.level == null ? outlineOf(d, i) : palette.muted)),
    borderWidth: shapes.map((s) => (s.isOpen ? 1.75 : 1)),
    errorBarColor: colours,
    errorBarWhiskerColor: colours,
    errorBarLineWidth: 1.5,
    errorBarWhiskerLineWidth: 1.5,
    errorBarWhiskerSize: 8,
    colourScale:
      levels === null
        ? undefined
        : { range: levels, colour: (v: number) => sequential(v, ...levels), title: levelTitle },
    palette,
  } as unknown as DotSet // The types of the plugin lack unprefixed options, and own fields are read by own painters.
}

const hasBar = (d: Dot): boolean => d.xLow != null || d.yLow != null

/** Options of a scatter plot with fixed limits, guides and, where an axis has words, their names. */
function scatterOptions(
  look: ScatterLook,
  limits: Limits,
  hasLevels: boolean,
  palette: Palette,
): ChartOptions<'scatterWithErrorBars'> {
  return {
    ...BASE_OPTIONS,
    parsing: false,
    layout: { padding: { top: 6, right: hasLevels ? SCALE_ROOM : 8 } },
    scales: {
      x: { ...axis(look.xTitle, look.xNames, look.xLog, palette), min: limits.x[0], max: limits.x[1] },
      y: {
        ...axis(look.yTitle, look.yNames, look.yLog, palette),
        min: limits.y[0],
        max: limits.y[1],
        // The first word stands on top, as in a table.
        reverse: look.yNames !== null,
      },
    },
    plugins: { annotation: { annotations: guideLines(look, limits, palette) } },
  }
}

/** Characters of a line of a name, which has two of them. */
const NAME_ROOM = 26

function axis(title: string, names: readonly string[] | null, isLog: boolean, palette: Palette) {
  if (names === null) return numberAxis(title, palette, isLog)
  const base = axisOptions(title, palette)
  return {
    ...base,
    type: 'linear' as const,
    afterBuildTicks: (scale: { ticks: { value: number }[] }) =>
      (scale.ticks = names.map((_, value) => ({ value }))),
    ticks: {
      ...base.ticks,
      callback: (value: number | string) => wrapText(names[Number(value)] ?? '', NAME_ROOM, 2),
    },
  }
}

function guideLines(look: ScatterLook, limits: Limits, palette: Palette) {
  const identity = look.identity
    ? [lineOf([limits.x[0], limits.x[0]], [limits.x[1], limits.x[1]], palette.muted, '', palette)]
    : []
  return [...identity, ...look.guides.map((g) => guideLine(g, limits, palette))]
}

function guideLine(g: Guide, limits: Limits, palette: Palette) {
  const colour = g.token === undefined ? palette.muted : palette.token(g.token)
  if (g.kind === 'slope') return lineOf(...slopeEnds(g.slope, limits), colour, g.label, palette)
  return g.kind === 'x'
    ? lineOf([g.at, limits.y[0]], [g.at, limits.y[1]], colour, g.label, palette)
    : lineOf([limits.x[0], g.at], [limits.x[1], g.at], colour, g.label, palette)
}

const lineOf = (
  from: readonly [number, number],
  to: readonly [number, number],
  colour: string,
  label: string,
  palette: Palette,
) => ({
  type: 'line' as const,
  // Beneath the points: a label must not hide the one that it names.
  drawTime: 'beforeDatasetsDraw' as const,
  xMin: from[0],
  yMin: from[1],
  xMax: to[0],
  yMax: to[1],
  borderColor: colour,
  borderDash: [4, 3],
  borderWidth: 1,
  label: {
    display: label !== '',
    drawTime: 'beforeDatasetsDraw' as const,
    content: label,
    position: 'end' as const,
    backgroundColor: palette.surface,
    color: palette.muted,
    font: { family: palette.font, size: 10, weight: 'normal' as const },
    padding: 2,
  },
})
