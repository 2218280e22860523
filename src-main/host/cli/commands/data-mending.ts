import type { Command } from 'commander'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { fixesOf, type OfferedFix } from '../../../../src-shared/contract/finding-fixes.ts'
import type { Terminal } from '../base/terminal.ts'
import { inTerminal } from '../base/terminal.ts'

type DataSet = Result<'data.get'>

interface MendOptions {
  readonly way?: string
  readonly undo?: true | string
}

/** `cotrain data mend`: what a click on the data page does. */
export function addMending(data: Command, json: () => boolean): void {
  data
    .command('mend')
    .description('mend what a finding of a recording tells; without a number: list the findings')
    .argument('<id>', 'name or fingerprint')
    .argument('[finding]', 'its number in the list')
    .option('--way <number>', 'which of several ways to mend it')
    .option(
      '--undo [earlier]',
      'take back a test part, or bring back the earlier recording by its fingerprint',
    )
    .action((id: string, number: string | undefined, options: MendOptions) =>
      inTerminal(json(), async (terminal) => {
        const set = await terminal.service.call('data.get', { id })
        if (options.undo !== undefined) return undo(terminal, set, options.undo)
        if (number !== undefined) return mend(terminal, set, number, options)
        terminal.output.result(set.findings, () => listOf(set))
      }),
    )
}

type Finding = DataSet['findings'][number]

const waysOf = (set: DataSet, { code }: Finding): readonly OfferedFix[] =>
  set.kind === 'neural'
    ? fixesOf(
        code,
        set.findings.filter((one) => one.code === code),
      )
    : []

function listOf(set: DataSet): string {
  if (set.findings.length === 0) return `${set.name} has no findings.`
  return set.findings
    .flatMap((finding, at) => [
      `${at + 1} ${finding.severity}: ${finding.message}${finding.ignored ? ` Set aside: ${finding.ignored.reason}` : ''}`,
      ...waysOf(set, finding).map(({ label }, way) => `    --way ${way + 1}: ${label}`),
    ])
    .join('\n')
}

async function mend(
  { service, output }: Terminal,
  set: DataSet,
  number: string,
  options: MendOptions,
): Promise<void> {
  const finding = set.findings[Number(number) - 1]
  if (finding === undefined)
    throw refused(
      'finding',
      `${set.name} has no finding "${number}".`,
      `Numbers are those of \`cotrain data mend ${set.id.slice(0, 10)}\`.`,
    )
  const { label, fix } = chosenWay(set, finding, options.way)
  const changed = await service.call('data.mend', { id: set.id, fix })
  const back = fix.kind === 'test-share' ? '' : ` ${set.id}`
  output.result(
    changed,
    () =>
      `${changed.id.slice(0, 10)} ${changed.name}: ${label}. Done. \`cotrain data mend ${changed.id} --undo${back}\` takes it back.`,
  )
}

/** The one way there is, or the one that was asked for. @throws CotrainError that lists the ways */
function chosenWay(set: DataSet, finding: Finding, way: string | undefined): OfferedFix {
  const ways = waysOf(set, finding)
  const chosen = way === undefined && ways.length === 1 ? ways[0] : ways[Number(way) - 1]
  if (chosen !== undefined) return chosen
  if (ways.length === 0) throw refused('finding', 'nothing in the app mends it.', finding.fix)
  throw refused(
    '--way',
    way === undefined ? 'there are several ways to mend it.' : `there is no way "${way}".`,
    `Ways: ${ways.map(({ label }, at) => `${at + 1} ${label}`).join(', ')}.`,
  )
}

async function undo({ service, output }: Terminal, set: DataSet, earlier: true | string): Promise<void> {
  if (earlier !== true) {
    await service.call('data.remove', { id: set.id })
    const back = await restoredOr(set, () => service.call('data.restore', { id: earlier }), service)
    return output.result(back, () => `${back.id.slice(0, 10)} ${back.name} is back.`)
  }
  if (set.options?.['test_frac'] === undefined)
    throw refused(
      '--undo',
      `${set.name} has no test part that was set here.`,
      'Name the fingerprint of the earlier recording, which was said when it was mended.',
    )
  const fix = { kind: 'test-share' as const, share: 0, seed: Number(set.options['test_seed'] ?? 0) }
  const changed = await service.call('data.mend', { id: set.id, fix })
  output.result(changed, () => `${changed.name}: the test part was taken back.`)
}

/** What `restore` gives; where it is refused the set that was removed for it comes back. */
async function restoredOr(
  set: DataSet,
  restore: () => Promise<DataSet>,
  service: Terminal['service'],
): Promise<DataSet> {
  try {
    return await restore()
  } catch (error) {
    await service.call('data.restore', { id: set.id })
    throw error
  }
}

const refused = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'not-found', path, message, hint })
