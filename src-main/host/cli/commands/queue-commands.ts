import type { Command } from 'commander'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { ensureEngine } from './engine-commands.ts'
import { exitCodeOf, followRuns } from '../base/follow-runs.ts'
import { asTable } from '../base/output.ts'
import { inSession } from '../base/session.ts'
import type { Session } from '../base/session.ts'

export function addQueueCommands(program: Command, json: () => boolean): void {
  const queue = program.command('queue').description('see and change the waiting runs')
  const command = (
    name: string,
    description: string,
    work: (session: Session, ...args: string[]) => Promise<number | void>,
  ) => {
    const [word = '', ...args] = name.split(' ')
    const made = queue.command(word, { isDefault: word === 'list' }).description(description)
    for (const arg of args) made.argument(arg)
    made.action((...given: unknown[]) =>
      inSession(json(), (session) => work(session, ...(given.slice(0, args.length) as string[]))),
    )
  }
  const full = ({ workspace }: Session, id: string): string => workspace.store.resolve(id)

  command('list', 'what runs and what waits', changed)
  command('pause', 'start no more runs', async (session) => {
    await session.service.call('queue.pause', {})
    await changed(session)
  })
  command('resume', 'start runs again', async (session) => {
    await session.service.call('queue.resume', {})
    await changed(session)
  })
  command(
    'move <id> <place>',
    'put a run at a place of the list (0 is next)',
    async (session, id = '', place = '') => {
      await session.service.call('queue.move', { id: full(session, id), to: Number(place) })
      await changed(session)
    },
  )
  command('priority <id> <n>', 'higher starts sooner', async (session, id = '', n = '') => {
    await session.service.call('queue.prioritise', { id: full(session, id), priority: Number(n) })
    await changed(session)
  })
  command('remove <id>', 'take a run out of the queue', async (session, id = '') => {
    await session.service.call('queue.remove', { id: full(session, id) })
    await changed(session)
  })
  command('retry <id>', 'queue a failed run again', async (session, id = '') => {
    await session.service.call('queue.retry', { id: full(session, id) })
    await changed(session)
  })
  command('work', 'start the waiting runs one after the other until none is left', workQueue)
}

/** What a command has made of the queue. */
async function changed(session: Session): Promise<void> {
  const state = await session.service.call('queue.get', {})
  session.output.result(state, () => queueText(state))
}

async function workQueue(session: Session): Promise<number | void> {
  const state = await session.service.call('queue.get', {})
  const ids = [...state.running, ...state.waiting].map(({ id }) => id)
  if (ids.length === 0) return changed(session)
  await ensureEngine(session)
  const runs = await followRuns(session, ids)
  session.output.result(
    runs,
    () => `${runs.filter(({ status }) => status === 'finished').length} of ${runs.length} runs finished.`,
  )
  return exitCodeOf(runs)
}

function queueText(state: Result<'queue.get'>): string {
  const rows = [
    ...state.running.map(({ id, name }) => ['now', id.slice(0, 10), name, '', '']),
    ...state.waiting.map(({ id, name, priority, reason }, i) => [
      String(i),
      id.slice(0, 10),
      name,
      String(priority),
      reason,
    ]),
  ]
  const head = state.paused ? 'The queue is paused; `cotrain queue resume` starts it again.\n' : ''
  return rows.length === 0
    ? `${head}Nothing runs and nothing waits.`
    : head + asTable(['place', 'id', 'name', 'priority', 'why'], rows)
}
