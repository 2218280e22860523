/**
 * How the cost of a training step grows with batch, image size, sessions, units and threads, on the product's own path:
 *
 *   node --import tsx bench/step-growth.ts [--only batch,units] [--rounds 3] [--threads 1,2]
 *
 * Each place is a process of its own. The median round counts; milliseconds of the processor hardly depend on what else a machine does.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Round } from './product/contender.ts'
import type { Axis } from './product/grown.ts'
import { AXES } from './product/grown.ts'
import { startContender } from './product/start-contender.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: AXES.map(({ name }) => name).join() },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'cotrain-step-growth-'))
/** Threads that no machine at hand has. */
const MORE_THREADS = [4, 8, 16]
const STEPS = 2

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const middle = (rounds: readonly Round[], of: (round: Round) => number): number =>
  rounds.map(of).toSorted((a, b) => a - b)[rounds.length >> 1]!

async function measured(place: string, threads: number): Promise<readonly Round[]> {
  const running = await startContender(['node', file('../out/bench/ours.js')], {
    ...{ case: place, kind: 'train', format: 'float32', engine: 'native', threads, steps: STEPS },
    ...{ images: 0, folder, mode: 'time', setting: '', quick: false },
  })
  const rounds: Round[] = []
  while (rounds.length < Number(values.rounds)) rounds.push(await running.round())
  await running.end()
  return rounds
}

/** Least squares of y = fixed + slope x, each point by its own share: the small ones count as much as the large. */
function line(points: readonly (readonly [number, number])[]): readonly [fixed: number, slope: number] {
  const sums = { w: 0, x: 0, y: 0, xx: 0, xy: 0 }
  for (const [x, y] of points) {
    const w = 1 / (y * y)
    sums.w += w
    sums.x += w * x
    sums.y += w * y
    sums.xx += w * x * x
    sums.xy += w * x * y
  }
  const slope = (sums.w * sums.xy - sums.x * sums.y) / (sums.w * sums.xx - sums.x ** 2)
  return [(sums.y - slope * sums.x) / sums.w, slope]
}

/** Seconds of a step with more threads, if what one core does alone stays and the rest is shared out evenly. */
function withThreads(seconds: number, cpu: number, threads: number, wanted: number): number {
  const shared = (threads * (cpu - seconds)) / (threads - 1)
  return cpu - shared + shared / wanted
}

async function grow({ name, what, values: places }: Axis, threads: number): Promise<void> {
  const others = threads > 1 ? MORE_THREADS : []
  console.log(`\n${name}: ${what}; ${threads} thread${threads === 1 ? '' : 's'}\n`)
  const head = [name, 'step s', 'CPU ms', `CPU ms per ${name}`, 'cores', 'outside ms', 'peak MiB', ...others.map((n) => `s with ${n} threads`)] // prettier-ignore
  console.log(`| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}`)
  const points: (readonly [number, number])[] = []
  for (const value of places) {
    const rounds = await measured(`${name}=${value}`, threads)
    const seconds = middle(rounds, (one) => one.seconds / STEPS)
    const cpu = middle(rounds, (one) => one.cpu / STEPS)
    const outside = middle(rounds, (one) => (one.seconds - (one.library ?? 0)) / STEPS)
    const size = name === 'pixels' ? value ** 2 / 1000 : value
    points.push([size, 1000 * cpu])
    const cells = [
      value.toLocaleString('en'),
      seconds.toPrecision(3),
      (1000 * cpu).toFixed(0),
      ((1000 * cpu) / size).toPrecision(3),
      (cpu / seconds).toFixed(2),
      (1000 * outside).toFixed(1),
      middle(rounds, (one) => one.peakMiB).toFixed(0),
      ...others.map((wanted) => withThreads(seconds, cpu, threads, wanted).toPrecision(3)),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  const [fixed, slope] = line(points)
  const per = name === 'pixels' ? '1,000 pixels' : name
  console.log(`\nCPU ms = ${fixed.toPrecision(3)} + ${slope.toPrecision(3)} per ${per}`)
}

try {
  execFileSync('node', [file('../scripts/build.mjs'), '--bench'], { stdio: 'inherit' })
  for (const threads of values.threads.split(',').map(Number))
    for (const axis of AXES.filter(({ name }) => values.only.split(',').includes(name)))
      await grow(axis, threads)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
