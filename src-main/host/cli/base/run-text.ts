import { metricKey } from '../../../../src-shared/contract/metric-keys.ts'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { columnName } from '../../../../src-shared/contract/neuron-columns.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import { scoreCautions, scoreMark, statusText, triesText } from '../../../../src-shared/contract/run-end.ts'
import type { NeuronTable, RunDetail, RunSummary } from '../../../../src-shared/contract/run.ts'
import type { UnitMean } from '../../../../src-shared/contract/session-scores.ts'
import { sessionScores } from '../../../../src-shared/contract/session-scores.ts'
import { computedWith, segmentChanges } from '../../../../src-shared/contract/segments.ts'
import { isCorrupted } from '../../../runs/compare/robustness-table.ts'
import { asTable, clock, date, duration, score } from './output.ts'

/** Runs as a terminal shows them. */
export const noneFound = (all: number): string =>
  all === 0
    ? 'There are no runs yet. Start with `cotrain demo`.'
    : `None of the ${all} runs matches. \`cotrain runs\` lists all.`

export function runTable(runs: readonly RunSummary[]): string {
  const tasks = shownTasks(runs)
  const header = ['id', 'name', 'status', 'epoch', 'time', ...tasks.map(([, label]) => label), 'created']
  const rows = runs.map((run) => [
    run.shortId,
    run.name.slice(0, 40),
    run.readable ? statusText(run) : 'unreadable',
    run.epoch > 0 ? score(run.epoch) : '',
    run.seconds > 0 ? duration(run.seconds) : '',
    ...tasks.map(([task]) => shownScore(run, task)),
    date(run.createdAt),
  ])
  return asTable(header, rows)
}

/** Tasks that any of the runs has a score of: no column is empty, none is missing. */
function shownTasks(runs: readonly RunSummary[]): (readonly [task: string, label: string])[] {
  const all = [
    ['img_classification', 'accuracy'],
    ['v1', 'V1'],
    ['v4', 'V4'],
  ] as const
  return all.filter(([task]) => runs.some((run) => shownScore(run, task) !== ''))
}

/** The test score, or the last validation score where there is none: the cell says which. */
function shownScore(run: RunSummary, task: string): string {
  const found = (['FinalTestInDomain', 'FinalTest', 'Validation'] as const)
    .map((mode) => metricKey(mode, task, 'eval'))
    .find((key) => (run.scores[key] ?? run.latest[key] ?? null) !== null)
  if (found === undefined) return ''
  const from = found.startsWith('Validation') ? 'val.' : 'test'
  const mark = scoreMark(found, run)
  return `${score(run.scores[found] ?? run.latest[found])} ${from}${mark === '' ? '' : `, ${mark}`}`
}

/** What a run was computed with, and where it went on otherwise. */
function computedLines({ segments }: RunDetail): readonly string[] {
  const [first] = segments
  if (first === undefined) return []
  const { proof } = first.environment
  return [
    `engine   ${computedWith(first.environment)}${proof === undefined ? '' : ` (${proof})`}`,
    ...segmentChanges(segments).map(
      ({ segment, at, text }) => `warning  segment ${segment}, ${date(at)}: went on with ${text}`,
    ),
  ]
}

export function describeRun(
  detail: RunDetail,
  log: readonly { at: number; level: string; text: string }[],
  neurons: readonly NeuronTable[],
): string {
  const { summary, folder } = detail
  const checkpoints = keptEpochs(detail)
  const scores = Object.entries(summary.scores).filter(([key]) => !isCorrupted(key))
  return [
    `${summary.id}  ${summary.name}`,
    `status   ${statusText(summary)}${summary.problem === null ? '' : `: ${summary.problem.message} ${summary.problem.hint ?? ''}`}`,
    ...[triesText(summary, clock)].filter(Boolean).map((text) => `tries    ${text}`),
    `config   ${summary.dataset}, ${summary.model}, ${summary.trainer}, seed ${summary.seed}`,
    `time     ${duration(summary.seconds)}, epoch ${score(summary.epoch)} of at most ${summary.epochs}, backend ${summary.backend ?? 'not yet'}`,
    ...computedLines(detail),
    ...scoreCautions(summary).map((text) => `note     ${text}`),
    ...(checkpoints.length === 0
      ? []
      : [
          `kept     checkpoints of epoch ${checkpoints.join(', ')} (cotrain continue ${summary.shortId} --from-epoch n)`,
        ]),
    `folder   ${folder ?? ''}`,
    ...(scores.length === 0
      ? []
      : [
          '',
          asTable(
            ['score', 'value', 'unit', ''],
            scores.map(([key, value]) => [
              metricInfo(key).label,
              score(value),
              metricInfo(key).unit,
              scoreMark(key, summary),
            ]),
          ),
        ]),
    ...sessionLines(neurons),
    ...(log.length === 0
      ? []
      : ['', ...log.map((line) => `${date(line.at)}  ${line.level.padEnd(5)}  ${line.text}`)]),
  ].join('\n')
}

/** Mean over the units of each session, with the number of units that have a value where not all do. */
function sessionLines(neurons: readonly NeuronTable[]): readonly string[] {
  const { columns, sessions } = sessionScores(neurons)
  if (columns.length === 0) return []
  const cell = (found: UnitMean | undefined, units: number): string => {
    if (found === undefined) return ''
    return found.n === units ? score(found.mean) : `${score(found.mean)} (n = ${found.n})`
  }
  const rows = sessions.map(({ session, area, units, scores }) => [
    session,
    area,
    String(units),
    ...columns.map((name) => cell(scores[name], units)),
  ])
  return ['', asTable(['session', 'area', 'units', ...columns.map(columnName)], rows)]
}

/** Epochs of the kept checkpoints, first to last. */
const keptEpochs = ({ checkpoints }: Result<'runs.get'>): number[] => [
  ...new Set(checkpoints.map(({ epoch }) => epoch).reverse()),
]
