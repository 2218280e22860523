import { availableParallelism } from 'node:os'
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { statSync } from 'node:fs'
import type { Curve } from '../../../src-shared/contract/run.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import { STORE_FROM_BYTES } from '../../store/history/run-history.ts'
import type { RunStore } from '../../store/run-store.ts'
import { hasSeries } from '../../store/history/series-file.ts'
import { entryBeside } from '../../process/entries.ts'
import type { ThreadPool } from '../../process/thread-pool.ts'
import { createThreadPool } from '../../process/thread-pool.ts'
import type { CurveJob } from './curve-worker.ts'
import { curvesOfRun } from './curves-of-run.ts'
import type { CurveRequest } from './thin-curve.ts'

/** More would only wait for the disk. */
const MOST_THREADS = 3
/** The first seconds belong to the interface. */
const FILL_AFTER_MS = 4_000
const FILL_PAUSE_MS = 20
/** Runs that were copied here or have ended since. */
const FILL_AGAIN_MS = 30_000

/** Reads curves without keeping the service: long logs in threads, short ones with pauses. */
export interface CurveReader {
  read(ids: readonly string[], keys: readonly string[], request: CurveRequest): Promise<Curve[]>
  /** Makes sure that reading the history of a run does not mean parsing a long log. */
  prepare(id: string): Promise<void>
  /** From now on stores in the background the columns of runs that have none, one run at a time. */
  fill(): void
  close(): Promise<void>
}

export function createCurveReader(
  store: RunStore,
  log: (text: string) => void = () => undefined,
): CurveReader {
  const pool = curvePool()
  const stop = new AbortController()
  const place = (id: string) => {
    const { events, lock } = store.files(id)
    const bytes = sizeOf(events) ?? 0
    // A run at work is followed in this process, which has read most of its log already.
    const isLong = bytes >= STORE_FROM_BYTES && sizeOf(lock) === null
    return { events, bytes, stored: join(store.layout.series, `${id}.bin`), isLong }
  }
  /** Logs being parsed: several charts ask for the same run at once. */
  const preparing = new Map<string, Promise<unknown>>()
  const prepare = async (id: string): Promise<void> => {
    const { events, stored, bytes, isLong } = place(id)
    if (!isLong || hasSeries(stored, bytes)) return
    const known = preparing.get(id)
    const work = known ?? pool.run({ events, stored, wanted: null }).finally(() => preparing.delete(id))
    if (known === undefined) preparing.set(id, work)
    await work
  }
  const readOne = async (
    id: string,
    keys: readonly string[],
    request: CurveRequest,
  ): Promise<readonly Curve[]> => {
    const { events, stored, isLong } = place(id)
    const wanted = { id, keys, request }
    if (!isLong) {
      await setImmediate()
      return curvesOfRun(store.history(id), wanted)
    }
    await prepare(id)
    return pool.run({ events, stored, wanted })
  }
  const fill = async (): Promise<void> => {
    const { signal } = stop
    const seen = new Set<string>()
    for (let wait = FILL_AFTER_MS; ; wait = FILL_AGAIN_MS) {
      await pause(wait, undefined, { ref: false, signal })
      for (const { id, readable, status } of store.list().runs) {
        if (!readable || LIVE.has(status) || seen.has(id)) continue
        seen.add(id)
        await prepare(id).catch((error: unknown) => log(`curves of ${id}: ${String(error)}`))
        await pause(FILL_PAUSE_MS, undefined, { ref: false, signal })
      }
    }
  }
  return {
    read: async (ids, keys, request) =>
      (await Promise.all(ids.map((id) => readOne(id, keys, request)))).flat(),
    prepare,
    fill: () =>
      void fill().catch((error: unknown) => !stop.signal.aborted && log(`curves: ${String(error)}`)),
    close: async () => {
      stop.abort()
      await pool.close()
    },
  }
}

const sizeOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.size ?? null

const curvePool = (): ThreadPool<CurveJob, Curve[]> =>
  createThreadPool({
    entry: entryBeside(import.meta.url, './curve-worker.ts'),
    threads: Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1)),
    doing: 'Reading curves',
  })
