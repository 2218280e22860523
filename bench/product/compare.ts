/**
 * The product beside PyTorch and TensorFlow's graph mode, the same arithmetic in each: docs/performance.md says what the cases are.
 *
 *   npm run bench -- --torch <python> --tensorflow <python> [--only vgg-cotrain,demo] [--rounds 5] [--threads 1,2]
 *                    [--formats float32,bfloat16,wasm] [--setting <of PyTorch, instead of trying>] [--unchecked]
 *                    [--out file.json] [--quick]
 *
 * Contenders take turns, a round each, in processes that live for the whole case. Prints a table a case; there is no judgement.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Case } from './cases.ts'
import { caseOf, CASES } from './cases.ts'
import type { Job, Ready, Round } from './contender.ts'
import { FILES } from './jpeg-files.ts'
import type { Measured } from './report.ts'
import { difference, OURS, speedUp, summary, table } from './report.ts'
import type { Command, Running } from './start-contender.ts'
import { startContender } from './start-contender.ts'

const { values } = parseArgs({
  options: {
    torch: { type: 'string' },
    tensorflow: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    threads: { type: 'string', default: '1,2' },
    formats: { type: 'string', default: 'float32,bfloat16,wasm' },
    setting: { type: 'string' },
    unchecked: { type: 'boolean', default: false },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})

const rounds = Number(values.rounds ?? (values.quick ? 1 : 5))
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
// Built as a worker of the product is: a compiler in its process would count among its memory.
execFileSync(process.execPath, [here('../../scripts/build.mjs'), '--bench'])
const OWN: Command = [process.execPath, here('../../out/bench/ours.js')]

/** A contender that can be started: its command, or why there is none. */
interface Side {
  readonly name: string
  readonly command: Command | string
}

const python = (name: string, option: 'torch' | 'tensorflow'): Side => {
  const given = values[option]
  const command: Command | string =
    given === undefined ? `no --${option} <python> was given` : [given, here(`../${option}/contender.py`)]
  return { name, command }
}

const formats = values.formats.split(',')
/** Of every package that was measured. */
const versions: Record<string, string> = {}

const SIDES: readonly Side[] = [
  python('PyTorch', 'torch'),
  python('TensorFlow graph', 'tensorflow'),
  { name: OURS, command: OWN },
]

/** Contenders of a case in the order of their turns: every format and engine that it asks for. */
function* entriesOf({ also }: Case): Generator<{ side: Side; format: string; engine: string }> {
  for (const format of ['float32', 'bfloat16'] as const) {
    if (!formats.includes(format) || !(format === 'float32' || also.includes(format))) continue
    for (const side of SIDES) yield { side, format, engine: 'native' }
  }
  if (formats.includes('wasm') && also.includes('wasm'))
    yield { side: { name: `${OURS}, wasm`, command: OWN }, format: 'float32', engine: 'wasm' }
}

/** Asks a contender one question: it starts, answers and ends. A failure is an answer too. */
async function once(command: Command, job: Job): Promise<Ready | string> {
  try {
    const running = await startContender(command, job)
    await running.end()
    return running.first.skipped ?? running.first
  } catch (error) {
    return String(error)
  }
}

/** Steps of a check. */
const CHECKED = [0, 1, 2]
const stepOf = (losses: readonly number[], step: number): readonly number[] =>
  losses.slice((step * losses.length) / CHECKED.length, ((step + 1) * losses.length) / CHECKED.length)

/** Losses of the first steps without random draws on each side: the proof that all compute the same. */
async function checked(job: Job): Promise<Readonly<Record<string, unknown>>> {
  const own = await once(OWN, { ...job, mode: 'check' })
  if (typeof own === 'string') throw new Error(own)
  const sides: Record<string, unknown> = { [OURS]: { parameters: own.parameters, losses: own.losses } }
  for (const { name, command } of SIDES) {
    if (values.unchecked || typeof command === 'string' || command === OWN) continue
    const other = await once(command, { ...job, mode: 'check' })
    if (typeof other === 'string') {
      sides[name] = other
      continue
    }
    const { parameters, losses = [] } = other
    const off = CHECKED.map((step) => difference(stepOf(own.losses ?? [], step), stepOf(losses, step)))
    sides[name] = { parameters, losses, off }
    const told = off.map((one) => one?.toExponential(1) ?? 'other batches').join(', ')
    console.log(
      `beside ${name}: ${own.parameters} and ${parameters} parameters; losses of three steps differ by ${told}`,
    )
  }
  return sides
}

interface Contender {
  readonly entry: {
    readonly name: string
    readonly format: string
    readonly setting: string
    readonly note?: string
  }
  readonly running: Running | null
  /** Its rounds so far, or why there are none. */
  outcome: readonly Round[] | string
}

async function start(entry: { side: Side; format: string; engine: string }, job: Job): Promise<Contender> {
  const { side, format, engine } = entry
  const named = { name: side.name, format, setting: '' }
  const failed = (reason: string): Contender => ({ entry: named, running: null, outcome: reason })
  if (typeof side.command === 'string') return failed(side.command)
  const mine = { ...job, format, engine }
  try {
    const isTuned = side.name === 'PyTorch' && values.setting === undefined
    const tuned = isTuned ? await once(side.command, { ...mine, mode: 'tune' }) : null
    if (typeof tuned === 'string') return failed(tuned)
    const running = await startContender(side.command, {
      ...mine,
      setting: tuned?.setting ?? values.setting ?? '',
    })
    const { setting, skipped } = running.first
    Object.assign(versions, running.first.versions)
    const entry = { ...named, setting, ...(tuned?.note !== undefined && { note: tuned.note }) }
    return skipped === undefined ? { entry, running, outcome: [] } : failed(skipped)
  } catch (error) {
    return failed(String(error))
  }
}

/** One round; a contender that fails in it is out. */
async function takeTurn(contender: Contender): Promise<void> {
  const { running, outcome } = contender
  if (running === null || typeof outcome === 'string') return
  try {
    contender.outcome = [...outcome, await running.round()]
  } catch (error) {
    contender.outcome = String(error)
  }
}

/** One case with so many threads: contenders take turns. */
async function compare(one: Case, job: Job) {
  const contenders: Contender[] = []
  for (const entry of entriesOf(one)) contenders.push(await start(entry, job))
  const load = loadavg()
  for (let i = 0; i < rounds; i++) for (const contender of contenders) await takeTurn(contender)
  for (const { running } of contenders) await running?.end()
  const measured = contenders.map(({ entry, outcome }): Measured => ({ ...entry, outcome }))
  console.log(`\n${one.name}, ${job.threads} thread${job.threads === 1 ? '' : 's'}: ${one.what}\n`)
  console.log(table(measured, job.steps))
  for (const { name, format, note } of measured)
    if (note !== undefined) console.log(`${name}, ${format}, settings tried: ${note}`)
  return {
    threads: job.threads,
    steps: job.steps,
    load,
    contenders: measured.map((m) => withRatios(m, measured, job)),
  }
}

function withRatios(one: Measured, all: readonly Measured[], { steps }: Job) {
  const ratios = Object.fromEntries(
    all.map((other) => [`${other.name}, ${other.format}`, speedUp(one.outcome, other.outcome)]),
  )
  if (typeof one.outcome === 'string') return { ...one, skipped: one.outcome }
  return { ...one, ...summary(one.outcome, steps), ratios }
}

async function main(): Promise<void> {
  const chosen = values.only === undefined ? CASES : values.only.split(',').map(caseOf)
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryMiB: Math.round(totalmem() / 2 ** 20),
    os: `${platform()} ${release()}`,
  }
  const cases = []
  for (const one of chosen) {
    const folder = mkdtempSync(join(tmpdir(), 'cotrain-bench-'))
    try {
      const steps = values.quick ? 1 : one.steps
      const common = {
        case: one.name,
        kind: one.kind,
        format: 'float32',
        engine: 'native',
        setting: '',
        steps,
        folder,
        images: FILES.trained,
      }
      const counts = values.threads.split(',').map(Number)
      const jobs = counts.map((threads): Job => ({ ...common, threads, mode: 'time', quick: values.quick }))
      const [first] = jobs
      if (first === undefined) throw new RangeError('--threads names none')
      const same = one.kind === 'corruptions' ? {} : await checked({ ...first, threads: Math.max(...counts) })
      const tables = []
      for (const job of jobs) tables.push(await compare(one, job))
      cases.push({ case: one.name, what: one.what, same, tables })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const report = {
    date: new Date().toISOString(),
    machine,
    versions,
    rounds,
    quick: values.quick,
    cases,
  }
  console.log(
    `\n${machine.cpu}, ${machine.cores} cores; ${JSON.stringify(versions)}; load ${loadavg().join(' ')}`,
  )
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`)
}

await main()
