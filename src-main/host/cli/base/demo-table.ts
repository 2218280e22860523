import {
  MEAN_CORRUPTED,
  ROBUSTNESS,
  SECONDS,
  TEST_ACCURACY,
  metricKey,
} from '../../../../src-shared/contract/metric-keys.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'
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
/** Scores that the demo asks about: whether they differ from the baseline. */
const ASKED: readonly string[] = [TEST_ACCURACY[0], ROBUSTNESS]

function oneDigit(value: number): string {
  return value.toFixed(1)
}

function threeDigits(value: number): string {
  return value.toFixed(3)
}

/** The comparison of the demo settings as text, one column a setting; exactly what was measured. */
export function demoTable({ groups, runs }: Comparison): string {
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
  return [table, '', note, ...verdicts(groups)].join('\n')
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

/** For each setting and question: the difference to the baseline, and whether it is larger than the spread over seeds. */
function verdicts(groups: Comparison['groups']): string[] {
  return groups.flatMap((group) =>
    ASKED.flatMap((key) => {
      const delta = scoreOf(group, key)?.delta ?? null
      const row = ROWS.find((r) => r.key === key)
      if (delta === null || row === undefined) return []
      const start = `${shortName(group)}, ${row.label}: ${signed(delta.mean)} against the baseline`
      if (delta.low === null || delta.high === null) return [`${start} (${delta.note})`]
      const told = delta.low > 0 || delta.high < 0
      const says = told ? 'larger than the spread over seeds' : 'not larger than the spread over seeds'
      return [`${start}, 95 % interval ${signed(delta.low)} to ${signed(delta.high)}: ${says}`]
    }),
  )
}

const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`
