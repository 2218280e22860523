import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../../../../src-main/host/cli/base/follow-runs.ts'
import { readSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { endsTheSame } from '../../../../../src-main/runs/queue/retry-rule.ts'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor, requeueRun, stopRun } from '../../../../../src-main/runs/queue/supervise.ts'
import type { Lab } from '../../../../support/lab.ts'
import { fakeWorker, labs, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []
afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})

async function supervise(here: Lab, env: Record<string, string>, retryPauses = [0]): Promise<void> {
  const { store, queue, home } = here
  const supervisor = createSupervisor({ store, queue, retryPauses, command: () => fakeWorker(home, env) })
  open.push(supervisor)
  await supervisor.start()
}
const weights = ({ store }: Lab, id: string): unknown =>
  readSafetensors(store.files(id).weights).arrays.get('w')?.data
const summary = ({ store }: Lab, id: string) => store.summary(id)
const givesUp = ({ store }: Lab, id: string): Promise<void> =>
  until('no further try comes', () => ['', undefined].every((no) => store.summary(id).retry?.why !== no))

describe('a run whose process crashed', () => {
  it('goes on by itself from its checkpoint, and ends with the weights of an undisturbed one', async () => {
    const [here, calm] = [lab(), lab()]
    const id = await here.add(1)
    await supervise(here, { FAKE_CRASH_AT: '30', FAKE_SIGNAL: 'SIGSEGV', FAKE_ONCE: join(here.home, 'once') })
    await until('it is finished', () => here.store.read(id).status === 'finished')
    expect(here.store.read(id)).toMatchObject({
      segment: 2,
      retry: { most: 3, nextAt: null, why: '', attempts: [{ cause: 'crashed (SIGSEGV)', checkpoint: 20 }] },
    })
    await calm.add(1)
    await supervise(calm, {})
    await until('the calm one is finished', () => calm.store.read(id).status === 'finished')
    expect(weights(here, id)).toEqual(weights(calm, id))
  })

  it('is not tried a third time when it ends in the same way after the same checkpoint, and the queue goes on', async () => {
    const here = lab()
    const [bad, next] = [await here.add(1), await here.add(2)]
    await supervise(here, { FAKE_CRASH_AT: '30' })
    await givesUp(here, bad)
    await givesUp(here, next)
    expect(summary(here, bad)).toMatchObject({
      status: 'failed',
      retry: { tried: 2, most: 3, nextAt: null, why: expect.stringContaining('same way twice') },
    })
    expect(here.store.read(bad).segment).toBe(2)
    expect(endsTheSame(here.store.read(bad))).toBe(true)
    expect(exitCodeOf([summary(here, bad)])).toBe(1)
  })

  it('waits for its next try, holds up nothing, and is left alone when a person says so', async () => {
    const here = lab()
    const [first, second] = [await here.add(1), await here.add(2)]
    await supervise(here, { FAKE_CRASH_AT: '30', FAKE_ONCE: join(here.home, 'once') }, [600_000])
    await until('the second is finished', () => here.store.read(second).status === 'finished')
    const { status, retry } = summary(here, first)
    expect([status, retry?.tried, retry?.why]).toEqual(['failed', 1, ''])
    expect(retry?.nextAt).toBeGreaterThan(here.store.now() + 500_000)
    await stopRun(here.store, here.queue, first, 'now')
    expect(summary(here, first).retry).toMatchObject({ nextAt: null, why: 'a person called it off.' })
    await expect(stopRun(here.store, here.queue, first, 'now')).rejects.toThrow(/cannot be asked to stop/)
    await requeueRun(here.store, here.queue, first, 'resume')
    expect(summary(here, first).retry).toBeUndefined()
    await until('it is finished', () => here.store.read(first).status === 'finished')
  })

  it('is tried by the next service when the one that planned it is gone', async () => {
    const here = lab()
    const id = await here.add(1)
    const env = { FAKE_CRASH_AT: '30', FAKE_ONCE: join(here.home, 'once') }
    await supervise(here, env, [500])
    await until('the next try is planned', () => summary(here, id).retry?.nextAt != null)
    await open.pop()!.close()
    await supervise(here, env)
    await until('it is finished', () => here.store.read(id).status === 'finished')
  })
})

it('a lost card is a cause that may pass', async () => {
  const here = lab()
  const id = await here.add(1)
  await supervise(here, { FAKE_DEVICE_LOST_AT: '50', FAKE_ONCE: join(here.home, 'once') })
  await until('it is finished', () => here.store.read(id).status === 'finished')
  expect(here.store.read(id).retry?.attempts).toMatchObject([{ cause: 'the card was lost', checkpoint: 40 }])
})

it.each([
  ['numbers that are not finite', { FAKE_FAIL_AT: '30' }, 'non-finite'],
  ['memory that the run itself asked for', { FAKE_MEMORY_FULL_AT: '30' }, 'out-of-memory'],
  ['an instruction that is missing', { FAKE_CRASH_AT: '30', FAKE_SIGNAL: 'SIGILL' }, 'engine-failed'],
] as const)('%s are never tried again', async (_, env, code) => {
  const here = lab()
  const id = await here.add(1)
  await supervise(here, env)
  await until('it failed', () => here.store.read(id).status === 'failed')
  await until('its worker was seen off', () => here.queue.read().waiting.length === 0)
  expect(here.store.read(id)).toMatchObject({ segment: 1, problem: { code } })
  expect(summary(here, id).retry).toBeUndefined()
})
