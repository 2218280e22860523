import { waitingRun } from './placed-runs.ts'
import type { z } from 'zod'
import type { QueueDevice, queueState } from '../../../src-shared/contract/views.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { QueueEntry } from '../../store/files/queue-file.ts'
import { readLive } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'
import { deviceOfRun } from './placed-runs.ts'
import type { Machine } from './placement.ts'
import { place, slotsOf } from './placement.ts'
import type { RunQueue } from './run-queue.ts'
import { refusalText } from './start-tries.ts'

export type QueueState = z.infer<typeof queueState>

/** The queue as people see it: who waits, in which order and for what, and who works where. */
export function queueStateOf(store: RunStore, queue: RunQueue, machine: Machine): QueueState {
  const { paused, waiting } = queue.read()
  const live = store.list({ status: [...LIVE] }).runs
  const working = new Set(live.map(({ id }) => id))
  const running = live.map(({ id, name }) => {
    const device = deviceOfRun(store, id)
    const progress = readLive(store.files(id).folder)
    return { id, name, progress, ...(device === null ? {} : { device: shown(device) }) }
  })
  const open = waiting.filter(({ id }) => !working.has(id) && store.exists(id))
  const waits = waitsOf(store, machine, running, open)
  return {
    paused,
    slots: slotsOf(machine),
    ...(machine.devices.length === 0 ? {} : { devices: machine.devices.map(shown) }),
    ...(machine.note === '' ? {} : { devicesNote: machine.note }),
    waiting: open.map(({ id, reason, priority, device }) => {
      const why = refusalText(store, id) ?? waits.get(id)
      const card = {
        ...(device === undefined ? {} : { device }),
        ...(why === undefined ? {} : { waits: why }),
      }
      return { id, reason, priority, name: nameOf(store, id), ...card }
    }),
    running,
  }
}

const shown = ({ uuid, index, name }: QueueDevice): QueueDevice => ({ uuid, index, name })

function waitsOf(
  store: RunStore,
  machine: Machine,
  running: QueueState['running'],
  open: readonly QueueEntry[],
): ReadonlyMap<string, string> {
  // On the processor no run waits for anything but its turn.
  if (machine.devices.length === 0 && open.every(({ device }) => device === undefined)) return new Map()
  const live = running.map(({ name, device }) => ({ name, device: device?.uuid ?? null }))
  return place(
    machine,
    live,
    open.map(({ id, device }) => waitingRun(store, id, device)),
  ).waits
}

/** One run that cannot be read must not hide the queue. */
function nameOf(store: RunStore, id: string): string {
  try {
    return store.summary(id).name
  } catch {
    return 'cannot be read'
  }
}
