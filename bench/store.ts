/** How fast the store takes in and gives back numbers of runs, in this process; a part of `npm run bench:ui`. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { homeLayout } from '../src-main/disk/home-layout.ts'
import { curvesOfRun } from '../src-main/runs/curves/curves-of-run.ts'
import { openEventWriter } from '../src-main/store/history/event-writer.ts'
import { openHistory } from '../src-main/store/history/run-history.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { createRng } from '../src-shared/util/rng.ts'

/** One number with what it should be. */
export interface Measured {
  readonly what: string
  readonly value: number
  readonly unit: 'ms' | 's' | 'points/s'
  readonly target: number
  /** Seconds of the processor, which say more than those of the clock on a machine with other work. */
  readonly cpuSeconds: number
}

const ROUNDS = 5

export interface Cost {
  readonly ms: number
  readonly cpuSeconds: number
}

/** The least of several rounds: other programs only ever make it longer. */
export async function least(work: () => unknown, rounds = ROUNDS): Promise<Cost> {
  let best = { ms: Infinity, cpuSeconds: Infinity }
  for (let round = 0; round < rounds; round++) {
    const cpu = process.cpuUsage()
    const began = performance.now()
    await work()
    const ms = performance.now() - began
    const { user, system } = process.cpuUsage(cpu)
    best = { ms: Math.min(best.ms, ms), cpuSeconds: Math.min(best.cpuSeconds, (user + system) / 1e6) }
  }
  return best
}

const POINTS = 1_000_000
const CURVE_KEY = 'Training/v1/loss'
const WINDOW_POINTS = 800
const SMOOTHING = 0.6

/** A log of `POINTS` steps with one value each, made-up; gives its path. */
function writeLog(folder: string): string {
  const path = join(folder, 'events.jsonl')
  const rng = createRng(1)
  const writer = openEventWriter(path)
  for (let step = 1; step <= POINTS; step++) {
    const values = { [CURVE_KEY]: 2 * Math.exp(-step / POINTS) + 0.1 * rng.normal() }
    writer.add({
      kind: 'metrics',
      segment: 1,
      at: step * 10,
      step,
      epoch: step / 1e4,
      images: step * 64,
      values,
    })
    if (step % 10_000 === 0) writer.flush()
  }
  writer.close()
  return path
}

/** Events from a worker to the log and from the log to columns, and a look at a part of a very long curve. */
export async function measureSeries(): Promise<Measured[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cotrain-bench-'))
  const rate = ({ ms, cpuSeconds }: { ms: number; cpuSeconds: number }) =>
    ({ value: POINTS / (ms / 1000), unit: 'points/s', target: 100_000, cpuSeconds }) as const
  try {
    const stored = join(folder, 'series.bin')
    const events = join(folder, 'events.jsonl')
    const written = await least(() => {
      rmSync(events, { force: true })
      writeLog(folder)
    }, 2)
    const read = await least(() => {
      rmSync(stored, { force: true })
      openHistory(events, stored).read()
    }, 2)
    const look = (from: number | undefined, to: number | undefined, smoothing: number) =>
      least(() =>
        curvesOfRun(openHistory(events, stored), {
          id: 'long',
          keys: [CURVE_KEY],
          request: {
            points: WINDOW_POINTS,
            from,
            to,
            along: 'step',
            places: ['step'],
            smoothing,
            reduce: 'extremes',
          },
        }),
      )
    const window = (what: string, { ms, cpuSeconds }: { ms: number; cpuSeconds: number }): Measured => ({
      what: `a curve of ${POINTS.toLocaleString('en')} points: ${what}`,
      value: ms,
      unit: 'ms',
      target: 50,
      cpuSeconds,
    })
    return [
      { what: 'events into the log', ...rate(written) },
      { what: 'events from the log into columns', ...rate(read) },
      window('the whole', await look(undefined, undefined, 0)),
      window('a tenth of it', await look(450_000, 550_000, 0)),
      window('a tenth of it, smoothed over all points', await look(450_000, 550_000, SMOOTHING)),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Listing very many runs: copies of the folders of a home under other ids. Cold is a store that was just opened, without an index and
 * with one; warm is any later look of the same store, the one that looks into every folder included.
 */
export async function measureList(from: string, count: number): Promise<Measured[]> {
  const home = mkdtempSync(join(tmpdir(), 'cotrain-bench-'))
  const open = () => openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const row = (
    what: string,
    target: number,
    { ms, cpuSeconds }: { ms: number; cpuSeconds: number },
  ): Measured => ({
    what: `list of ${count.toLocaleString('en')} runs: ${what}`,
    value: ms,
    unit: 'ms',
    target,
    cpuSeconds,
  })
  try {
    copyRuns(from, home, count)
    const noIndex = await least(() => {
      rmSync(homeLayout(home).index, { recursive: true, force: true })
      return open().list()
    }, 2)
    const withIndex = await least(() => open().list(), 3)
    const store = open()
    if (store.list().total !== count) throw new Error(`the home has ${store.list().total} runs, not ${count}`)
    const warm = await least(() => store.list())
    const full = await least(async () => {
      await new Promise((done) => setTimeout(done, FULL_LOOK_MS))
      store.list()
    }, 1)
    return [
      row('cold, no index', 2_000, noIndex),
      row('cold, first look with the index', 2_000, withIndex),
      row('warm', 100, warm),
      row('warm, after half a minute', 100, { ...full, ms: full.ms - FULL_LOOK_MS }),
    ]
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** After so long a store looks into every folder again. */
const FULL_LOOK_MS = 30_500

/** What a list is made from, once for each id. */
export function copyRuns(from: string, home: string, count: number): void {
  const [source, target] = [homeLayout(from).runs, homeLayout(home).runs]
  const originals = readdirSync(source)
  for (let i = 0; i < count; i++) {
    const original = originals[i % originals.length] ?? ''
    const id = createHash('sha256').update(`${original} ${i}`).digest('hex')
    mkdirSync(join(target, id), { recursive: true })
    for (const name of readdirSync(join(source, original))) {
      const file = join(source, original, name)
      if (!statSync(file).isFile() || !name.endsWith('.json')) continue
      if (name === 'run.json') {
        const record = JSON.parse(readFileSync(file, 'utf8')) as object // written by the store
        writeFileSync(join(target, id, name), JSON.stringify({ ...record, id }))
      } else cpSync(file, join(target, id, name))
    }
  }
}
