import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { call } from '../../../api/client.ts'
import { sequential } from '../../../ui/charts/frame/colour-map.ts'
import { X_TITLES } from '../../../ui/charts/line/curve-series.ts'
import { LINE_SIZE, lineConfig } from '../../../ui/charts/line/line-options.ts'
import { isImage, matrixConfig, matrixSize } from '../../../ui/charts/matrix/matrix-options.ts'
import { chartSvg } from '../../../ui/charts/picture/chart-svg.ts'
import { scatterConfig, scatterSize } from '../../../ui/charts/scatter/scatter-options.ts'
import type { Palette } from '../../../ui/charts/frame/palette.ts'
import type { Series } from '../../../ui/charts/frame/series.ts'
import type { SeriesStyle } from '../../../format/series-style.ts'
import { comparedRows } from '../base/compared-rows.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { seriesOf } from '../curves/curve-charts.ts'
import { curveKeys, firstKeys } from '../curves/curve-keys.ts'
import type { RobustRow } from '../robustness/robustness-rows.ts'
import { gridOf, namesOf, robustRows, severityLines } from '../robustness/robustness-rows.ts'
import { pairChanges, pairsText } from '../units/pair-changes.ts'
import { pairOf } from '../units/pair-of.ts'

export interface Figure {
  /** File name without its end. */
  readonly name: string
  /** What one sees, with n and intervals. */
  readonly caption: string
  readonly svg: string
}

type Style = (id: string) => SeriesStyle
type Pictured = {
  readonly comparison: Comparison
  readonly grouping: Grouping
  readonly palette: Palette
  readonly style: Style
}

/** All points of usual runs; longer ones are thinned with their extremes kept, so that the file stays readable. */
const ALL_POINTS = 400_000
const MOST_POINTS = 20_000
const LEAST_POINTS = 1000
const MOST_HEAT_MAPS = 6

/** The charts of a comparison as pictures: curves, robustness, units. */
export async function figuresOf(wish: Pictured): Promise<Figure[]> {
  return [...(await curveFigures(wish)), ...(await robustnessFigures(wish)), ...(await unitFigures(wish))]
}

async function curveFigures({ comparison: c, grouping, palette, style }: Pictured): Promise<Figure[]> {
  const first = c.runs[0]
  if (first === undefined) return []
  const { metricKeys } = await call('runs.get', { id: first.id })
  const keys = firstKeys(curveKeys(c.runs, metricKeys))
  const ids = c.runs.map((r) => r.id)
  const points = Math.round(
    Math.min(MOST_POINTS, Math.max(LEAST_POINTS, ALL_POINTS / (ids.length * Math.max(1, keys.length)))),
  )
  const curves = keys.length === 0 ? [] : await call('runs.curves', { ids, keys: [...keys], points })
  const look = {
    axis: 'epoch' as const,
    smoothing: 0,
    grouping,
    spread: 'sem' as const,
    hidden: new Set<string>(),
    hovered: null,
  }
  return keys.map((key) => {
    const info = metricInfo(key)
    const own = curves.filter((k) => k.key === key)
    const note = grouping === 'seeds' ? 'line: mean over seeds, band: standard error' : ''
    const thinned = own.some((k) => k.total > k.value.length) ? ' Thinned for drawing, extremes kept.' : ''
    const text = { title: info.label, xTitle: X_TITLES.epoch, yTitle: info.unit, note }
    return {
      name: `curve-${slug(key)}`,
      caption: `${info.label} over training, not smoothed${note === '' ? '' : `; ${note}, n in the legend`}.${thinned}`,
      svg: lineFigure(seriesOf(own, c, look, style), text, palette),
    }
  })
}

async function robustnessFigures({ comparison: c, grouping, palette, style }: Pictured): Promise<Figure[]> {
  const asked = c.runs.filter((r) => Object.keys(r.scores).length > 0)
  const tables = await Promise.all(asked.map((r) => call('runs.robustness', { id: r.id })))
  const rows = robustRows(c, grouping, tables)
  if (rows.length === 0) return []
  const names = namesOf(rows)
  const isOverSeeds = grouping === 'seeds'
  const what = isOverSeeds
    ? 'line: mean over the seeds of a setting, band: standard error'
    : 'one line per run'
  const text = {
    title: 'Accuracy by severity, mean over corruptions',
    xTitle: 'Severity (0: clean)',
    yTitle: '%',
    note: isOverSeeds ? what : '',
  }
  const left = rows.length - MOST_HEAT_MAPS
  return [
    {
      name: 'robustness-by-severity',
      caption: `Accuracy by severity of the corruption, mean over ${names.corruptions.length} corruptions; ${what}.`,
      svg: lineFigure(severityLines(rows, 'sem', style), text, palette),
    },
    ...rows.slice(0, MOST_HEAT_MAPS).map((row, i) => ({
      name: `robustness-${row.id.slice(0, 10)}`,
      caption: `Accuracy (%) of ${row.label}${isOverSeeds ? ', mean over seeds,' : ''} under each corruption.${i === MOST_HEAT_MAPS - 1 && left > 0 ? ` ${left} more ${isOverSeeds ? 'settings' : 'runs'} have such numbers; the table has their means.` : ''}`,
      svg: heatOf(row, names, palette),
    })),
  ]
}

interface LineText {
  readonly title: string
  readonly xTitle: string
  readonly yTitle: string
  readonly note: string
}

function lineFigure(series: readonly Series[], text: LineText, palette: Palette): string {
  const still = { xLog: false, yLog: false, range: null, onZoom: () => undefined, marks: [], clip: null }
  return chartSvg(lineConfig(series, { ...text, ...still }, palette), { ...text, ...LINE_SIZE }, palette)
}

function heatOf(row: RobustRow, names: ReturnType<typeof namesOf>, palette: Palette): string {
  const grid = gridOf(row, names)
  const colour = (v: number) => sequential(v, 0, 100)
  const at = (i: number, column: number): number | null => grid[i]?.[column] ?? null
  const look = {
    rows: names.corruptions,
    columns: names.severities.map(String),
    rowTitle: 'corruption',
    columnTitle: 'severity',
    cells: {
      rows: names.corruptions.length,
      columns: names.severities.length,
      isImage: isImage(names.corruptions.length, names.severities.length),
      colourAt: (i: number, column: number) => {
        const v = at(i, column)
        return v === null ? null : colour(v)
      },
      textAt: (i: number, column: number) => at(i, column)?.toFixed(1) ?? '',
    },
    scale: { range: [0, 100] as const, colour, title: 'accuracy (%)' },
  }
  const frame = { title: row.label, note: '', ...matrixSize(look) }
  return chartSvg(matrixConfig(look, palette), frame, palette)
}

/** Unit by unit: the rows that the view shows first. */
async function unitFigures({ comparison: c, grouping, palette }: Pictured): Promise<Figure[]> {
  const hasUnits = new Set(
    c.runs.filter((r) => Object.keys(r.scores).some((k) => /\/v[14]\//.test(k))).map((r) => r.id),
  )
  const rows = comparedRows(c, grouping, (id) => hasUnits.has(id))
  const [first, second] = pairOf(rows, '', '')
  const [a, b] = [rows.find((r) => r.id === first), rows.find((r) => r.id === second)]
  if (a === undefined || b === undefined) return []
  const answer = await call('compare.neurons', { a: [...a.ids], b: [...b.ids] })
  const changes = pairChanges(answer.pairs)
  if (changes.length === 0) return []
  const averaged = grouping === 'seeds' ? ', each averaged over seeds' : ''
  return [
    {
      name: 'units',
      caption: `Correlation to average, unit by unit${averaged}, n = ${changes.length} units; above the line: higher in ${b.label}. ${pairsText(answer, b.label, a.label)}`,
      svg: unitFigure(changes, a.label, b.label, palette),
    },
  ]
}

function unitFigure(
  changes: ReturnType<typeof pairChanges>,
  nameA: string,
  nameB: string,
  palette: Palette,
): string {
  const dots = changes.map((u) => {
    const label = `${u.unit}, ${u.session}`
    return { id: label, label, x: u.a, y: u.b, token: '--c0' }
  })
  const look = {
    xTitle: nameA,
    yTitle: nameB,
    xLog: false,
    yLog: false,
    identity: true,
    xNames: null,
    yNames: null,
    guides: [],
    levelTitle: '',
  }
  const frame = { title: 'Correlation to average, unit by unit', note: '', ...scatterSize(look) }
  return chartSvg(scatterConfig(dots, look, null, palette), frame, palette)
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
