import type { Command } from 'commander'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { ensureEngine } from './engine-commands.ts'
import { exitCodeOf, followRuns } from '../base/follow-runs.ts'
import { asTable } from '../base/output.ts'
import { inTerminal } from '../base/terminal.ts'
import type { Terminal } from '../base/terminal.ts'

export function addQueueCommands(program: Command, json: () => boolean): void {
  const queue = program.command('queue').description('see and change the waiting runs')
  const command = (
    name: string,
    description: string,
    work: (terminal: Terminal, ...args: string[]) => Promise<number | void>,
  ) => {
    const [word = '', ...args] = name.split(' ')
    const made = queue.command(word, { isDefault: word === 'list' }).description(description)
    for (const arg of args) made.argument(arg)
    made.action((...given: unknown[]) =>
      inTerminal(json(), (terminal) => work(terminal, ...(given.slice(0, args.length) as string[]))),
    )
  }
  const full = ({ workspace }: Terminal, id: string): string => workspace.store.resolve(id)

  command('list', 'what runs and what waits', changed)
  command('pause', 'start no more runs', async (terminal) => {
    await terminal.service.call('queue.pause', {})
    await changed(terminal)
  })
  command('resume', 'start runs again', async (terminal) => {
    await terminal.service.call('queue.resume', {})
    await changed(terminal)
  })
  command(
    'move <id> <place>',
    'put a run at a place of the list (0 is next)',
    async (terminal, id = '', place = '') => {
      await terminal.service.call('queue.move', { id: full(terminal, id), to: Number(place) })
      await changed(terminal)
    },
  )
  command('priority <id> <n>', 'higher starts sooner', async (terminal, id = '', n = '') => {
    await terminal.service.call('queue.prioritise', { id: full(terminal, id), priority: Number(n) })
    await changed(terminal)
  })
  command(
    'card <id> <card>',
    'compute on this card alone, by its number or UUID; "any" takes that back',
    async (terminal, id = '', card = '') => {
      const device = card === 'any' ? null : card
      await terminal.service.call('queue.choose', { id: full(terminal, id), device })
      await changed(terminal)
    },
  )
  command('slots <n>', 'runs on a card at the same time, 1 to 8', async (terminal, n = '') => {
    await terminal.service.call('settings.set', { slotsPerGpu: Number(n) })
    await changed(terminal)
  })
  command('remove <id>', 'take a run out of the queue', async (terminal, id = '') => {
    await terminal.service.call('queue.remove', { id: full(terminal, id) })
    await changed(terminal)
  })
  command('retry <id>', 'queue a failed run again', async (terminal, id = '') => {
    await terminal.service.call('queue.retry', { id: full(terminal, id) })
    await changed(terminal)
  })
  command('work', 'start the waiting runs in their order until none is left', workQueue)
}

/** What a command has made of the queue. */
async function changed(terminal: Terminal): Promise<void> {
  const state = await terminal.service.call('queue.get', {})
  terminal.output.result(state, () => queueText(state))
}

async function workQueue(terminal: Terminal): Promise<number | void> {
  const state = await terminal.service.call('queue.get', {})
  const ids = [...state.running, ...state.waiting].map(({ id }) => id)
  if (ids.length === 0) return changed(terminal)
  await ensureEngine(terminal)
  const runs = await followRuns(terminal, ids)
  terminal.output.result(
    runs,
    () => `${runs.filter(({ status }) => status === 'finished').length} of ${runs.length} runs finished.`,
  )
  return exitCodeOf(runs)
}

function queueText(state: Result<'queue.get'>): string {
  const { devices = [], devicesNote, slots } = state
  const cardOf = (uuid = ''): string => devices.find((device) => device.uuid === uuid)?.index ?? uuid
  const rows = [
    ...state.running.map(({ id, name, device }) => [
      'now',
      id.slice(0, 10),
      name,
      '',
      '',
      cardOf(device?.uuid),
    ]),
    ...state.waiting.map(({ id, name, priority, reason, waits = reason, device }, i) => [
      String(i),
      id.slice(0, 10),
      name,
      String(priority),
      waits,
      cardOf(device),
    ]),
  ]
  // Without cards there is nothing to say of them.
  const hasCards = devices.length > 0 || rows.some((row) => row.at(-1) !== '')
  const columns = ['place', 'id', 'name', 'priority', 'why', 'card'].slice(0, hasCards ? 6 : 5)
  const head = state.paused ? 'The queue is paused; `cotrain queue resume` starts it again.\n' : ''
  const cards = devices.map(({ index, name, uuid }) => `\nCard ${index}: ${name}, ${uuid}`)
  const note = devicesNote === undefined ? '' : `\n${devicesNote}.`
  const foot = devices.length === 0 ? note : `${cards.join('')}\nRuns at the same time: ${slots}${note}`
  if (rows.length === 0) return `${head}Nothing runs and nothing waits.${foot}`
  return (
    head +
    asTable(
      columns,
      rows.map((row) => row.slice(0, columns.length)),
    ) +
    foot
  )
}
