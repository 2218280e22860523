import {
  MEAN_CORRUPTED,
  ROBUSTNESS,
  SECONDS,
  TEST_ACCURACY,
  metricKey,
} from '../../../../src-shared/contract/metric-keys.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { answerLines } from './answer-lines.ts'
import { asTable, duration } from './output.ts'

type Comparison = Result<'compare.table'>
type Group = Comparison['groups'][number]
type Score = Group['metrics'][number]

interface Row {
  readonly key: string
  readonly label: string
  readonly show: (value: number) => string
}

/** What the demo is about, in reading order. */
const ROWS: readonly Row[] = [
  { key: TEST_ACCURACY[0], label: 'accuracy on test digits, %', show: oneDigit },
  {
    key: metricKey('FinalTest', 'v1', 'reliable_avg_correlation'),
    label: 'V1 correlation to average (ceiling above 0.5)',
    show: threeDigits,
  },
  {
    key: metricKey('FinalTest', 'v1', 'ceiling_fraction'),
    label: 'V1 share of its ceiling',
    show: threeDigits,
  },
  { key: MEAN_CORRUPTED, label: 'accuracy on corrupted digits, %', show: oneDigit },
  { key: ROBUSTNESS, label: 'robustness score (classification only = 100 %)', show: oneDigit },
  { key: SECONDS, label: 'time of a run', show: duration },
]
function oneDigit(value: number): string {
  return value.toFixed(1)
}

function threeDigits(value: number): string {
  return value.toFixed(3)
}

/** The comparison of the demo settings as text, one column a setting; exactly what was measured. */
export function demoTable(compared: Comparison): string {
  const { groups, runs } = compared
  const byId = new Map(runs.map((run) => [run.id, run]))
  const settings = groups.map(({ ids }) => ids.flatMap((id) => byId.get(id) ?? []))
  const table = asTable(
    ['', ...groups.map(shortName)],
    [
      ['runs', ...settings.map((own) => own.map((run) => run.shortId).join(' '))],
      ['status', ...settings.map((own) => [...new Set(own.map((run) => run.status))].join(', '))],
      ...ROWS.map((row) => [row.label, ...groups.map((group) => cell(scoreOf(group, row.key), row))]),
    ],
  )
  const some = groups.some(({ ids }) => ids.length > 1)
  const note = some
    ? 'Mean over seeds with its 95 % interval (Student\u2019s t).'
    : 'One seed a setting: numbers, not yet evidence.'
  const names = new Map(groups.map((group) => [group.groupId, shortName(group)]))
  return [table, '', note, ...answerLines(compared, names)].join('\n')
}

const shortName = (group: Group): string => group.name.replace(/^Demo, /, '')
const scoreOf = (group: Group, key: string): Score | undefined => group.metrics.find((m) => m.key === key)

function cell(score: Score | undefined, { show }: Row): string {
  if (score === undefined || score.mean === null) return '-'
  const { interval } = score
  return interval === null || interval === undefined
    ? show(score.mean)
    : `${show(score.mean)} (${show(interval[0])} to ${show(interval[1])})`
}
