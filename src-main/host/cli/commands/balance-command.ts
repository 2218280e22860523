import type { Command } from 'commander'
import type { TaskBalance } from '../../../../src-shared/contract/balance.ts'
import { inTerminal } from '../base/terminal.ts'

/** Which task of a co-trained run moves the shared network. */
export function addBalanceCommand(program: Command, json: () => boolean): void {
  program
    .command('balance')
    .description(
      'which task moves the shared network of a co-trained run, since when, and what would change it',
    )
    .argument('<id>')
    .action((given: string) =>
      inTerminal(json(), async ({ service, workspace, output }) => {
        const balance = await service.call('runs.balance', { id: workspace.store.resolve(given) })
        output.result(balance, () => textOf(balance))
      }),
    )
}

const textOf = ({ text, directionText, weights, advice }: TaskBalance): string =>
  [
    text,
    ...(directionText === '' ? [] : [directionText]),
    ...Object.entries(weights).map(([task, value]) => `Learned weight of ${task}: ${value.toPrecision(3)}.`),
    ...(advice.length === 0 ? [] : ['To change that:']),
    ...advice.map((one) => `  ${one.option.replace('.config.', '.')}  ${one.text}`),
  ].join('\n')
