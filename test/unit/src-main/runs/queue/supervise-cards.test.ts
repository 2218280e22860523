import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Machine } from '../../../../../src-main/runs/queue/placement.ts'
import { queueStateOf } from '../../../../../src-main/runs/queue/queue-state.ts'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor, stopRun } from '../../../../../src-main/runs/queue/supervise.ts'
import { executeRun } from '../../../../../src-main/runs/work/execute-run.ts'
import type { StartWorker } from '../../../../../src-main/runs/workers/worker-process.ts'
import { writeDevice } from '../../../../../src-main/store/files/run-folder.ts'
import { fakeEngine } from '../../../../support/fake-engine.ts'
import type { Lab } from '../../../../support/lab.ts'
import { labs, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []

/** Which run was started on which card, in order. */
let started: [string, string | undefined][] = []

/** Works in this process, as a worker does in its own: the supervisor sees its folder and its end alone. */
const workerIn =
  ({ store }: Lab): StartWorker =>
  ({ env }, id) => {
    started.push([id, env['CUDA_VISIBLE_DEVICES']])
    const work = executeRun({
      ...{ store, id, parts: fakeEngine, appVersion: '1' },
      ...{ news: () => undefined, asked: () => 'no' as const },
    })
    return { pid: process.pid, ended: work.then(() => ({ code: 0, signal: null })) }
  }

const machineOf = (count: number, slotsPerGpu = 1): Machine => ({
  devices: [...'abcdefgh'].slice(0, count).map((letter, n) => ({
    uuid: `GPU-${letter}`,
    index: String(n),
    name: `card ${letter}`,
    computeCapability: '8.0',
    freeBytes: 2 ** 36 - n,
    totalBytes: 2 ** 36,
  })),
  note: '',
  slotsPerGpu,
})

async function supervise(here: Lab, machine: Machine): Promise<Supervisor> {
  const supervisor = createSupervisor({
    ...here,
    machine: { read: () => Promise.resolve(machine) },
    command: (device) => ({ args: [], env: device === null ? {} : { CUDA_VISIBLE_DEVICES: device.uuid } }),
    startWorker: workerIn(here),
  })
  open.push(supervisor)
  await supervisor.start()
  return supervisor
}

const statusOf = ({ store }: Lab, id: string): string => store.read(id).status
const works = (here: Lab, ids: readonly string[]) =>
  until('they work', () => ids.every((id) => statusOf(here, id) === 'running'))
/** Lets runs go to their end. */
async function endAll(here: Lab, ids: readonly string[]): Promise<void> {
  for (const id of ids) await stopRun(here.store, here.queue, id, 'now')
  await until('they end', () => ids.every((id) => statusOf(here, id) === 'stopped'))
}
const addAll = async (here: Lab, count: number): Promise<string[]> => {
  const ids: string[] = []
  for (let seed = 1; seed <= count; seed++) ids.push(await here.add(seed))
  return ids
}

beforeEach(() => {
  started = []
  vi.stubEnv('FAKE_STEP_MS', '1000') // they last until they are told to stop
})
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
  vi.unstubAllEnvs()
})

describe('runs on four cards', () => {
  it('work at once, each on another, and a fifth gets the card of the first that ends', async () => {
    const here = lab()
    const ids = await addAll(here, 5)
    const machine = machineOf(4)
    await supervise(here, machine)
    await works(here, ids.slice(0, 4))
    expect(started).toEqual(ids.slice(0, 4).map((id, n) => [id, machine.devices[n]?.uuid]))
    const state = queueStateOf(here.store, here.queue, machine)
    expect(state).toMatchObject({ slots: 4, waiting: [{ id: ids[4] }] })
    expect(new Map(state.running.map(({ id, device }) => [id, device?.name]))).toEqual(
      new Map(ids.slice(0, 4).map((id, n) => [id, machine.devices[n]?.name])),
    )
    await endAll(here, [ids[2]!])
    await works(here, [ids[4]!])
    expect(started.at(-1)).toEqual([ids[4], 'GPU-c'])
    await endAll(here, [ids[0]!, ids[1]!, ids[3]!, ids[4]!])
  })

  it('are counted by the next supervisor where they are', async () => {
    const here = lab()
    const ids = await addAll(here, 3)
    const first = await supervise(here, machineOf(2))
    await works(here, ids.slice(0, 2))
    await first.close()
    const second = await supervise(here, machineOf(2))
    await second.tick()
    expect(statusOf(here, ids[2]!)).toBe('queued')
    await endAll(here, [ids[1]!])
    await second.tick() // this one has not started it, and hears of its end by looking
    await works(here, [ids[2]!])
    expect(started.map(([, card]) => card)).toEqual(['GPU-a', 'GPU-b', 'GPU-b'])
    await endAll(here, [ids[0]!, ids[2]!])
  })

  it('go where a supervisor that died has sent them, as their worker may be on its way', async () => {
    const here = lab()
    const id = await here.add(1)
    const { folder } = here.store.files(id)
    await writeDevice(here.store.disk, folder, { uuid: 'GPU-c', index: '2', name: 'card c', segment: 0 })
    await supervise(here, machineOf(4))
    await works(here, [id])
    expect(started).toEqual([[id, 'GPU-c']])
    await endAll(here, [id])
  })
})

describe('a card that was chosen', () => {
  it('is waited for while others start, and says why', async () => {
    const here = lab()
    const ids = await addAll(here, 3)
    await here.queue.setPaused(true)
    const machine = machineOf(2)
    await supervise(here, machine)
    await here.queue.choose(ids[0]!, 'GPU-b')
    await here.queue.choose(ids[1]!, 'GPU-b')
    await here.queue.setPaused(false)
    await works(here, [ids[0]!, ids[2]!])
    expect(started).toEqual([
      [ids[0], 'GPU-b'],
      [ids[2], 'GPU-a'],
    ])
    expect(queueStateOf(here.store, here.queue, machine).waiting).toMatchObject([
      { id: ids[1], device: 'GPU-b', waits: 'waits for card 1 (card b), busy with run "seed 1"' },
    ])
    await endAll(here, [ids[0]!, ids[2]!])
    await works(here, [ids[1]!])
    expect(started.at(-1)).toEqual([ids[1], 'GPU-b'])
    await endAll(here, [ids[1]!])
  })

  it('is kept when it is not there, and given up when any will do', async () => {
    const here = lab()
    const id = await here.add(1)
    await here.queue.choose(id, 'GPU-x')
    const supervisor = await supervise(here, machineOf(1))
    await supervisor.tick()
    expect(statusOf(here, id)).toBe('queued')
    expect(queueStateOf(here.store, here.queue, machineOf(1)).waiting).toMatchObject([
      { device: 'GPU-x', waits: 'its card GPU-x is not there' },
    ])
    await here.queue.choose(id, null)
    await works(here, [id])
    expect(started).toEqual([[id, 'GPU-a']])
    await endAll(here, [id])
  })
})
