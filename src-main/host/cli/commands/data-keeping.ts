import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { inTerminal } from '../base/terminal.ts'

/** Runs that a question names; the others are counted. */
const NAMED = 5

/** Where registered sets are and whether they stay: relocate, remove, restore. */
export function addKeeping(data: Command, json: () => boolean): void {
  data
    .command('relocate')
    .description('say where a data set is now; its content has to be the same')
    .argument('<id>', 'name or fingerprint')
    .argument('<path>', 'folder or file')
    .action((id: string, path: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const set = await service.call('data.relocate', { id, path })
        output.result(set, () => `${set.id.slice(0, 10)} ${set.name} is in ${set.origin}`)
      }),
    )
  data
    .command('remove')
    .description("forget a data set; the lab's own files stay")
    .argument('<id>', 'name or fingerprint')
    .option('--yes', 'do not ask, also where runs use it')
    .action((id: string, { yes = false }: { yes?: boolean }) =>
      inTerminal(json(), async ({ service, output }) => {
        const set = await service.call('data.get', { id })
        const uses = usesLine(await service.call('data.uses', { id }))
        if (uses !== '' && !yes && process.stdin.isTTY && !json() && !(await agrees(set.name, uses))) {
          output.note('Nothing was removed.')
          return 1
        }
        const done = await service.call('data.remove', { id })
        const back = `\`cotrain data restore ${set.id}\` brings it back.`
        output.result(done, () =>
          [`Removed ${set.name}.`, uses, back].filter((line) => line !== '').join(' '),
        )
      }),
    )
  data
    .command('restore')
    .description('bring back a data set that was removed')
    .argument('<fingerprint>')
    .action((id: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const set = await service.call('data.restore', { id })
        output.result(set, () => `${set.name} is back.`)
      }),
    )
}

/** "2 runs use it: shuffled (0123456789), ..."; '' where none does. */
function usesLine({ total, runs }: Result<'data.uses'>): string {
  if (total === 0) return ''
  const named = runs
    .slice(0, NAMED)
    .map(({ id, name }) => (name === '' ? id.slice(0, 10) : `${name} (${id.slice(0, 10)})`))
  const rest = total > named.length ? ` and ${total - named.length} more` : ''
  return `${total} ${total === 1 ? 'run uses' : 'runs use'} it: ${named.join(', ')}${rest}.`
}

async function agrees(name: string, uses: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${uses} Remove ${name} all the same? [y/N] `)
    return /^y(es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}
