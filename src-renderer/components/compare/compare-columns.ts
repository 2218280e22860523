import { formatOption } from '../../format/option-value.ts'
import { formatMetric } from '../../format/number.ts'
import { orderedScoreKeys, shortScoreLabel } from '../../format/score-keys.ts'
import type { TableColumn } from '../base/table-column.ts'
import { columnWidth } from '../base/table-column.ts'
import type { CompareRow } from './compare-rows.ts'
import type { Comparison, Grouping } from './comparison.ts'
import { scoreOf, shownDifferences } from './compare-rows.ts'

/** `trainer.config.patience` is known by its last part; deeper options and components need the part before it. */
const PLAIN_DEPTH = 3

/** A path in as few parts as keep it clear. */
export function optionLabel(path: string, all: readonly string[]): string {
  const parts = path.split('.')
  const last = parts.at(-1) ?? path
  const isShared = all.some((other) => other !== path && other.split('.').at(-1) === last)
  if (last === 'fn') return parts[0] ?? path
  return isShared || parts.length > PLAIN_DEPTH
    ? parts
        .filter((p) => p !== 'config')
        .slice(-2)
        .join('.')
    : last
}

const OPTIONS_FIRST = 3

/** Name, seeds, differing options, scores. */
export function compareColumns(
  c: Comparison,
  grouping: Grouping,
  isShown: (id: string) => boolean,
): TableColumn<CompareRow>[] {
  const differences = shownDifferences(c, grouping)
  const paths = differences.map((d) => d.path)
  const name: TableColumn<CompareRow> = {
    id: 'name',
    label: grouping === 'runs' ? 'Run' : 'Setting',
    value: (r) => r.name,
    width: 18,
  }
  const seeds: TableColumn<CompareRow> = {
    id: 'n',
    label: 'Seeds',
    help: 'Number of runs that differ in the seed only',
    value: (r) => r.ids.length,
    text: (r) => `n = ${r.ids.length}`,
    width: 4.5,
    isNumber: true,
  }
  const options = differences.map((d, i): TableColumn<CompareRow> => {
    const isNumber = d.values.every((v) => typeof v === 'number' || v == null)
    return {
      id: d.path,
      label: optionLabel(d.path, paths),
      help: d.path,
      value: (r) => cellValue(r.options[i]),
      text: (r) => formatOption(r.options[i]),
      width: Math.max(6.5, Math.min(12, optionLabel(d.path, paths).length * 0.55 + 1.5)),
      isNumber,
    }
  })
  const scores = orderedScoreKeys(c.metrics.map((m) => m.key))
    .flatMap((key) => c.metrics.find((m) => m.key === key) ?? [])
    .map((m): TableColumn<CompareRow> => ({
      id: m.key,
      label: shortScoreLabel(m.key),
      help: `${m.label}${m.unit === '' ? '' : `, ${m.unit}`}${m.goal === 'none' ? '' : m.goal === 'max' ? '; more is better' : '; less is better'}`,
      unit: `${m.unit === '%' ? '%' : ''}${m.goal === 'max' ? ' ↑' : m.goal === 'min' ? ' ↓' : ''}`,
      value: (r) => scoreOf(r, m.key).value,
      text: (r) => formatMetric(scoreOf(r, m.key).value, m.unit),
      width: Math.max(grouping === 'seeds' ? 9 : 0, columnWidth(shortScoreLabel(m.key))),
      isNumber: true,
      // A best value of single runs is a draw of the seed: only settings with several seeds compete.
      goal: grouping === 'seeds' && c.groups.every((g) => g.ids.length > 1) ? m.goal : 'none',
    }))
  // The first options stand beside the names, the rest after the scores, so that scores are seen without scrolling.
  const [first, rest] = [options.slice(0, OPTIONS_FIRST), options.slice(OPTIONS_FIRST)]
  return [name, ...(grouping === 'seeds' ? [seeds] : []), ...first, ...scores, ...rest].filter((col) =>
    isShown(col.id),
  )
}

const cellValue = (value: unknown): number | string | null =>
  value === undefined ? null : typeof value === 'number' ? value : formatOption(value)
