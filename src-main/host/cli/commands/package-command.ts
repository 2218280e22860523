import type { Command } from 'commander'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import type { OpenedPackage, PackageCard, ShelfEntry } from '../../../../src-shared/contract/package.ts'
import { counted } from '../../../../src-shared/util/counted.ts'
import { sizeText } from '../../../../src-shared/util/size-text.ts'
import { asTable, score } from '../base/output.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal, withProgress } from '../base/terminal.ts'
import { ensureEngine } from './engine-commands.ts'

interface WriteOptions {
  readonly to: string
  readonly group?: boolean
  readonly title?: string
  readonly author: readonly string[]
  readonly licence?: string
  readonly citation?: string
  readonly note?: string
  readonly withExamplesFromData?: boolean
}

/** `cotrain package`, `open` and `shelf`: trained networks in files. */
export function addPackageCommands(program: Command, json: () => boolean): void {
  addWrite(program, json)
  addOpen(program, json)
  addShelf(program, json)
}

function addWrite(program: Command, json: () => boolean): void {
  program
    .command('package')
    .description('write a trained network into one file that another machine opens and uses without the data')
    .argument('<id...>', 'finished runs of one setting')
    .requiredOption('--to <file>', 'a new .cotrain file')
    .option('--group', 'with the other finished seeds of the setting')
    .option('--title <text>', 'instead of the name of the run')
    .option('--author <name>', 'repeat for several; without it the author of the settings', collect, [])
    .option('--licence <name>', 'what others may do with it, e.g. CC-BY-4.0')
    .option('--citation <text>', 'what to cite')
    .option('--note <text>', 'what others should know')
    .option(
      '--with-examples-from-data',
      'four test images of the data as example pictures, instead of generated ones',
    )
    .action((ids: string[], { to, group, author, withExamplesFromData, ...words }: WriteOptions) =>
      inTerminal(json(), async (terminal) => {
        const done = await withProgress(terminal, 'package', (job) =>
          terminal.service.call('packages.write', {
            ids: ids.map((id) => terminal.workspace.store.resolve(id)),
            to,
            group: group === true,
            ...words,
            ...(author.length === 0 ? {} : { authors: [...author] }),
            examples: withExamplesFromData === true ? 'data' : 'generated',
            job,
          }),
        )
        terminal.output.result(done, () =>
          [
            `Written to ${done.path} (${sizeText(done.bytes)}).`,
            ...done.members.map(({ name, bytes }) => `  ${name}  ${sizeText(bytes)}`),
            ...done.notes.map((note) => `note     ${note}`),
          ].join('\n'),
        )
      }),
    )
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value]

function addOpen(program: Command, json: () => boolean): void {
  program
    .command('open')
    .description('check a package, compute its stored outputs anew, and add its runs to this home')
    .argument('<file>', 'a .cotrain file; or, with --from, its name on the shelf')
    .option('--look', 'say what it is, and add nothing')
    .option('--from <address>', 'fetch it from this web address of a shelf')
    .action((file: string, { look, from }: { look?: boolean; from?: string }) =>
      inTerminal(json(), async (terminal) => {
        const { service, output } = terminal
        if (look === true && from === undefined) {
          const seen = await service.call('packages.look', { path: file })
          return output.result(seen, () => cardLines(seen.card).join('\n'))
        }
        await ensureEngine(terminal)
        const opened = await withProgress(terminal, 'open', (job) =>
          from === undefined
            ? service.call('packages.open', { path: file, job })
            : service.call('packages.fetch', { address: from, file, job }),
        )
        output.result(opened, () => openedLines(opened).join('\n'))
      }),
    )
}

function addShelf(program: Command, json: () => boolean): void {
  program
    .command('shelf')
    .description('list the packages of a folder, or of a web address with an index.json')
    .argument('<folder or address>')
    .option('--write-index', 'write the index.json that makes the folder a shelf on the web')
    .action((place: string, { writeIndex }: { writeIndex?: boolean }) =>
      inTerminal(json(), (terminal) =>
        writeIndex === true ? indexFolder(terminal, place) : listShelf(terminal, place),
      ),
    )
}

async function indexFolder({ workspace, output }: Terminal, folder: string): Promise<void> {
  const { writeIndex } = await import('../../../runs/packages/shelf.ts')
  const { resolve } = await import('node:path')
  const done = await writeIndex(workspace, resolve(workspace.folder, folder))
  output.result(done, () => `Written to ${done.path}: ${counted(done.packages.length, 'package')}.`)
}

async function listShelf({ service, output }: Terminal, place: string): Promise<void> {
  const isAddress = /^https?:\/\//i.test(place)
  const entries = await service.call('packages.shelf', isAddress ? { address: place } : { folder: place })
  output.result(entries, () =>
    entries.length === 0
      ? 'No packages there.'
      : asTable(['file', 'title', 'runs', 'licence', 'size', ''], entries.map(shelfRow)),
  )
}

const shelfRow = ({ file, bytes, card, known, problem }: ShelfEntry): string[] =>
  card === null
    ? [file, problem?.message ?? '', '', '', '', 'cannot be read']
    : [
        file,
        card.title,
        String(card.runs.length),
        card.licence || 'none stated',
        sizeText(bytes),
        known.length === card.runs.length ? 'opened' : '',
      ]

function openedLines({ card, added, known, difference, compared, engine, notes }: OpenedPackage): string[] {
  return [
    ...cardLines(card),
    '',
    `Outputs agree to 1e-5 (max difference ${difference.toExponential(1)} over ${compared} values, computed here by ${engine}).`,
    ...(added.length === 0 ? [] : [`Added: ${added.map((id) => id.slice(0, 10)).join(', ')}.`]),
    ...(known.length === 0 ? [] : [`Here already: ${known.map((id) => id.slice(0, 10)).join(', ')}.`]),
    ...notes.map((note) => `note     ${note}`),
  ]
}

function cardLines(card: PackageCard): string[] {
  const rows = card.scores.map(({ key, mean, low, high, n }) => [
    metricInfo(key).label,
    score(mean),
    low === null ? '' : `${score(low)} to ${score(high)}`,
    String(n),
  ])
  return [
    card.title,
    ...(card.note === '' ? [] : [card.note]),
    `authors  ${card.authors.join('; ') || 'none stated'}`,
    `licence  ${card.licence || 'none stated'}`,
    `cite     ${card.citation || 'none stated'}`,
    `made     ${card.made.at} with CoTrain ${card.made.app}`,
    `network  ${card.model}, ${counted(card.runs.length, 'run')}`,
    `data     ${card.dataset}, fingerprint ${card.data.fingerprint.slice(0, 16)} (not inside)`,
    ...(rows.length === 0 ? [] : [asTable(['score', 'mean', '95 % over seeds', 'n'], rows)]),
  ]
}
