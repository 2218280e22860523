import { queueStateOf } from '../runs/queue/queue-state.ts'
import { deviceNamed } from '../runs/queue/placement.ts'
import { resumeRun } from '../runs/create/resume-run.ts'
import { stopRun } from '../runs/queue/supervise.ts'
import type { Feature, ServiceDeps } from './feature.ts'
import { OK } from './feature.ts'

type QueueMethods =
  | 'queue.get'
  | 'queue.pause'
  | 'queue.resume'
  | 'queue.move'
  | 'queue.remove'
  | 'queue.retry'
  | 'queue.prioritise'
  | 'queue.choose'

export function queueMethods({ workspace }: ServiceDeps, changed: () => void): Feature<QueueMethods> {
  const { store, queue, supervisor, machine } = workspace
  const after = async (work: Promise<void>): Promise<typeof OK> => {
    await work
    await supervisor.tick()
    changed()
    return OK
  }
  return {
    'queue.get': async () => queueStateOf(store, queue, await machine.read()),
    'queue.pause': () => after(queue.setPaused(true)),
    'queue.resume': () => after(queue.setPaused(false)),
    'queue.move': ({ id, to }) => after(queue.move(store.resolve(id), to)),
    'queue.remove': ({ id }) => after(stopRun(store, queue, store.resolve(id), 'now')),
    'queue.retry': ({ id }) => after(resumeRun(workspace, store.resolve(id), 'retry')),
    'queue.prioritise': ({ id, priority }) => after(queue.prioritise(store.resolve(id), priority)),
    'queue.choose': async ({ id, device }) => {
      const uuid = device === null ? null : deviceNamed(await machine.read(), device).uuid
      return after(queue.choose(store.resolve(id), uuid))
    },
  }
}
