import type { Result } from '../../../src-shared/contract/contract.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import { call } from '../../api/client.ts'
import { X_TITLES } from '../charts/curve-series.ts'
import { heatSvg } from '../charts/heat-svg.ts'
import { sequential } from '../charts/colour-map.ts'
import type { Palette } from '../charts/palette.ts'
import { saveFile } from '../charts/save-file.ts'
import type { SeriesStyle } from '../charts/series-style.ts'
import { lineSvg } from '../charts/svg-picture.ts'
import type { Comparison, Grouping } from './comparison.ts'
import { seriesOf } from './curve-charts.ts'
import { curveKeys, firstKeys } from './curve-keys.ts'
import { paperCard } from './paper-card.ts'

/** Runs whose details go into a paper card. */
const MOST_DETAILS = 60
const POINTS = 1000

/** Gathers what a paper card needs and saves it. */
export async function savePaperCard(
  c: Comparison,
  grouping: Grouping,
  palette: Palette,
  style: (id: string) => SeriesStyle,
): Promise<void> {
  const ids = c.runs.slice(0, MOST_DETAILS).map((r) => r.id)
  const details = await Promise.all(ids.map((id) => call('runs.get', { id })))
  const keys = firstKeys(curveKeys(c.runs, details[0]?.metricKeys ?? []))
  const curves = keys.length === 0 ? [] : await call('runs.curves', { ids, keys: [...keys], points: POINTS })
  const look = {
    axis: 'epoch' as const,
    smoothing: 0,
    grouping,
    spread: 'sem' as const,
    hidden: new Set<string>(),
    hovered: null,
  }
  const lines = keys.map((key) => {
    const info = metricInfo(key)
    const series = seriesOf(
      curves.filter((k) => k.key === key),
      c,
      look,
      style,
    )
    const note = grouping === 'seeds' ? 'mean over seeds, band: standard error' : ''
    return lineSvg(series, { title: info.label, xTitle: X_TITLES.epoch, yTitle: info.unit, note }, palette)
  })
  const heat = await Promise.all(ids.slice(0, 6).map((id) => call('runs.robustness', { id })))
  const maps = heat.filter((t) => t.corruptions.length > 0).map((t) => robustnessSvg(t, c))
  const html = paperCard({ comparison: c, grouping, details, figures: [...lines, ...maps], now: Date.now() })
  saveFile('comparison.html', new Blob([html], { type: 'text/html' }))
}

function robustnessSvg(t: Result<'runs.robustness'>, c: Comparison): string {
  const run = c.runs.find((r) => r.id === t.id)
  const text = (v: number | null): string => (v === null ? '' : v.toFixed(1))
  return heatSvg(
    `Accuracy under corruption: ${run?.name ?? ''}, seed ${run?.seed ?? ''}`,
    t.corruptions,
    t.severities.map(String),
    t.accuracy,
    'severity',
    (v) => sequential(v, 0, 100),
    text,
  )
}

/** Saves the table in a format of the service. */
export async function saveTable(c: Comparison, format: 'csv' | 'markdown' | 'latex' | 'json'): Promise<void> {
  const file = await call('compare.export', { ids: c.runs.map((r) => r.id), baseline: c.baseline, format })
  saveFile(file.name, new Blob([file.text], { type: file.mime }))
}
