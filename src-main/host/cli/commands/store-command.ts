import type { Command } from 'commander'
import { counted } from '../../../../src-shared/util/counted.ts'
import { checkStore } from '../../../runs/shelf/check-store.ts'
import { repairStore } from '../../../runs/shelf/repair-store.ts'
import type { StoreFinding } from '../../../runs/shelf/store-finding.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

/** `cotrain store`: whether everything that was kept is as it was written. */
export function addStoreCommands(program: Command, json: () => boolean): void {
  const store = program.command('store').description('check and repair what the app keeps')
  store
    .command('check')
    .description('read every run, data set, family and the index, and say what is wrong; changes nothing')
    .action(() =>
      inTerminal(json(), (terminal) => {
        const { workspace, output } = terminal
        const report = checkStore(workspace.store, counting(terminal))
        output.result(report, () =>
          [
            ...report.findings.flatMap((found) => linesOf(found)),
            ...report.atWork.map((id) => `${id.slice(0, 10)} is being worked on and was not looked into.`),
            `${counted(report.runs, 'run')}, ${counted(report.findings.length, 'finding')} in ${report.home}`,
          ].join('\n'),
        )
        return Promise.resolve(report.findings.length === 0 ? 0 : 1)
      }),
    )
  store
    .command('repair')
    .description(
      'mend what loses nothing: damaged files are moved aside, never deleted; the index is built anew',
    )
    .action(() =>
      inTerminal(json(), async (terminal) => {
        const { workspace, output } = terminal
        const report = await repairStore(workspace.store, counting(terminal))
        workspace.store.list()
        output.result(report, () =>
          [
            ...report.done.map(({ path, repair }) => `${path}\n  done: ${repair ?? ''}`),
            ...report.left.flatMap((found) => [...linesOf(found), `  left as it is: ${found.why}`]),
            `${counted(report.done.length, 'repair')}, ${report.left.length} left as found`,
            ...(report.aside === null ? [] : [`What was moved lies in ${report.aside}`]),
          ].join('\n'),
        )
        return report.left.length === 0 ? 0 : 1
      }),
    )
}

const counting =
  ({ output }: Terminal) =>
  (done: number, all: number): void =>
    output.progress(`run ${done + 1} of ${all}`)

const linesOf = ({ path, problem, lost, repair }: StoreFinding): string[] => [
  `${path}: ${problem}`,
  `  lost: ${lost}`,
  ...(repair === null ? [] : [`  repair: ${repair}`]),
]
