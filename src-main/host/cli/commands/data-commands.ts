import type { Command } from 'commander'
import { kindWord } from '../../../../src-shared/contract/account.ts'
import type { Params, Result } from '../../../../src-shared/contract/contract.ts'
import { addKeeping } from './data-keeping.ts'
import { addMending } from './data-mending.ts'
import { collect, importerHelp, importOptions } from './import-options.ts'
import { asTable } from '../base/output.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

type DataSet = Result<'data.get'>

interface AddOptions {
  readonly name: string
  readonly area?: string
  readonly mapping?: string
  readonly option: readonly string[]
}

/** `cotrain data ...`: every data set of the home folder, from the lab's files to an export. */
export function addDataCommands(program: Command, json: () => boolean): void {
  const data = program
    .command('data')
    .description(
      'data sets: list, inspect, look, add, import, show, check, mend, export, relocate, remove, restore',
    )
  addLooking(data, json)
  addImporting(data, json)
  addExport(data, json)
  addMending(data, json)
  addKeeping(data, json)
}

function addLooking(data: Command, json: () => boolean): void {
  data
    .command('list', { isDefault: true })
    .description('data sets of this home folder')
    .action(() =>
      inTerminal(json(), async ({ service, output }) => {
        const sets = await service.call('data.list', {})
        output.result(sets, () => tableOf(sets))
      }),
    )
  data
    .command('inspect')
    .description('what a folder or file contains, without importing it')
    .argument('<path>')
    .action((path: string) => inTerminal(json(), (terminal) => inspect(terminal, path)))
  for (const [name, description] of [
    ['show', 'facts and findings of a data set'],
    ['check', 'read a data set through and compare it with its record'],
  ] as const)
    data
      .command(name)
      .description(description)
      .argument('<id>', 'name or fingerprint')
      .action((id: string) =>
        inTerminal(json(), async ({ service, output }) => {
          const set = await service.call(name === 'show' ? 'data.get' : 'data.check', { id })
          output.result(set, () => pageOf(set))
          return set.findings.some((f) => f.severity === 'error') ? 1 : 0
        }),
      )
}

/** `import` is `add` under the name that people look for when the files need a mapping. */
function addImporting(data: Command, json: () => boolean): void {
  for (const [name, description] of [
    ['add', 'take in a folder or file'],
    ['import', 'the same: take in a recording, with a mapping of its arrays where the layout is not known'],
    ['look', 'read a recording as add would and say what it becomes; nothing is kept'],
  ] as const)
    data
      .command(name)
      .description(description)
      .argument('<path>')
      .option('--name <name>', 'how to call it', '')
      .option('--area <area>', 'v1 or v4: where the units were recorded')
      .option('--mapping <file>', 'JSON file: which array means what, or options of the importer')
      .option('--option <name=value>', 'one option of the importer; give it as often as wanted', collect, [])
      .addHelpText('after', importerHelp)
      .action((path: string, options: AddOptions) =>
        inTerminal(json(), async ({ service, output }) => {
          const mapping = await importOptions(options)
          const { area } = options
          const request = {
            path,
            name: options.name,
            ...(mapping !== undefined && { mapping }),
            ...(area !== undefined && { area: area.toLowerCase() as 'v1' | 'v4' }), // the service refuses others
          }
          if (name === 'look') return look(await service.call('data.look', request), output)
          const set = await service.call('data.add', request)
          output.result(set, () =>
            [
              `${set.id.slice(0, 10)} ${set.name}: ${set.summary}`,
              ...choiceLines(set),
              ...accountLines(set),
              ...findingLines(set.findings.filter(({ severity }) => severity !== 'info')),
            ].join('\n'),
          )
        }),
      )
}

/** What the import decided, what was used and what is to be looked at, before anything is kept. */
function look(found: Result<'data.look'>, output: Terminal['output']): number {
  output.result(found, () =>
    [found.summary, ...choiceLines(found), ...accountLines(found), ...findingLines(found.findings)].join(
      '\n',
    ),
  )
  return found.findings.some((f) => f.severity === 'error') ? 1 : 0
}

const BY = { option: 'as you said', file: 'the file says so', fit: 'nothing else fits', usual: 'as usual' }

/** What the import of a recording decided. */
const choiceLines = ({ choices = [] }: Pick<DataSet, 'choices'>): string[] =>
  choices.map(({ what, value, by }) => `${what}: ${value} (${BY[by]})`)

const findingLines = (findings: DataSet['findings']): string[] =>
  findings.map((f) => `${f.severity}: ${f.message} ${f.fix}`)

function addExport(data: Command, json: () => boolean): void {
  data
    .command('export')
    .description('write a data set as a data file, an .npz or a folder of images')
    .argument('<id>', 'name or fingerprint')
    .requiredOption('--to <path>', 'where to; must not exist yet')
    .option('--format <format>', 'canonical, npz or folder', 'canonical')
    .option('--part <part>', 'train, val or test of images with classes')
    .action((id: string, { to, format, part }: { to: string; format: string; part?: string }) =>
      inTerminal(json(), async ({ service, output }) => {
        const request = { id, format, path: to, ...(part !== undefined && { part }) }
        const done = await service.call('data.export', request as Params<'data.export'>) // the service refuses others
        output.result(done, () => `Written: ${done.path}`)
      }),
    )
}

async function inspect({ service, output }: Terminal, path: string): Promise<number> {
  const found = await service.call('data.inspect', { path })
  const arrays = Array.isArray(found.tree)
    ? (found.tree as { path: string; shape: number[]; type: string }[])
    : [] // the listing of named arrays
  output.result(found, () =>
    [
      ...(found.problems.length === 0 ? [`${found.format}: ${found.summary}`] : []),
      ...arrays.map((a) => `  ${a.path}  ${a.type} ${a.shape.length === 0 ? 'scalar' : a.shape.join(' x ')}`),
      ...(found.needsMapping ? ['Import it with --mapping <file>.'] : []),
    ].join('\n'),
  )
  if (found.problems.length === 0) return 0
  output.problems(found.problems as never) // the codes of the wire are text
  return 2
}

function tableOf(sets: readonly DataSet[]): string {
  if (sets.length === 0) return 'There are no data sets yet.'
  const rows = sets.map((set) => [
    set.id.slice(0, 10),
    set.name,
    set.kind,
    set.present ? '' : 'missing',
    set.summary,
  ])
  return asTable(['id', 'name', 'kind', '', 'summary'], rows)
}

function pageOf(set: DataSet): string {
  const facts = set.facts.map(({ label, value }) => `${label}: ${value}`)
  const findings = findingLines(set.findings)
  const lines = [set.summary, ...facts, ...choiceLines(set), ...accountLines(set), ...findings]
  return [`${set.name} (${set.kind})`, ...lines].join('\n')
}

/** What was used and what was not, one line each. */
function accountLines({ account }: Pick<DataSet, 'account'>): string[] {
  if (account === undefined) return ['Account: none was kept; `cotrain data check` makes one.']
  const used = account.used.map(({ kind, name, content }) => `used: ${kindWord(kind)} ${name}: ${content}`)
  const left = account.left.map(
    ({ kind, name, reason, fix, severity }) =>
      `not used (${severity}): ${kindWord(kind)} ${name}: ${reason} ${fix}`,
  )
  return [...used, ...(left.length === 0 ? ['not used: nothing'] : left)].map((line) => line.trimEnd())
}
