import type { Result } from '../../../../src-shared/contract/contract.ts'
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
import type { Comparison, Grouping } from '../base/comparison.ts'
import { seriesOf } from '../curves/curve-charts.ts'
import { curveKeys, firstKeys } from '../curves/curve-keys.ts'
import { meanBySeverity } from '../robustness/mean-by-severity.ts'
import { pairChanges, signTestText } from '../units/pair-changes.ts'

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

async function robustnessFigures({ comparison: c, palette, style }: Pictured): Promise<Figure[]> {
  const asked = c.runs.filter((r) => Object.keys(r.scores).length > 0)
  const tables = await Promise.all(asked.map((r) => call('runs.robustness', { id: r.id })))
  const measured = tables.filter((t) => t.corruptions.length > 0)
  if (measured.length === 0) return []
  const series = measured.map((t): Series => {
    return { id: t.id, label: nameOf(t.id, c), ...style(t.id), points: meanBySeverity(t) }
  })
  const text = {
    title: 'Accuracy by severity, mean over corruptions',
    xTitle: 'Severity (0: clean)',
    yTitle: '%',
    note: '',
  }
  return [
    {
      name: 'robustness-by-severity',
      caption: `Accuracy by severity of the corruption, mean over ${measured[0]?.corruptions.length ?? 0} corruptions; one line per run.`,
      svg: lineFigure(series, text, palette),
    },
    ...measured.slice(0, MOST_HEAT_MAPS).map((t, i) => ({
      name: `robustness-${t.id.slice(0, 10)}`,
      caption: `Accuracy (%) of ${nameOf(t.id, c)} under each corruption.${i === MOST_HEAT_MAPS - 1 && measured.length > MOST_HEAT_MAPS ? ` ${measured.length - MOST_HEAT_MAPS} more runs have such numbers; the table has their means.` : ''}`,
      svg: heatOf(t, c, palette),
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

function heatOf(t: Result<'runs.robustness'>, c: Comparison, palette: Palette): string {
  const colour = (v: number) => sequential(v, 0, 100)
  const at = (row: number, column: number): number | null => t.accuracy[row]?.[column] ?? null
  const look = {
    rows: t.corruptions,
    columns: t.severities.map(String),
    rowTitle: 'corruption',
    columnTitle: 'severity',
    cells: {
      rows: t.corruptions.length,
      columns: t.severities.length,
      isImage: isImage(t.corruptions.length, t.severities.length),
      colourAt: (row: number, column: number) => {
        const v = at(row, column)
        return v === null ? null : colour(v)
      },
      textAt: (row: number, column: number) => at(row, column)?.toFixed(1) ?? '',
    },
    scale: { range: [0, 100] as const, colour, title: 'accuracy (%)' },
  }
  const frame = { title: nameOf(t.id, c), note: '', ...matrixSize(look) }
  return chartSvg(matrixConfig(look, palette), frame, palette)
}

/** Unit by unit: the baseline (or first run with units) against the first run of another setting, if possible of the same seed. */
async function unitFigures({ comparison: c, palette }: Pictured): Promise<Figure[]> {
  const hasUnits = c.runs.filter((r) => Object.keys(r.scores).some((k) => /\/v[14]\//.test(k)))
  const a = hasUnits.find((r) => r.id === c.baseline) ?? hasUnits[0]
  const others = hasUnits.filter((r) => r.groupId !== a?.groupId)
  const b = others.find((r) => r.seed === a?.seed) ?? others[0] ?? hasUnits.find((r) => r !== a)
  if (a === undefined || b === undefined) return []
  const answer = await call('compare.neurons', { a: a.id, b: b.id })
  const changes = pairChanges(answer.pairs)
  if (changes.length === 0) return []
  const [nameA, nameB] = [nameOf(a.id, c), nameOf(b.id, c)]
  return [
    {
      name: 'units',
      caption: `Correlation to average, unit by unit, n = ${changes.length} units; above the line: better in ${nameB}. ${signTestText(answer, nameB, nameA)}`,
      svg: unitFigure(changes, nameA, nameB, palette),
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

const nameOf = (id: string, c: Comparison): string => {
  const run = c.runs.find((r) => r.id === id)
  return run === undefined ? id.slice(0, 10) : `${run.name}, seed ${run.seed}`
}

export const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
