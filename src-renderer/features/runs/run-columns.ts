import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { formatMetric } from '../../format/number.ts'
import { missingReason } from '../../format/missing-reason.ts'
import { formatAge, formatDuration } from '../../format/time.ts'
import {
  orderedScoreKeys,
  scoreHelp,
  shortScoreLabel,
  withMeanCorrupted,
} from '../../../src-shared/contract/score-keys.ts'
import type { TableColumn } from '../../ui/table/table-column.ts'
import { columnWidth } from '../../ui/table/table-column.ts'
import type { OptionLookup } from '../../../src-shared/run-filter/fields.ts'
import { optionName } from '../../../src-shared/schema/option-names.ts'
import { formatOption } from '../../../src-shared/schema/option-value.ts'
import { OPTION_COLUMN } from '../../ui/table/use-column-choice.ts'

/** Keys of final scores that at least one run has, the asked-for ones first. */
export function scoreKeys(runs: readonly RunSummary[]): string[] {
  const keys = new Set<string>()
  for (const { scores } of runs) for (const key in withMeanCorrupted(scores)) keys.add(key)
  return orderedScoreKeys(keys)
}

export function scoreColumn(key: string): TableColumn<RunSummary> {
  const info = metricInfo(key)
  const label = shortScoreLabel(key)
  return {
    id: key,
    label,
    help: scoreHelp(key),
    unit: info.unit === '%' ? '%' : '',
    value: (r) => withMeanCorrupted(r.scores)[key] ?? null,
    text: (r) => formatMetric(withMeanCorrupted(r.scores)[key], info.unit),
    why: (r) => missingReason([r], key),
    width: columnWidth(label),
    isNumber: true,
    goal: info.goal,
  }
}

export const BASE_COLUMNS: readonly TableColumn<RunSummary>[] = [
  { id: 'name', label: 'Name', value: (r) => r.name, width: 18 },
  { id: 'status', label: 'Status', value: (r) => r.status, width: 8, pin: 'start' },
]

/** Columns of the run list after the scores; `now` makes ages. */
export const tailColumns = (now: number): readonly TableColumn<RunSummary>[] => [
  {
    id: 'seed',
    label: 'Seed',
    value: (r) => r.seed,
    text: (r) => String(r.seed),
    width: 4.5,
    isNumber: true,
  },
  {
    id: 'epoch',
    label: 'Epochs',
    value: (r) => r.epoch,
    text: (r) => `${Math.floor(r.epoch)} / ${r.epochs}`,
    width: 5,
    isNumber: true,
  },
  {
    id: 'seconds',
    label: 'Time',
    value: (r) => r.seconds,
    text: (r) => formatDuration(r.seconds),
    width: 6.5,
    isNumber: true,
  },
  {
    id: 'created',
    label: 'Created',
    value: (r) => r.createdAt,
    text: (r) => formatAge(r.createdAt, now),
    width: 6.5,
    pin: 'end',
    isNumber: true,
  },
  { id: 'tags', label: 'Tags', value: (r) => r.tags.join(', '), width: 8 },
]

/** A config option as a column. */
export function optionColumn(path: string, options: OptionLookup): TableColumn<RunSummary> {
  const label = optionName(path)
  const value = (r: RunSummary): number | string | null => {
    const found = options.value(r.id, path)
    if (found === null || found === undefined) return null
    return typeof found === 'number' ? found : formatOption(found)
  }
  return { id: `${OPTION_COLUMN}${path}`, label, help: path, value, width: columnWidth(label) }
}
