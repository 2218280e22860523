import type { Result } from '../../../src-shared/contract/contract.ts'
import { asTable, duration } from './output.ts'

type Comparison = Result<'compare.table'>

/** What the demo is about, in reading order. */
const ROWS: readonly {
  readonly key: string
  readonly label: string
  readonly show: (value: number) => string
}[] = [
  { key: 'FinalTestInDomain/img_classification/eval', label: 'accuracy on test digits', show: percent },
  {
    key: 'FinalTest/v1/reliable_avg_correlation',
    label: 'V1 correlation to average (ceiling above 0.5)',
    show: fixed,
  },
  { key: 'FinalTest/v1/ceiling_fraction', label: 'V1 share of its ceiling', show: fixed },
  { key: 'Robustness/mean_corrupted_accuracy', label: 'accuracy on corrupted digits', show: percent },
  { key: 'Robustness/score', label: 'robustness score (classification only = 100 %)', show: percent },
  { key: 'Time/seconds', label: 'time', show: duration },
]

function percent(value: number): string {
  return `${value.toFixed(1)} %`
}

function fixed(value: number): string {
  return value.toFixed(3)
}

/** The comparison of the demo runs as text, one column a run; exactly what was measured. */
export function demoTable({ runs, metrics }: Comparison): string {
  const rows = ROWS.map(({ key, label, show }) => {
    const values = metrics.find((metric) => metric.key === key)?.values ?? []
    return [label, ...runs.map((_, i) => (typeof values[i] === 'number' ? show(values[i]) : '-'))]
  })
  const names = runs.map((run) => run.name.replace(/^Demo, /, ''))
  return asTable(
    ['', ...names],
    [['run', ...runs.map((run) => run.shortId)], ['status', ...runs.map((run) => run.status)], ...rows],
  )
}
