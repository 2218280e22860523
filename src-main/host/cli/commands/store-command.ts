import type { Command } from 'commander'
import { counted } from '../../../../src-shared/util/counted.ts'
import type { DataDeps } from '../../../data/content/data-deps.ts'
import { checkStore } from '../../../runs/shelf/check-store.ts'
import { repairStore } from '../../../runs/shelf/repair-store.ts'
import type { StoreFinding } from '../../../runs/shelf/store-finding.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

/** HDF5 comes along with it. */
async function changedData(terminal: Terminal) {
  const { checkKeptData } = await import('../../../data/library/check-kept-data.ts')
  return checkKeptData(depsOf(terminal.workspace), counting(terminal, 'data set'))
}

/** `cotrain store`: whether everything that was kept is as it was written. */
export function addStoreCommands(program: Command, json: () => boolean): void {
  const store = program.command('store').description('check and repair what the app keeps')
  store
    .command('check')
    .description('read every run, data set, family and the index, and say what is wrong; changes nothing')
    .option('--data', 'read every file of every data set, too; takes as long as reading them')
    .action(({ data }: { data?: true }) =>
      inTerminal(json(), async (terminal) => {
        const { workspace, output } = terminal
        const store = checkStore(workspace.store, counting(terminal))
        const sets = data === undefined ? null : await changedData(terminal)
        const report = { ...store, ...(sets === null ? {} : { data: sets }) }
        output.result(report, () =>
          [
            ...report.findings.flatMap((found) => linesOf(found)),
            ...(sets?.changed ?? []).map(
              ({ path, name, problem }) => `${path} (data set "${name}"): ${problem}`,
            ),
            ...(sets === null
              ? []
              : [`${counted(sets.sets, 'data set')} read, ${sets.changed.length} changed`]),
            ...report.atWork.map((id) => `${id.slice(0, 10)} is being worked on and was not looked into.`),
            `${counted(report.runs, 'run')}, ${counted(report.findings.length, 'finding')} in ${report.home}`,
          ].join('\n'),
        )
        return report.findings.length === 0 && (sets?.changed.length ?? 0) === 0 ? 0 : 1
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
  ({ output }: Terminal, what = 'run') =>
  (done: number, all: number): void =>
    output.progress(`${what} ${done + 1} of ${all}`)

const depsOf = ({ home, folder }: Terminal['workspace']): DataDeps => ({
  ...{ home, folder },
  now: () => performance.now(),
  date: () => new Date(),
})

const linesOf = ({ path, problem, lost, repair }: StoreFinding): string[] => [
  `${path}: ${problem}`,
  `  lost: ${lost}`,
  ...(repair === null ? [] : [`  repair: ${repair}`]),
]
