import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { createRun } from '../../../../../src-main/runs/create/create-run.ts'
import { openRunQueue } from '../../../../../src-main/runs/queue/run-queue.ts'
import type { Supervisor } from '../../../../../src-main/runs/queue/supervise.ts'
import { createSupervisor, requeueRun, stopRun } from '../../../../../src-main/runs/queue/supervise.ts'
import { lockHolder, tryLock } from '../../../../../src-main/disk/file-lock.ts'
import { readLive } from '../../../../../src-main/store/files/run-folder.ts'
import type { Lab } from '../../../../support/lab.ts'
import { fakeWorker, labs, smallConfig, until } from '../../../../support/lab.ts'

const lab = labs()
const open: Supervisor[] = []

async function supervise({ store, queue, home }: Lab, env: Record<string, string> = {}): Promise<Supervisor> {
  const supervisor = createSupervisor({ store, queue, command: () => fakeWorker(home, env) })
  open.push(supervisor)
  await supervisor.start()
  return supervisor
}

afterEach(async () => {
  for (const supervisor of open.splice(0)) await supervisor.close()
})

const status = ({ store }: Lab, id: string): string => store.read(id).status
const ends = ({ store }: Lab, id: string): Promise<void> =>
  until(`run ${id.slice(0, 6)} ends`, () =>
    ['finished', 'stopped', 'failed', 'interrupted'].includes(store.read(id).status),
  )
const weights = ({ store }: Lab, id: string): Float32Array =>
  readSafetensors(store.files(id).weights).arrays.get('w')?.data as Float32Array
const workerOf = ({ store }: Lab, id: string): number => lockHolder(store.files(id).lock)?.pid ?? 0
const slow = { FAKE_STEP_MS: '40' } // the sign of life comes once a second: several in each run

describe('a supervised run', () => {
  it('that is taken out while its worker is prepared is not started', async () => {
    const here = lab()
    const id = await here.add(1)
    let prepared: (() => void) | null = null
    const command = async () => {
      await new Promise<void>((resolve) => (prepared = resolve))
      return { ...fakeWorker(here.home), args: ['/must/not/start'] }
    }
    const isClaimed = () => lockHolder(join(here.store.layout.claims, id)) !== null
    const supervisor = createSupervisor({ ...here, command })
    open.push(supervisor)
    const started = supervisor.start()
    await until('its worker is prepared', () => prepared !== null && isClaimed())
    await here.queue.remove(id)
    here.store.remove(id)
    ;(prepared as (() => void) | null)?.()
    await started
    expect(here.store.exists(id)).toBe(false)
    expect(isClaimed()).toBe(false)
  })

  it('goes from the queue to its result and leaves a complete folder', async () => {
    const here = lab()
    const id = await here.add(1)
    await supervise(here)
    await ends(here, id)
    const record = here.store.read(id)
    expect(record).toMatchObject({ status: 'finished', epoch: 4, step: 80, segment: 1, problem: null })
    expect(record.environment).toMatchObject({ backend: 'cpu', backendReason: 'counts' })
    expect(record.latest['Validation/v1/loss']).toBeNull()
    const result = JSON.parse(readFileSync(here.store.files(id).result, 'utf8')) as object
    expect(result).toMatchObject({ scores: record.scores, classNames: ['cat', 'dog'] })
    expect(here.store.history(id).read().series.keys.get('Training/v1/loss')?.rows).toHaveLength(16)
    await until('it leaves the queue', () => here.queue.read().waiting.length === 0)
  })

  it('killed again and again in mid-epoch ends with the numbers of an undisturbed one', async () => {
    const here = lab()
    const calm = lab()
    const undisturbed = await calm.add(5)
    await supervise(calm)
    const id = await here.add(5)
    await supervise(here, slow)
    for (const step of [3, 26, 45]) {
      await until(`step ${step}`, () => (readLive(here.store.files(id).folder)?.step ?? 0) >= step)
      process.kill(workerOf(here, id), 'SIGKILL')
      await until('it shows as interrupted', () => status(here, id) === 'interrupted')
      await requeueRun(here.store, here.queue, id, 'resume')
      await until('it goes on', () => status(here, id) === 'running' || status(here, id) === 'finished')
    }
    await ends(here, id)
    await ends(calm, undisturbed)
    expect(status(here, id)).toBe('finished')
    expect(weights(here, id)).toEqual(weights(calm, undisturbed))
    const losses = ({ store }: Lab) => store.history(id).read().series.keys.get('Training/v1/loss')?.value
    expect(losses(here)).toEqual(losses(calm))
    expect(here.store.read(id).segment).toBeGreaterThan(2)
  })

  it('stops at the next step with a checkpoint, and goes on there', async () => {
    const here = lab()
    const id = await here.add(6)
    await supervise(here, slow)
    await until('it trains', () => (readLive(here.store.files(id).folder)?.step ?? 0) > 5)
    await stopRun(here.store, here.queue, id, 'now')
    await ends(here, id)
    const { step, status: now } = here.store.read(id)
    expect(now).toBe('stopped')
    expect(step).toBeLessThan(80)
    await requeueRun(here.store, here.queue, id, 'resume')
    await until('it works', () => status(here, id) === 'running')
    await ends(here, id)
    const resumed = here.store
      .history(id)
      .read()
      .marks.find(({ mark }) => mark === 'resume')
    expect(resumed?.step).toBe(step)
    const calm = lab()
    const other = await calm.add(6)
    await supervise(calm)
    await ends(calm, other)
    expect(weights(here, id)).toEqual(weights(calm, other))
  })

  it('stops after the epoch when asked to', async () => {
    const here = lab()
    const id = await here.add(7)
    await supervise(here, slow)
    await until('it trains', () => (readLive(here.store.files(id).folder)?.step ?? 0) > 2)
    await stopRun(here.store, here.queue, id, 'epoch')
    await ends(here, id)
    expect(here.store.read(id)).toMatchObject({ status: 'stopped' })
    expect(here.store.read(id).step % 20).toBe(0)
  })

  it('takes SIGTERM as a request to stop', async () => {
    const here = lab()
    const id = await here.add(8)
    await supervise(here, slow)
    await until('it trains', () => (readLive(here.store.files(id).folder)?.step ?? 0) > 2)
    process.kill(workerOf(here, id), 'SIGTERM')
    await ends(here, id)
    expect(status(here, id)).toBe('stopped')
  })

  it('is ended by force when it does not stop', async () => {
    const here = lab()
    const id = await here.add(9)
    const { store, queue, home } = here
    const supervisor = createSupervisor({
      store,
      queue,
      command: () => fakeWorker(home, { FAKE_DATA_MS: '60000' }),
      graceMs: 300,
    })
    open.push(supervisor)
    await supervisor.start()
    await until('it prepares', () => readLive(store.files(id).folder)?.detail === 'data')
    await stopRun(store, queue, id, 'now')
    await ends(here, id)
    expect(status(here, id)).toBe('interrupted')
    await until('it is known how', () => /SIGKILL/.test(store.summary(id).problem?.message ?? ''))
  })
})

describe('failures', () => {
  it('of a run are recorded with cause and advice, and the queue goes on', async () => {
    const here = lab()
    const bad = await here.add(1)
    const after = await here.add(2)
    await supervise(here, { FAKE_FAIL_AT: '30' })
    await ends(here, bad)
    expect(here.store.read(bad).problem).toMatchObject({
      code: 'non-finite',
      hint: expect.stringMatching(/learning rate/),
    })
    await ends(here, after)
    expect(status(here, after)).toBe('failed')
  })

  it('for want of memory are told in words of the network, and the next run trains', async () => {
    const here = lab()
    const [full, after] = [await here.add(1), await here.add(2)]
    const isFirst = () => status(here, full) === 'queued'
    const command = () => fakeWorker(here.home, isFirst() ? { FAKE_MEMORY_FULL_AT: '30' } : {})
    const supervisor = createSupervisor({ store: here.store, queue: here.queue, command })
    open.push(supervisor)
    await supervisor.start()
    await ends(here, full)
    expect(here.store.read(full)).toMatchObject({
      status: 'failed',
      problem: {
        code: 'out-of-memory',
        message: expect.stringMatching(
          /1048576 × 1048576 float .*The largest tensor of the network: weights w/,
        ),
      },
    })
    await ends(here, after)
    expect(status(here, after)).toBe('finished')
  })

  it('of the whole process are failures of the run, with its last words', async () => {
    const here = lab()
    const id = await here.add(1)
    await supervise(here, { FAKE_CRASH_AT: '30' })
    await until('it failed', () => status(here, id) === 'failed')
    expect(here.store.read(id).problem).toMatchObject({
      code: 'engine-failed',
      message: expect.stringMatching(
        /SIGABRT\. Last sign of life \d+\.\d s before its end: \w+.*, epoch \d of 4/,
      ),
    })
  })

  it('of what a worker needs to start are told, and the run is tried again', async () => {
    const here = lab()
    const id = await here.add(1)
    const said: string[] = []
    let asked = 0
    const command = () =>
      ++asked === 1 ? Promise.reject(new Error('the driver hangs')) : Promise.resolve(fakeWorker(here.home))
    const supervisor = createSupervisor({ ...here, command, log: (text) => said.push(text) })
    open.push(supervisor)
    await supervisor.start().catch((error: unknown) => said.push(String(error)))
    await supervisor.tick()
    await ends(here, id)
    expect(said.join()).toContain('the driver hangs')
    expect(status(here, id)).toBe('finished')
  })

  it('of a worker that cannot even start do not block the queue', async () => {
    const here = lab()
    const id = await here.add(1)
    const command = { ...fakeWorker(here.home), args: [join(here.home, 'no-such-worker.js')] }
    const supervisor = createSupervisor({ store: here.store, queue: here.queue, command: () => command })
    open.push(supervisor)
    await supervisor.start()
    await until('it failed', () => status(here, id) === 'failed')
    await until('the queue is empty', () => here.queue.read().waiting.length === 0)
    expect(here.store.read(id).problem?.message).toMatch(/no-such-worker/)
  })

  it.runIf(process.platform === 'linux')(
    'of a full disk are named, and what was written before stays',
    async () => {
      const here = lab()
      const id = await here.add(1)
      symlinkSync('/dev/full', here.store.files(id).events)
      await supervise(here)
      await ends(here, id)
      expect(here.store.read(id)).toMatchObject({ status: 'failed', problem: { code: 'disk-full' } })
      rmSync(here.store.files(id).events)
      await requeueRun(here.store, here.queue, id, 'retry')
      await until('it is finished', () => status(here, id) === 'finished')
    },
  )

  it('to find the same data again are named', async () => {
    const here = lab()
    const describeData = () =>
      Promise.resolve({ fingerprint: 'other', items: [], shapes: null, problems: [] })
    const { id } = await createRun({ ...here.create, describeData }, smallConfig(1))
    await supervise(here)
    await ends(here, id)
    expect(here.store.read(id).problem).toMatchObject({ code: 'data-changed' })
  })
})

describe('the queue', () => {
  it('starts one run at a time, in order, and not while paused', async () => {
    const here = lab()
    const [a, b] = [await here.add(1), await here.add(2)]
    await here.queue.prioritise(b, 5)
    await here.queue.setPaused(true)
    const supervisor = await supervise(here, { FAKE_EPOCHS: '1' })
    await supervisor.tick()
    expect([status(here, a), status(here, b)]).toEqual(['queued', 'queued'])
    await here.queue.setPaused(false)
    await ends(here, a)
    const [first, second] = [here.store.read(b), here.store.read(a)]
    expect(first.endedAt).toBeLessThanOrEqual(second.startedAt ?? 0)
  })

  it('goes on after a restart: a worker that outlived its supervisor is counted, not started twice', async () => {
    const here = lab()
    const [a, b] = [await here.add(1), await here.add(2)]
    const first = await supervise(here, slow)
    await until('the first works', () => status(here, a) === 'running')
    const pid = workerOf(here, a)
    await first.close()
    const second = await supervise(here, { FAKE_EPOCHS: '1' })
    await second.tick()
    expect(workerOf(here, a)).toBe(pid)
    expect(status(here, b)).toBe('queued')
    await ends(here, a)
    await ends(here, b)
    expect([here.store.read(a).segment, here.store.read(b).segment]).toEqual([1, 1])
  })

  it('returns a run exactly once when its supervisor died between claim and start', async () => {
    const here = lab()
    const id = await here.add(1)
    // A process claims the run as a supervisor does, and dies at once.
    const script = `
      import { mkdirSync } from 'node:fs'
      import { tryLock } from ${JSON.stringify(join(import.meta.dirname, '../../../../../src-main/disk/file-lock.ts'))}
      mkdirSync(${JSON.stringify(here.store.layout.claims)}, { recursive: true })
      if (tryLock(${JSON.stringify(join(here.store.layout.claims, id))}) === null) process.exit(3)
      process.kill(process.pid, 'SIGKILL')`
    const file = join(here.home, 'claim.ts')
    writeFileSync(file, script)
    expect(spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), file]).signal).toBe('SIGKILL')
    await supervise(here)
    await ends(here, id)
    expect(here.store.read(id)).toMatchObject({ status: 'finished', segment: 1 })
  })

  it('is found again from the runs when its file is damaged or gone', async () => {
    const here = lab()
    const [a, b] = [await here.add(1), await here.add(2)]
    writeFileSync(here.store.layout.queue, '{"format": 1, "wai')
    expect((await here.queue.reconcile()).waiting.map(({ id }) => id)).toEqual([a, b])
    rmSync(here.store.layout.queue)
    expect((await openRunQueue(here.store).reconcile()).waiting.map(({ id }) => id)).toEqual([a, b])
  })

  it('is not held up by a run that cannot be read, which keeps its place', async () => {
    const here = lab()
    const [damaged, next] = [await here.add(1), await here.add(2)]
    const { record } = here.store.files(damaged)
    const whole = readFileSync(record)
    writeFileSync(record, 'garbled')
    await supervise(here, { FAKE_EPOCHS: '1' })
    await ends(here, next)
    expect(here.queue.read().waiting.map(({ id }) => id)).toContain(damaged)
    writeFileSync(record, whole)
    await ends(here, damaged)
  })

  it('takes back a run that lost its place, when it is asked for again', async () => {
    const here = lab()
    const id = await here.add(1)
    await here.queue.remove(id)
    expect(await here.add(1)).toBe(id)
    expect(here.queue.read().waiting.map((entry) => entry.id)).toEqual([id])
  })

  it('is worked on by one of several processes only', async () => {
    const here = lab()
    const first = await supervise(here)
    const other = createSupervisor({
      store: here.store,
      queue: here.queue,
      command: () => fakeWorker(here.home),
    })
    await other.start()
    expect([first.isActive(), other.isActive()]).toEqual([true, false])
    await first.close()
    await other.tick()
    expect(other.isActive()).toBe(true)
    await other.close()
  })

  it('lets only one worker have a run', async () => {
    const here = lab()
    const id = await here.add(1)
    const held = tryLock(here.store.files(id).lock)
    const { args, env } = fakeWorker(here.home)
    const worker = spawnSync(process.execPath, [...args, 'run', id], { env: { ...process.env, ...env } })
    expect(worker.status).toBe(75)
    expect(status(here, id)).toBe('queued')
    held?.release()
  })
})
