import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DoctorReport } from '../../src-shared/contract/doctor.ts'
import { proofLine } from '../../src-shared/contract/engine-proof.ts'
import { isAlive } from '../../src-main/disk/process-identity.ts'
import { lockHolder } from '../../src-main/disk/file-lock.ts'
import { byRoom, computeDevices } from '../../src-main/io/native/devices/compute-devices.ts'
import { workerVariables } from '../../src-main/io/native/devices/worker-variables.ts'
import type { BenchReport } from '../../src-main/runs/bench/bench-report.ts'
import { reportText as benchText } from '../../src-main/runs/bench/bench-report.ts'
import { sizedConfig } from '../../src-main/runs/demo/demo-configs.ts'
import { runLayout } from '../../src-main/store/files/layout.ts'
import { readRecord } from '../../src-main/store/files/run-folder.ts'
import type { Ended } from './limited.ts'
import { runLimited } from './limited.ts'
import type { CheckResult, CheckWish, StepName } from './plan.ts'
import { resumeVerdict, setUpWords } from './plan.ts'

const root = join(import.meta.dirname, '../..')
const CONFIG = 'check.yaml'
const KERNELS = '--areas=cores,readouts,losses,optimizers,cotraining'
const POLL_MS = 20
/** Some seconds of training on two cores, with three checkpoints. */
const SIZE = {
  name: 'quick',
  trainSubset: 0.05,
  validSubset: 0.25,
  epochs: 3,
  neuralImages: 1000,
  testSubset: 0.1,
  flySubset: 0.02,
  width: 0.125,
} as const

/** What the steps share: a home of their own, and what was found so far. */
export interface Bench {
  readonly wish: CheckWish
  readonly home: string
  doctor: DoctorReport | null
  /** The undisturbed run. */
  runId: string
}

type Found = Pick<CheckResult, 'outcome' | 'detail' | 'more'>
type Work = (bench: Bench, seconds: number) => Promise<Found>

export const WORK: Readonly<Record<StepName, Work>> = {
  build: async (bench, seconds) => {
    const done = await node(bench, seconds, join(root, 'scripts/build.mjs'), '--main', '--if-stale')
    return verdict(done, 'built.')
  },
  'set up': setUp,
  proof,
  golden,
  training,
  'kill and resume': killAndResume,
  bench: async (bench, seconds) => {
    const done = await cotrain(bench, seconds, 'bench', '--quick', '--engine', bench.wish.engine)
    if (done.code !== 0) return verdict(done, '')
    const report = JSON.parse(done.out) as BenchReport
    const [first] = report.rows
    if (first === undefined || first.imagesPerSecond === null)
      return { outcome: 'failed', detail: first?.problem ?? 'nothing was measured.', more: benchText(report) }
    const detail = `co-training at ${first.imagesPerSecond.toFixed(0)} images/s on ${first.device}.`
    return { outcome: 'passed', detail, more: benchText(report) }
  },
}

async function setUp(bench: Bench, seconds: number): Promise<Found> {
  const { wish, home } = bench
  if (wish.isSetUp && wish.from !== null) {
    mkdirSync(join(home, 'engine'), { recursive: true })
    copyFileSync(join(wish.from, 'native.json'), join(home, 'engine', 'native.json'))
    if (wish.keepsProof)
      cpSync(join(wish.from, 'proofs'), join(home, 'engine', 'proofs'), { recursive: true })
    return { outcome: 'passed', detail: `the engine of ${wish.from}.` }
  }
  const words = setUpWords(wish)
  if (words === null) return { outcome: 'passed', detail: `${wish.engine} comes with the packages.` }
  const done = await cotrain(bench, seconds, ...words)
  return verdict(done, 'fetched, unpacked, tried and proved.')
}

/** An engine that was taken over is proved here; one that was set up has been proved by that. */
async function proof(bench: Bench, seconds: number): Promise<Found> {
  const { wish } = bench
  const isProvedHere = wish.isSetUp && !wish.keepsProof
  const done = await cotrain(bench, seconds, 'doctor', ...(isProvedHere ? ['--prove'] : []))
  if (done.code !== 0) return verdict(done, '')
  const report = JSON.parse(done.out) as DoctorReport
  bench.doctor = report
  const { backend, proof: proved } = report
  const wanted = wish.engine === 'gpu' ? 'native' : wish.engine
  const isRight = backend.name === wanted && (wish.engine !== 'gpu' || backend.gpu)
  const what = `${backend.name} on ${backend.device}`
  if (!isRight) return { outcome: 'failed', detail: `${what} computes: ${backend.reason}` }
  if (wanted !== 'native') return { outcome: 'passed', detail: `${what}; only native engines are proved.` }
  if (!proved?.usable) return { outcome: 'failed', detail: proved ? proofLine(proved) : 'no proof was made.' }
  const off = proved.off.map(({ what: part, reason }) => `- switched off: ${part} (${reason})`)
  const detail = `${what}; ${proofLine(proved)} in ${(proved.ms / 1000).toFixed(0)} s${wish.keepsProof ? ', as kept: not proved anew' : ''}.`
  return { outcome: 'passed', detail, ...(off.length > 0 && { more: off.join('\n') }) }
}

async function golden(bench: Bench, seconds: number): Promise<Found> {
  const file = join(bench.home, 'golden.json')
  // What workers get from the service: without it the libraries of a card are not found.
  const [card] = (await computeDevices()).devices.toSorted(byRoom)
  const variables = workerVariables(bench.home, card?.uuid ?? null)
  const env = { ...environment(bench), ...variables, COTRAIN_TEST_COUNTS: file }
  const args = ['--import', import.meta.resolve('tsx'), join(root, 'test/golden/run.ts'), KERNELS]
  const done = await runLimited(process.execPath, args, { env, cwd: root, seconds })
  if (done.isLate) return verdict(done, '')
  const failed = done.out.split('\n').filter((line) => line.startsWith('FAILED'))
  const last = done.out.trim().split('\n').at(-1) ?? ''
  if (done.code !== 0)
    return { outcome: 'failed', detail: `${last}. ${failed[0] ?? ''}`, more: failed.join('\n') }
  const isOnCard = /^golden numbers .* on native on a card /m.test(done.out)
  if (bench.wish.engine === 'gpu' && !isOnCard)
    return { outcome: 'failed', detail: 'the numbers are right, but no card computed them.' }
  return { outcome: 'passed', detail: `${last}.` }
}

async function training(bench: Bench, seconds: number): Promise<Found> {
  const text = readFileSync(join(root, 'configs/demo-cotrained.yaml'), 'utf8')
  const config = sizedConfig('demo-cotrained', text, SIZE, 1000)
  writeFileSync(join(bench.home, CONFIG), JSON.stringify(config)) // JSON is YAML
  const done = await cotrain(bench, seconds, 'run', CONFIG)
  const id = idOf(done)
  if (done.code !== 0 || id === null) return verdict(done, '')
  bench.runId = id
  const { environment: made, scores, seconds: took } = readRecord(filesOf(bench, id).folder)
  if (bench.wish.engine === 'gpu' && made?.gpu !== true)
    return { outcome: 'failed', detail: `it trained on ${made?.device ?? 'nothing'}, not on a card.` }
  const accuracy = Object.entries(scores).find(([key]) =>
    /^FinalTest.*img_classification.*eval$/.test(key),
  )?.[1]
  const score = typeof accuracy === 'number' ? `, ${accuracy.toFixed(1)} % of test digits right` : ''
  return { outcome: 'passed', detail: `trained in ${took.toFixed(1)} s on ${made?.device ?? '?'}${score}.` }
}

async function killAndResume(bench: Bench, seconds: number): Promise<Found> {
  if (bench.runId === '') return { outcome: 'failed', detail: 'there is no undisturbed run to compare with.' }
  const until = performance.now() + 1000 * seconds
  const left = (): number => Math.max(0, (until - performance.now()) / 1000)
  const id = idOf(await cotrain(bench, left(), 'run', CONFIG, '--force', '--no-wait'))
  if (id === null) return { outcome: 'failed', detail: 'the run was not queued.' }
  const working = cotrain(bench, left(), 'queue', 'work')
  const killed = await killWorker(bench, id, left)
  await working
  if (!killed) return { outcome: 'failed', detail: 'it ended before it could be killed.' }
  const resumed = await cotrain(bench, left(), 'resume', id)
  if (resumed.code !== 0) return verdict(resumed, '')
  const [whole, again] = [weightsOf(bench, bench.runId), weightsOf(bench, id)]
  const varying = (bench.doctor?.proof?.faults ?? [])
    .filter(({ kind }) => kind === 'varies')
    .map(({ operation }) => operation)
  const { segment } = readRecord(filesOf(bench, id).folder)
  return resumeVerdict({
    isEqual: whole.equals(again),
    largest: largestDifference(whole, again),
    varying: [...new Set(varying)],
    starts: segment,
  })
}

/** Kills the worker of a run as soon as there is a checkpoint to go on from; false when it ended before. */
async function killWorker(bench: Bench, id: string, left: () => number): Promise<boolean> {
  const { lock, checkpoints, folder } = filesOf(bench, id)
  while (left() > 0 && readRecord(folder).status !== 'finished') {
    const holder = lockHolder(lock)
    const hasCheckpoint =
      existsSync(checkpoints) && readdirSync(checkpoints).some((name) => !name.startsWith('.'))
    if (hasCheckpoint && holder !== null && isAlive(holder) === true) {
      process.kill(holder.pid, 'SIGKILL')
      return true
    }
    await sleep(POLL_MS)
  }
  return false
}

const filesOf = ({ home }: Bench, id: string) => runLayout(join(home, 'runs', id))

/** The numbers of a weights file without its header, which names the run. */
function weightsOf(bench: Bench, id: string): Buffer {
  const file = readFileSync(filesOf(bench, id).weights)
  return file.subarray(8 + Number(file.readBigUInt64LE(0)))
}

function largestDifference(a: Buffer, b: Buffer): number {
  if (a.length !== b.length) return Infinity
  let largest = 0
  for (let at = 0; at + 4 <= a.length; at += 4)
    largest = Math.max(largest, Math.abs(a.readFloatLE(at) - b.readFloatLE(at)))
  return largest
}

const environment = ({ home, wish }: Bench): NodeJS.ProcessEnv => ({
  ...process.env,
  COTRAIN_HOME: home,
  COTRAIN_ENGINE: wish.engine,
})

const node = (bench: Bench, seconds: number, ...args: string[]): Promise<Ended> =>
  runLimited(process.execPath, args, { env: environment(bench), cwd: bench.home, seconds })

const cotrain = (bench: Bench, seconds: number, ...words: string[]): Promise<Ended> =>
  node(bench, seconds, join(root, 'scripts/cotrain.mjs'), ...words, '--json')

function idOf({ code, out }: Ended): string | null {
  if (code !== 0) return null
  const [run] = JSON.parse(out) as { id: string }[] // by `cotrain run --json`
  return run?.id ?? null
}

/** How a command ended, with its last words where it did not end well. */
function verdict({ code, err, isLate }: Ended, good: string): Found {
  if (isLate) return { outcome: 'failed', detail: 'its time was up.' }
  if (code === 0) return { outcome: 'passed', detail: good }
  return { outcome: 'failed', detail: `exit ${code ?? 'by a signal'}: ${err.slice(-400).trim()}` }
}
