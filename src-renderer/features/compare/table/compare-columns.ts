import { SECONDS, isTestMode, metricParts } from '../../../../src-shared/contract/metric-keys.ts'
import { formatOption, formatOptionAt } from '../../../../src-shared/schema/option-value.ts'
import { formatMetric } from '../../../format/number.ts'
import {
  isHeadline,
  orderedScoreKeys,
  scoreHelp,
  shortScoreLabel,
} from '../../../../src-shared/contract/score-keys.ts'
import { optionLabel } from '../../../../src-shared/schema/option-names.ts'
import type { TableColumn } from '../../../ui/table/table-column.ts'
import type { CompareRow } from './compare-rows.ts'
import type { Comparison, Grouping } from '../base/comparison.ts'
import { optionField } from './option-facts.ts'
import { scoreOf, shownDifferences } from './compare-rows.ts'

/** A single differing option is what the comparison is about: it stands beside the name. More of them follow the scores. */
const OPTIONS_FIRST = 1

const PRECISION_PATH = 'trainer.config.precision'

export interface ColumnWish {
  readonly isShown: (id: string) => boolean
  readonly ignored?: ReadonlySet<string>
}

/** Name, seeds, headline scores, differing options, other scores: what is asked for first is seen without scrolling. */
export function compareColumns(
  c: Comparison,
  grouping: Grouping,
  { isShown, ignored }: ColumnWish,
): TableColumn<CompareRow>[] {
  const differences = shownDifferences(c, grouping, ignored)
  const paths = differences.map((d) => d.path)
  const options = differences.map((d, i) => optionColumn(d, i, c, paths)).filter((o) => isShown(o.id))
  const scores = orderedScoreKeys(c.metrics.map((m) => m.key))
    .flatMap((key) => c.metrics.find((m) => m.key === key) ?? [])
    .filter((m) => isShown(m.key))
    .map((m) => scoreColumn(m, c, grouping))
  const isFirst = options.length <= OPTIONS_FIRST
  const headlines = scores.filter((s) => isAskedFor(s.id))
  const others = scores.filter((s) => !isAskedFor(s.id))
  return [
    ...factColumns(grouping, longestName(c)),
    ...formatColumn(c, paths),
    ...(isFirst ? options : []),
    ...headlines,
    ...(isFirst ? [] : options),
    ...others,
    ...timeColumn(c, grouping, isShown),
  ]
}

/** Scores shown unless a person chose otherwise: the headlines, on other data too, and the validation scores of curves. */
export function isAskedFor(key: string): boolean {
  const own = metricParts(key)
  if (isHeadline(key) || (own?.mode === 'Validation' && own.measure === 'eval')) return true
  const other = metricParts(key.split(': ').at(-1) ?? '')
  return key.includes(': ') && other?.measure === 'eval' && isTestMode(other.mode)
}

/** Letters of the longest name of a run. */
const longestName = ({ runs }: Comparison): number => Math.max(0, ...runs.map(({ name }) => name.length))

/** In rem: the mark, the arrow and the menu beside a name, and the room for names. */
const [BESIDE_NAME, SHORT_NAMES, LONG_NAMES] = [7.5, 14.5, 18]

function factColumns(grouping: Grouping, longest: number): TableColumn<CompareRow>[] {
  const name: TableColumn<CompareRow> = {
    id: 'name',
    label: grouping === 'runs' ? 'Run' : 'Setting',
    value: (r) => (r.parent ?? r).name,
    text: (r) => r.name,
    width: Math.max(
      grouping === 'runs' ? 16 : SHORT_NAMES,
      Math.min(LONG_NAMES, BESIDE_NAME + longest * 0.5),
    ),
  }
  const seeds: TableColumn<CompareRow> = {
    id: 'n',
    label: 'Seeds',
    help: 'Number of runs that differ in the seed only',
    value: (r) => (r.parent ?? r).ids.length,
    text: (r) => (r.parent === null ? `n = ${r.ids.length}` : ''),
    width: 4,
    isNumber: true,
  }
  return grouping === 'seeds' ? [name, seeds] : [name]
}

/** Number formats are never compared without a word: where no option tells them, trainers differ, they have a column of their own. */
function formatColumn({ runs, precisions }: Comparison, shown: readonly string[]): TableColumn<CompareRow>[] {
  if (precisions === undefined || shown.includes(PRECISION_PATH)) return []
  const formatOf = ({ run }: CompareRow): string =>
    precisions[runs.findIndex(({ id }) => id === run.id)] ?? ''
  return [
    {
      id: 'precision',
      label: 'Precision',
      help: 'Number format of products, as the record of the run says',
      value: (r) => formatOf(r.parent ?? r),
      text: formatOf,
      width: 6.5,
    },
  ]
}

function optionColumn(
  d: Comparison['differences'][number],
  i: number,
  c: Comparison,
  paths: readonly string[],
): TableColumn<CompareRow> {
  const field = optionField(d.path, c.runs)
  const label = optionLabel(d.path, paths)
  const isComponent = d.path.endsWith('.fn')
  return {
    id: d.path,
    label,
    unit: field?.unit ?? '',
    help: field === null ? d.path : `${d.path}: ${field.help}`,
    value: (r) => cellValue((r.parent ?? r).options[i]),
    text: (r) => formatOptionAt(d.path, r.options[i]),
    width: d.path === 'seed' ? 4 : Math.max(isComponent ? 11 : 6.5, Math.min(12, label.length * 0.55 + 1.5)),
    isNumber: d.values.every((v) => typeof v === 'number' || v == null),
  }
}

function scoreColumn(
  m: Comparison['metrics'][number],
  c: Comparison,
  grouping: Grouping,
): TableColumn<CompareRow> {
  return {
    id: m.key,
    label: shortScoreLabel(m.key),
    help: scoreHelp(m.key),
    unit: `${m.unit === '%' ? '%' : ''}${m.goal === 'max' ? ' ↑' : m.goal === 'min' ? ' ↓' : ''}`,
    value: (r) => scoreOf(r.parent ?? r, m.key).value,
    text: (r) => formatMetric(scoreOf(r, m.key).value, m.unit),
    width: Math.max(grouping === 'seeds' ? 8 : 6.25, narrowWidth(shortScoreLabel(m.key), m.unit)),
    isNumber: true,
    goal: grouping === 'seeds' && isContest(c, m.key) ? m.goal : 'none',
  }
}

/** In rem: the headlines of a co-trained run fit beside the name at 1280 pixels. */
const narrowWidth = (label: string, unit: string): number =>
  Math.min(14, label.length * 0.48 + (unit === '%' ? 3.4 : 2.6))

/** A best value of single runs is a draw of the seed: only settings with several seeds compete. */
function isContest(c: Comparison, key: string): boolean {
  const known = c.groups.flatMap((g) => g.metrics.filter((m) => m.key === key && m.n > 0))
  return known.length > 1 && known.every((m) => m.n > 1)
}

function timeColumn(
  c: Comparison,
  grouping: Grouping,
  isShown: (id: string) => boolean,
): TableColumn<CompareRow>[] {
  const time = c.metrics.find((m) => m.key === SECONDS)
  return time === undefined || !isShown(SECONDS) ? [] : [{ ...scoreColumn(time, c, grouping), label: 'Time' }]
}

const cellValue = (value: unknown): number | string | null =>
  value === undefined ? null : typeof value === 'number' ? value : formatOption(value)
