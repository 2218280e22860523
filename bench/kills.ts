/**
 * Kills training workers with SIGKILL at random moments and looks at what is left:
 *
 *   node --import tsx bench/kills.ts [--kills 200] [--seed 1] [--engine native|wasm]
 *
 * One small run after the other is started and killed, 0 to 5 s after its worker took the run, until it finishes; then
 * the next seed follows. After each kill the run list must show every run as readable and none as alive. Each finished
 * run is compared byte for byte with an undisturbed repeat of the same config. Also prints how much of the log was lost:
 * the time between the last line that is whole and the kill.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { LIVE } from '../src-shared/contract/run.ts'
import { writeFileAtomic } from '../src-main/disk/atomic-write.ts'
import { readEvents } from '../src-main/store/history/event-reader.ts'
import { lockHolder } from '../src-main/disk/file-lock.ts'
import { runLayout } from '../src-main/store/files/layout.ts'
import { isAlive } from '../src-main/disk/process-identity.ts'
import { readRecord } from '../src-main/store/files/run-folder.ts'
import { openRunStore } from '../src-main/store/run-store.ts'
import { createRng } from '../src-shared/util/rng.ts'
import { makeHome } from '../test/e2e/served-app.ts'
import { smallNeuralYaml } from '../test/support/small-neural-yaml.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    engine: { type: 'string', default: 'native' },
  },
})
const WANTED = Number(values.kills)
const LATEST_MS = 5_000
const START_MS = 60_000
const POLL_MS = 20
/** So many that most runs are killed several times. */
const EPOCHS = 30
const root = join(import.meta.dirname, '..')
const home = makeHome(join(mkdtempSync(join(tmpdir(), 'cotrain-kills-')), 'home'))
const env = { ...process.env, COTRAIN_HOME: home, COTRAIN_ENGINE: values.engine, TF_NUM_INTRAOP_THREADS: '1' }
const files = (id: string) => runLayout(join(home, 'runs', id))
const rng = createRng(Number(values.seed)).fork('kills')

function ask<T>(...args: string[]): T {
  const command = [join(root, 'scripts/cotrain.mjs'), ...args, '--json']
  const done = spawnSync(process.execPath, command, { cwd: home, env, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${args.join(' ')}: ${done.stdout}${done.stderr}`)
  return JSON.parse(done.stdout) as T
}

const count = { kills: 0, unreadable: 0, alive: 0, damaged: 0, finished: 0, different: 0 }
const lost: number[] = []
/** Status shown after each kill -> how often. A run killed before its first record waits in the queue again. */
const left = new Map<string, number>()

/** The living process that holds the run; the lock of a killed one stays behind. */
function workerOf(id: string): number | null {
  const holder = lockHolder(files(id).lock)
  return holder !== null && isAlive(holder) === true ? holder.pid : null
}

/** Lets the terminal work on the queue and kills the worker; true when the run finished before. */
async function killOnce(id: string): Promise<boolean> {
  const isWaiting = readRecord(files(id).folder).status === 'queued'
  const words = isWaiting ? ['queue', 'work'] : ['resume', id]
  const work = spawn(process.execPath, [join(root, 'scripts/cotrain.mjs'), ...words], {
    cwd: home,
    env,
    stdio: 'ignore',
  })
  const ended = once(work, 'exit')
  const end = Date.now() + START_MS
  while (workerOf(id) === null && work.exitCode === null && Date.now() < end) await sleep(POLL_MS)
  await sleep(rng.uniform() * LATEST_MS)
  const worker = workerOf(id)
  const at = Date.now()
  if (worker !== null) {
    process.kill(worker, 'SIGKILL')
    count.kills += 1
  }
  await ended
  inspect(id, worker === null ? null : at)
  return readRecord(files(id).folder).status === 'finished'
}

/** Every run must be there, readable and at rest. */
function inspect(id: string, killedAt: number | null): void {
  const store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  const { runs } = store.list()
  store.close()
  const mine = runs.find((run) => run.id === id)
  if (mine === undefined) count.unreadable += 1
  else if (LIVE.has(mine.status)) count.alive += 1
  left.set(mine?.status ?? 'missing', (left.get(mine?.status ?? 'missing') ?? 0) + 1)
  const { events, bad } = readEvents(files(id).events)
  count.damaged += bad
  const { segment } = readRecord(files(id).folder)
  const now = events.filter((event) => event.segment === segment)
  const last = now.findLast((event) => event.kind === 'metrics')
  if (killedAt !== null && last !== undefined && isTraining(now)) lost.push(killedAt - last.at)
}

/** The last thing that the log says belongs to training, not to start-up or evaluation. */
const isTraining = (events: ReturnType<typeof readEvents>['events']): boolean =>
  events.at(-1)?.kind === 'metrics'

/** The numbers of a weights file without its header, which names the run. */
const numbersOf = (id: string): string => {
  const file = readFileSync(files(id).weights)
  return file.subarray(8 + Number(file.readBigUInt64LE(0))).toString('base64')
}

for (let seed = 1; count.kills < WANTED; seed++) {
  writeFileSync(join(home, 'config.yaml'), smallNeuralYaml({ epochs: EPOCHS, seed }))
  const [run] = ask<{ id: string }[]>('run', 'config.yaml', '--no-wait')
  const id = run?.id ?? ''
  let attempts = 1
  while (!(await killOnce(id))) attempts += 1
  const [repeat] = ask<{ id: string; status: string }[]>('run', 'config.yaml', '--force')
  count.finished += 1
  if (!existsSync(files(id).weights) || numbersOf(id) !== numbersOf(repeat?.id ?? '')) count.different += 1
  console.log(
    `seed ${seed}: finished after ${attempts} starts; ${JSON.stringify({ ...count, left: Object.fromEntries(left) })}`,
  )
}
lost.sort((a, b) => a - b)
const at = (share: number): number =>
  lost[Math.min(lost.length - 1, Math.floor(share * lost.length))] ?? Number.NaN
console.log(
  `metrics lost in ${lost.length} kills during training: median ${at(0.5)} ms, 95 % ${at(0.95)} ms, most ${at(1)} ms`,
)
rmSync(join(home, '..'), { recursive: true, force: true })
