import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { formatMetric } from '../../format/number.ts'
import { formatAge, formatDuration } from '../../format/time.ts'
import type { TableColumn } from '../base/table-column.ts'

/** Score columns stand in this order; scores not named here follow by name. */
const FIRST = [
  'FinalTest/img_classification/eval',
  'FinalTest/v1/eval',
  'FinalTest/v1/ceiling_fraction',
  'FinalTest/v4/eval',
  'Robustness/score',
  'Robustness/mean_corrupted_accuracy',
]

/** Short headings for the most used scores; others use their full label. */
const SHORT: Readonly<Record<string, string>> = {
  'FinalTest/img_classification/eval': 'Accuracy',
  'FinalTest/v1/eval': 'V1 corr.',
  'FinalTest/v1/avg_correlation': 'V1 corr. to avg.',
  'FinalTest/v1/ceiling_fraction': 'V1 of ceiling',
  'FinalTest/v1/feve': 'V1 FEVe',
  'FinalTest/v4/eval': 'V4 corr.',
  'Robustness/score': 'Robustness',
  'Robustness/mean_corrupted_accuracy': 'Corrupted acc.',
  'Robustness/mCE': 'mCE',
}

/** Keys of final scores that at least one run has, the asked-for ones first. */
export function scoreKeys(runs: readonly RunSummary[]): string[] {
  const present = new Set(runs.flatMap((r) => Object.keys(r.scores)))
  present.delete('Time/seconds')
  return [...FIRST.filter((k) => present.has(k)), ...[...present].filter((k) => !FIRST.includes(k)).sort()]
}

export function scoreColumn(key: string): TableColumn<RunSummary> {
  const info = metricInfo(key)
  return {
    id: key,
    label: SHORT[key] ?? info.label,
    help: `${info.label}${info.unit === '' ? '' : `, ${info.unit}`}`,
    unit: info.unit === '%' ? '%' : '',
    value: (r) => r.scores[key] ?? null,
    text: (r) => formatMetric(r.scores[key], info.unit),
    width: SHORT[key] === undefined ? 11 : 7,
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
