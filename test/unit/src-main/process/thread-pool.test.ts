import { afterEach, describe, expect, it } from 'vitest'
import type { ThreadPool, ThreadPoolOptions } from '../../../../src-main/process/thread-pool.ts'
import { createThreadPool } from '../../../../src-main/process/thread-pool.ts'
import type { PoolAnswer, PoolJob } from '../../../support/pool-worker.ts'

const entry = new URL('../../../support/pool-worker.ts', import.meta.url)

const open: ThreadPool<PoolJob, PoolAnswer>[] = []
function pool(threads: number, more: Partial<ThreadPoolOptions> = {}): ThreadPool<PoolJob, PoolAnswer> {
  const made = createThreadPool<PoolJob, PoolAnswer>({
    entry,
    threads,
    given: 'I ',
    doing: 'Testing',
    ...more,
  })
  open.push(made)
  return made
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((made) => made.close()))
})

describe('a pool of threads', () => {
  it('does jobs side by side and answers each of them', async () => {
    const made = pool(2)
    const shared = new SharedArrayBuffer(4)
    const [a, b] = await Promise.all([made.run({ say: 'meet', shared }), made.run({ say: 'meet', shared })])
    expect(a.thread).not.toBe(b.thread)
    const said = await Promise.all(['1', '2', '3', '4', '5'].map((say) => made.run({ say })))
    expect(said.map((answer) => answer.said)).toEqual(['I 1', 'I 2', 'I 3', 'I 4', 'I 5'])
    expect(new Set(said.map(({ thread }) => thread)).size).toBeLessThanOrEqual(2)
  })

  it('moves buffers there and back instead of copying them', async () => {
    const bytes = Uint8Array.of(1, 2, 3)
    const answer = await pool(1).run({ say: '', bytes }, [bytes.buffer])
    expect(bytes.byteLength).toBe(0)
    expect([...(answer.bytes ?? [])]).toEqual([1, 2, 3])
  })

  it('hands a thread more than one job only where that is asked', async () => {
    const sent = async (ahead: number): Promise<readonly number[]> => {
      const made = pool(1, { ahead })
      const shared = new SharedArrayBuffer(4)
      const first = made.run({ say: 'wait', shared })
      // A buffer has left this thread when its job was sent.
      const bytes = [1, 2].map(() => Uint8Array.of(1))
      const rest = bytes.map((own) => made.run({ say: '', bytes: own }, [own.buffer]))
      const lengths = bytes.map(({ byteLength }) => byteLength)
      Atomics.store(new Int32Array(shared), 0, 1)
      Atomics.notify(new Int32Array(shared), 0)
      await Promise.all([first, ...rest])
      return lengths
    }
    expect(await sent(1)).toEqual([1, 1])
    expect(await sent(2)).toEqual([0, 1])
  })

  it('goes on after a job that fails and after a thread that dies', async () => {
    const made = pool(1, { ahead: 2 })
    await expect(made.run({ say: 'throw' })).rejects.toMatchObject({
      problems: [{ code: 'file-invalid', path: 'x', message: 'torn.' }],
    })
    const lost = [made.run({ say: 'die' }), made.run({ say: 'lost with it' })]
    const after = made.run({ say: 'on' })
    for (const job of lost) await expect(job).rejects.toThrow('Testing stopped: a thread ended with code 3.')
    expect((await after).said).toBe('I on')
  })

  it('fails what is not finished when it is closed, and takes nothing more', async () => {
    const made = pool(1)
    const shared = new SharedArrayBuffer(4)
    const jobs = [made.run({ say: 'wait', shared }), made.run({ say: 'waiting' })].map((job) =>
      expect(job).rejects.toThrow('Testing stopped: the pool was closed.'),
    )
    await made.close()
    await Promise.all(jobs)
    await expect(made.run({ say: 'late' })).rejects.toThrow('the pool was closed')
  })

  it('says why a thread cannot start', async () => {
    const broken = pool(1, { entry: new URL('./no-such-worker.js', import.meta.url) })
    await expect(broken.run({ say: '' })).rejects.toThrow(/Testing stopped: .*no-such-worker/)
  })
})
