import type { Command } from 'commander'
import type { PluginView } from '../../../../src-shared/contract/plugin.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { sizeText } from '../../../../src-shared/util/size-text.ts'
import { asTable } from '../base/output.ts'
import { inTerminal } from '../base/terminal.ts'

/** `cotrain plugin`: models, losses and measures that a lab adds. */
export function addPluginCommands(program: Command, json: () => boolean): void {
  const plugin = program.command('plugin').description('models, losses and measures that a lab adds itself')
  plugin
    .command('list')
    .description('the plug-ins of this home')
    .action(() =>
      inTerminal(json(), async ({ service, output }) => {
        const all = await service.call('plugins.list', {})
        output.result(all, () =>
          all.length === 0
            ? 'No plug-ins. Add one: cotrain plugin add <folder>'
            : asTable(['hash', 'name', 'version', 'trusted', 'parts'], all.map(rowOf)),
        )
      }),
    )
  plugin
    .command('add')
    .description('copy a plug-in into this home; nothing of it runs, and it is not trusted')
    .argument('<folder>', 'with package.json and index.js')
    .action((folder: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const added = await service.call('plugins.add', { path: folder })
        output.result(added, () =>
          [...linesOf(added), ...(added.trusted ? ['It is trusted already.'] : untrusted(added))].join('\n'),
        )
      }),
    )
  plugin
    .command('trust')
    .description('let the code of a plug-in run in training, with your rights on this machine')
    .argument('<hash>', 'at least its first six letters')
    .action((hash: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const trusted = await service.call('plugins.trust', { hash })
        output.result(trusted, () => [...linesOf(trusted), 'Trusted: configs can name its parts.'].join('\n'))
      }),
    )
  plugin
    .command('remove')
    .description('take a plug-in out of this home; its runs stay, but cannot go on')
    .argument('<hash>')
    .action((hash: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const done = await service.call('plugins.remove', { hash })
        output.result(done, () => 'Removed.')
      }),
    )
}

const rowOf = ({ hash, package: known, trusted, problem }: PluginView): string[] => [
  hash.slice(0, 10),
  known?.name ?? '',
  known?.version ?? '',
  problem !== null ? problem.message : trusted ? 'yes' : 'no',
  (known?.cotrain.entries ?? []).map(({ fn }) => fn).join(', '),
]

function linesOf({ hash, package: known, files }: PluginView): string[] {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return [
    `${known?.name ?? 'plug-in'} ${known?.version ?? ''}`.trim(),
    `hash     ${hash}`,
    `files    ${counted(files.length, 'file')}, ${sizeText(bytes)}`,
    ...(known?.cotrain.entries ?? []).map(({ kind, fn, title }) => `${kind.padEnd(8)} ${fn}  ${title}`),
  ]
}

const untrusted = ({ hash }: PluginView): string[] => [
  'Not trusted yet. Its code would run with your rights: read it first, then',
  `  cotrain plugin trust ${hash.slice(0, 10)}`,
]
