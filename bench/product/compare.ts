/**
 * The product beside PyTorch and TensorFlow's graph mode, the same arithmetic in each: docs/performance.md says what the cases are.
 *
 *   npm run bench -- --torch <python> --tensorflow <python> [--only vgg-cotrain,demo] [--rounds 5] [--threads 1,2]
 *                    [--formats float32,bfloat16,wasm] [--setting <of PyTorch, instead of trying>] [--unchecked]
 *                    [--out file.json] [--quick]
 *
 * Contenders take turns, a round each, in processes that live for the whole case. Prints a table a case; there is no judgement.
 */
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
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1,2' },
    formats: { type: 'string', default: 'float32,bfloat16,wasm' },
    setting: { type: 'string' },
    unchecked: { type: 'boolean', default: false },
    out: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})

const rounds = values.quick ? 1 : Number(values.rounds)
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const OWN: Command = [process.execPath, '--import', 'tsx', here('ours.ts')]

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

/** Losses of the first steps without random draws on each side: the proof that all compute the same. */
async function checked(job: Job): Promise<Readonly<Record<string, unknown>>> {
  const own = await once(OWN, { ...job, mode: 'check' })
  if (typeof own === 'string') throw new Error(own)
  const found: Record<string, unknown> = { [OURS]: { parameters: own.parameters, losses: own.losses } }
  for (const { name, command } of SIDES) {
    if (typeof command === 'string' || command === OWN) continue
    const other = await once(command, { ...job, mode: 'check' })
    const off = typeof other === 'string' ? null : difference(own.losses ?? [], other.losses ?? [])
    found[name] =
      typeof other === 'string' ? other : { parameters: other.parameters, losses: other.losses, off }
    const told =
      typeof other === 'string'
        ? other
        : `${other.parameters} parameters, losses within ${off?.toExponential(1)}`
    console.log(`same arithmetic as ${name}: ${told} (${OURS}: ${own.parameters})`)
  }
  return found
}

interface Contender {
  readonly entry: {
    readonly name: string
    readonly format: string
    readonly setting: string
    readonly note?: string
  }
  readonly running: Running | string
  readonly rounds: Round[]
}

async function start(entry: { side: Side; format: string; engine: string }, job: Job): Promise<Contender> {
  const { side, format, engine } = entry
  const named = { name: side.name, format, setting: '' }
  if (typeof side.command === 'string') return { entry: named, running: side.command, rounds: [] }
  const mine = { ...job, format, engine }
  try {
    const given = values.setting !== undefined && side.name === 'PyTorch'
    const tuned = side.command === OWN || given ? null : await once(side.command, { ...mine, mode: 'tune' })
    if (typeof tuned === 'string') return { entry: named, running: tuned, rounds: [] }
    const running = await startContender(side.command, {
      ...mine,
      setting: tuned?.setting ?? values.setting ?? '',
    })
    const { setting, skipped, versions } = running.first
    Object.assign(found.versions, versions)
    const entry = { ...named, setting, ...(tuned?.note === undefined ? {} : { note: tuned.note }) }
    return { entry, running: skipped ?? running, rounds: [] }
  } catch (error) {
    return { entry: named, running: String(error), rounds: [] }
  }
}

const found = { versions: {} as Record<string, string> }

/** One case with so many threads: contenders take turns. */
async function compare(one: Case, job: Job) {
  const contenders: Contender[] = []
  for (const entry of entriesOf(one)) contenders.push(await start(entry, job))
  const load = loadavg()
  for (let i = 0; i < rounds; i++)
    for (const { running, rounds: done } of contenders)
      if (typeof running !== 'string') done.push(await running.round())
  for (const { running } of contenders) if (typeof running !== 'string') await running.end()
  const measured = contenders.map(({ entry, running, rounds: done }): Measured => {
    return { ...entry, outcome: typeof running === 'string' ? running : done }
  })
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
    versions: found.versions,
    rounds,
    quick: values.quick,
    cases,
  }
  console.log(
    `\n${machine.cpu}, ${machine.cores} cores; ${JSON.stringify(found.versions)}; load ${loadavg().join(' ')}`,
  )
  if (values.out !== undefined) writeFileSync(values.out, `${JSON.stringify(report, null, 2)}\n`)
}

await main()
