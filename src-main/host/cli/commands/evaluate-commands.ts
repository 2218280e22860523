import type { Command } from 'commander'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Evaluation } from '../../../../src-shared/contract/evaluation.ts'
import { evaluationTitle } from '../../../../src-shared/contract/evaluation.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import type { SetPart } from '../../../../src-shared/contract/set-part.ts'
import { setParts } from '../../../../src-shared/contract/set-part.ts'
import { type Conditions, conditionsOf } from '../../../../src-shared/schema/dataset/corruptions.ts'
import { nearestName } from '../../../../src-shared/util/nearest-name.ts'
import { ensureEngine } from './engine-commands.ts'
import { asTable, score } from '../base/output.ts'
import { oneOf } from './run-options.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

interface EvaluateOptions {
  readonly data?: string
  readonly part: 'test' | 'all'
  readonly conditions?: string
  readonly ensemble?: boolean
  readonly group?: boolean
  readonly baselines?: boolean
}

interface PredictOptions {
  readonly images: string
  readonly part?: SetPart
  readonly to: string
  readonly group?: boolean
}

/** `cotrain evaluate` and `cotrain predict`: finished networks on other data. */
export function addEvaluateCommands(program: Command, json: () => boolean): void {
  addEvaluate(program, json)
  addPredict(program, json)
}

function addEvaluate(program: Command, json: () => boolean): void {
  program
    .command('evaluate')
    .description(
      'score finished runs on other data; without --data: measures that are new since, on their own',
    )
    .argument('<id...>')
    .option('--data <set or path>', 'a registered set, a data file, a folder or an archive')
    .option(
      '--part <part>',
      'test: its test part; all: everything, if nothing of it was trained on',
      oneOf('test', 'all'),
      'test',
    )
    .option('--conditions <names>', 'corruptions, e.g. fog,contrast:3-5 or all')
    .option('--ensemble', 'all runs as one network: the mean of their answers')
    .option('--group', 'with the other seeds of each setting')
    .option('--baselines', 'ridge regressions on the recordings of the runs instead: what they have to beat')
    .action((ids: string[], options: EvaluateOptions) =>
      inTerminal(json(), async (terminal) => {
        const { service, output } = terminal
        await ensureEngine(terminal)
        const made = await withProgress(terminal, 'evaluate', (job) =>
          service.call('runs.evaluate', {
            ids: members(terminal, ids, options.group === true),
            data: options.data ?? null,
            part: options.part,
            conditions: options.conditions === undefined ? {} : wantedConditions(options.conditions),
            ensemble: options.ensemble === true,
            baselines: options.baselines === true,
            job,
          }),
        )
        output.result(made, () => made.map(evaluationText).join('\n\n'))
      }),
    )
}

function addPredict(program: Command, json: () => boolean): void {
  program
    .command('predict')
    .description(
      'write what finished runs answer to images: responses of each unit, probabilities of classes',
    )
    .argument('<id...>', 'several: the mean of their answers')
    .requiredOption(
      '--images <folder or set>',
      'images: a registered set, a data file, a folder or an archive',
    )
    .option(
      '--part <part>',
      'train, val or test images of a registered set; without it all of them',
      oneOf(...setParts),
    )
    .requiredOption('--to <file>', 'a new .npz, .csv or .h5')
    .option('--group', 'with the other seeds of each setting')
    .action((ids: string[], { images, part, to, group }: PredictOptions) =>
      inTerminal(json(), async (terminal) => {
        await ensureEngine(terminal)
        const done = await withProgress(terminal, 'predict', (job) =>
          terminal.service.call('runs.predict', {
            ids: members(terminal, ids, group === true),
            images,
            part: part ?? null,
            to,
            job,
          }),
        )
        const lines = [`Written to ${done.path}: ${done.images} images.`, ...done.written, ...done.notes]
        terminal.output.result(done, () => lines.join('\n'))
      }),
    )
}

/** The runs named, with all finished seeds of their settings where wanted. */
function members({ workspace: { store } }: Terminal, ids: readonly string[], group: boolean): string[] {
  const full = ids.map((id) => store.resolve(id))
  if (!group) return full
  const groups = new Set(full.map((id) => store.summary(id).groupId))
  const { runs } = store.list({ status: ['finished'] })
  return [...new Set([...full, ...runs.filter((run) => groups.has(run.groupId)).map((run) => run.id)])]
}

/** Work of the service that shows how far it is. */
export async function withProgress<T>(
  { service, output }: Terminal,
  job: string,
  work: (job: string) => Promise<T>,
): Promise<T> {
  const end = service.listen('data.progress', ({ text, fraction }) =>
    output.progress(fraction === null ? text : `${text}: ${Math.round(100 * fraction)} %`),
  )
  try {
    return await work(job)
  } finally {
    end()
    output.endProgress()
  }
}

function wantedConditions(text: string): Conditions {
  const { conditions, unknown, known } = conditionsOf(text)
  if (unknown === null) return conditions
  const near = nearestName(unknown, known)
  throw new CotrainError({
    code: 'config-invalid',
    path: '--conditions',
    message: `"${unknown}" is no corruption, or its severities are not within 1 to 5.`,
    hint:
      near === null ? `Known: ${known.join(', ')}; write fog, fog:3 or fog:2-4.` : `Did you mean "${near}"?`,
  })
}

function evaluationText(made: Evaluation): string {
  const title = evaluationTitle(made) || 'its own data'
  const runs = made.members.map((id) => id.slice(0, 10)).join(', ')
  const counts = Object.entries(made.counts).map(([task, n]) => `${task} n = ${n}`)
  const rows = Object.entries(made.scores).map(([key, value]) => [
    metricInfo(key).label,
    score(value),
    metricInfo(key).unit,
  ])
  return [
    `${runs} on ${title}${counts.length === 0 ? '' : ` (${counts.join(', ')})`}`,
    ...made.notes.map((note) => `note     ${note}`),
    rows.length === 0
      ? 'Nothing is missing: every measure is there already.'
      : asTable(['score', 'value', 'unit'], rows),
  ].join('\n')
}
