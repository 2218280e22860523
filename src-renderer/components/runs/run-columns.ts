import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { formatMetric } from '../../format/number.ts'
import { formatAge, formatDuration } from '../../format/time.ts'
import { orderedScoreKeys, shortScoreLabel, withMeanCorrupted } from '../../format/score-keys.ts'
import type { TableColumn } from '../base/table-column.ts'
import { columnWidth } from '../base/table-column.ts'

/** Keys of final scores that at least one run has, the asked-for ones first. */
export const scoreKeys = (runs: readonly RunSummary[]): string[] =>
  orderedScoreKeys(runs.flatMap((r) => Object.keys(withMeanCorrupted(r.scores))))

export function scoreColumn(key: string): TableColumn<RunSummary> {
  const info = metricInfo(key)
  const label = shortScoreLabel(key)
  return {
    id: key,
    label,
    help: `${info.label}${info.unit === '' ? '' : `, ${info.unit}`}`,
    unit: info.unit === '%' ? '%' : '',
    value: (r) => withMeanCorrupted(r.scores)[key] ?? null,
    text: (r) => formatMetric(withMeanCorrupted(r.scores)[key], info.unit),
    width: columnWidth(label),
    isNumber: true,
    goal: info.goal,
  }
}

export const BASE_COLUMNS: readonly TableColumn<RunSummary>[] = [
  { id: 'name', label: 'Name', value: (r) => r.name, width: 18 },
  { id: 'status', label: 'Status', value: (r) => r.status, width: 8 },
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
    isNumber: true,
  },
  { id: 'tags', label: 'Tags', value: (r) => r.tags.join(', '), width: 8 },
]
