import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import type { Params, Result } from '../../../../src-shared/contract/contract.ts'
import { scoreSource } from '../../../../src-shared/contract/compare-views.ts'
import { epochNotes } from '../../../../src-shared/contract/compared-epochs.ts'
import { comparisonTable, settingsTable } from '../../../runs/compare/export-comparison.ts'
import { answerLines } from '../base/answer-lines.ts'
import { asTable, score } from '../base/output.ts'
import { oneOf } from './run-options.ts'
import { inTerminal } from '../base/terminal.ts'
import { writeOrShow } from '../base/write-or-show.ts'

interface CompareOptions {
  readonly baseline?: string
  readonly overSeeds?: boolean
  readonly source?: Params<'compare.table'>['source']
  readonly format?: Params<'compare.export'>['format']
  readonly out?: string
}
function source(text: string): Params<'compare.table'>['source'] {
  const parsed = scoreSource.safeParse(text)
  if (!parsed.success)
    throw new InvalidArgumentError(
      'expected one of final, last, best, at-best, or epoch-<n>, as in epoch-12.',
    )
  return parsed.data
}
const format = oneOf('csv', 'markdown', 'latex', 'json', 'html', 'parquet')

export function addCompareCommand(program: Command, json: () => boolean): void {
  program
    .command('compare')
    .description('runs side by side: options that differ, scores, deltas to a baseline')
    .argument('<id...>')
    .option('--baseline <id>', 'default: the first run')
    .option(
      '--over-seeds',
      'one column per setting: mean over seeds, n, standard error, interval of the delta',
    )
    .option(
      '--source <source>',
      'final evaluation, or curves: last, best, at-best (validation), epoch-<n> (the end of that epoch)',
      source,
    )
    .option('--format <format>', 'csv, markdown, latex, json, html or parquet instead of a table', format)
    .option('--out <file>', 'into this file instead of the terminal')
    .action((ids: string[], options: CompareOptions) =>
      inTerminal(json(), async ({ service, workspace, output }) => {
        const full = ids.map((id) => workspace.store.resolve(id))
        const baseline =
          options.baseline === undefined ? (full[0] ?? null) : workspace.store.resolve(options.baseline)
        const wish = { ids: full, baseline, source: options.source ?? 'final' }
        const overSeeds = options.overSeeds === true
        const compared = await service.call('compare.table', wish)
        const table = overSeeds ? settingsTable(compared) : comparisonTable(compared)
        if (options.format === undefined)
          return output.result(compared, () => {
            const answers = overSeeds ? answerLines(compared) : []
            return [comparisonText(table), ...answers, ...warnings(compared)].join('\n')
          })
        const file = await service.call('compare.export', { ...wish, overSeeds, format: options.format })
        await writeOrShow(output, file, options.out)
      }),
    )
}

/** Numbers of different engines or processors may differ for that reason alone. */
function warnings(compared: Result<'compare.table'>): readonly string[] {
  const { runs, groups, continued = {} } = compared
  const nameOf = (id: string): string => runs.find((run) => run.id === id)?.name ?? id
  const lines = [
    ...epochNotes(compared),
    ...Object.entries(continued).map(
      ([id, text]) => `${nameOf(id)} (${id.slice(0, 10)}) went on with ${text}`,
    ),
    ...groups.flatMap(({ name, mixed }) =>
      mixed === undefined ? [] : [`seeds of ${name} were computed on ${mixed.join(' and on ')}`],
    ),
  ]
  return lines.length === 0 ? [] : ['', ...lines.map((line) => `warning  ${line}`)]
}

/** Runs as columns are easier to read in a terminal than as rows. */
function comparisonText({ header, rows }: ReturnType<typeof comparisonTable>): string {
  const cell = (value: string | number | null): string =>
    typeof value === 'number' ? score(value) : (value ?? '')
  return asTable(
    ['', ...rows.map((row) => cell(row[0] ?? null))],
    header.slice(1).map((title, i) => [title, ...rows.map((row) => cell(row[i + 1] ?? null))]),
  )
}
