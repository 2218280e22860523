import type { Command } from 'commander'
import type { Params } from '../../../../src-shared/contract/contract.ts'
import { writeFileAtomic } from '../../../disk/atomic-write.ts'
import { inTerminal } from '../base/terminal.ts'
import { oneOf } from './run-options.ts'

interface ReportOptions {
  readonly format?: Params<'family.report'>['format']
  readonly out?: string
}

/** What a family says, as a file for a supplement. */
export function addReportCommand(program: Command, json: () => boolean): void {
  program
    .command('report')
    .description(
      'what the finished runs of a family say: answers, scores over seeds, methods in words, recipe',
    )
    .argument('<family>', 'name of a family, as in the list of `cotrain family`')
    .option('--format <format>', 'markdown or html; default: as --out ends', oneOf('markdown', 'html'))
    .option('--out <file>', 'into this file instead of the terminal')
    .action((name: string, options: ReportOptions) =>
      inTerminal(json(), async ({ service, output }) => {
        const { out } = options
        const format = options.format ?? (/\.html?$/i.test(out ?? '') ? 'html' : 'markdown')
        const file = await service.call('family.report', { name, format })
        if (out === undefined) return output.result(file, () => file.text.trimEnd())
        await writeFileAtomic(out, file.text)
        output.result({ file: out }, () => `Written to ${out}.`)
      }),
    )
}
