import { writeFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { openRunQueue } from '../../../../../src-main/runs/queue/run-queue.ts'
import { queueStateOf } from '../../../../../src-main/runs/queue/queue-state.ts'
import {
  noteRefusal,
  noteWorker,
  refusalText,
  startsAt,
} from '../../../../../src-main/runs/queue/start-tries.ts'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor, requeueRun } from '../../../../../src-main/runs/queue/supervise.ts'
import { NO_DEVICES } from '../../../../../src-main/io/native/devices/compute-devices.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import type { Lab } from '../../../../support/lab.ts'
import { disk, fakeWorker, labs, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})

/** A store whose clock is turned by hand. */
function withClock({ home }: Lab, clock: { now: number }) {
  const store = openRunStore({ home, disk, now: () => clock.now })
  return { store, queue: openRunQueue(store) }
}

describe('a start that is refused', () => {
  it('is tried again after a pause that doubles up to a minute, and the queue says why', async () => {
    const here = lab()
    const id = await here.add(1)
    const clock = { now: 1_000_000 }
    const { store, queue } = withClock(here, clock)
    const pauses: number[] = []
    for (let i = 0; i < 8; i++) {
      await noteRefusal(store, id, new Error('the driver hangs'))
      pauses.push((startsAt(store, id) - clock.now) / 1000)
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
    clock.now += 50_500
    const { waiting } = queueStateOf(store, queue, { ...NO_DEVICES, slotsPerGpu: 1 })
    expect(waiting.map(({ waits }) => waits)).toEqual([
      'its start was refused 8 times, next try in 10 s: the driver hangs',
    ])
  })

  it('holds up no other run, is told once, and leaves nothing when the run starts', async () => {
    const here = lab()
    const [first, second] = [await here.add(1), await here.add(2)]
    const said: string[] = []
    let asked = 0
    const supervisor = createSupervisor({
      store: here.store,
      queue: here.queue,
      command: () =>
        asked++ === 0
          ? Promise.reject(new Error('the driver hangs'))
          : Promise.resolve(fakeWorker(here.home)),
      log: (text) => said.push(text),
    })
    open.push(supervisor)
    await supervisor.start()
    await until('both are done', () =>
      [first, second].every((id) => here.store.read(id).status === 'finished'),
    )
    const [a, b] = [here.store.read(first), here.store.read(second)]
    expect(b.startedAt).toBeLessThan(a.startedAt!)
    expect(said.filter((text) => text.includes('the driver hangs'))).toHaveLength(1)
    expect(refusalText(here.store, first)).toBeNull()
  })
})

describe('workers that go together with their service before they take the run', () => {
  it('are three at most: then the run failed, with the last words, until a person retries it', async () => {
    const here = lab()
    const id = await here.add(1)
    for (let i = 0; i < 3; i++) await noteWorker(here.store, id)
    writeFileSync(here.store.files(id).output, 'libtensorflow: cannot allocate\n')
    const supervisor = createSupervisor({ ...here, command: () => fakeWorker(here.home) })
    open.push(supervisor)
    await supervisor.start()
    await until('it failed', () => here.store.read(id).status === 'failed')
    const { problem } = here.store.read(id)
    expect(problem?.message).toMatch(/3 workers were gone before they took it.*cannot allocate/)
    expect(problem?.hint).toContain('retry')
    await until('the queue is empty', () => here.queue.read().waiting.length === 0)
    await requeueRun(here.store, here.queue, id, 'retry')
    await until('it is finished', () => here.store.read(id).status === 'finished')
  })

  it('do not count once one has taken it', async () => {
    const here = lab()
    const id = await here.add(1)
    for (let i = 0; i < 2; i++) await noteWorker(here.store, id)
    const supervisor = createSupervisor({ ...here, command: () => fakeWorker(here.home) })
    open.push(supervisor)
    await supervisor.start()
    await until('it is finished', () => here.store.read(id).status === 'finished')
    expect(here.store.read(id).segment).toBe(1)
  })
})
