import type { BenchEngine, BenchFigures, BenchJob, BenchKind } from './bench-job.ts'
import type { BenchPlace } from './bench-plan.ts'
import { peakOf } from './card-peaks.ts'

/** A measurement as taken, or why it was not. */
export interface BenchRow {
  readonly kind: BenchKind
  readonly format: string
  /** Name of the card, or of the engine with its threads. */
  readonly device: string
  /** Why there are no figures. */
  readonly problem: string | null
  readonly images: number | null
  readonly imagesPerSecond: number | null
  /** Median and quartiles of the steps, in seconds. */
  readonly stepSeconds: { readonly median: number; readonly low: number; readonly high: number } | null
  readonly steps: number
  /** Floating-point operations a second, 10^9. */
  readonly gigaflops: number | null
  /** Of what the card is said to do at most; null on a processor, and where nothing is stated for the card. */
  readonly shareOfPeak: number | null
  /** How many times as fast as the processor of this machine; null where that was not measured. */
  readonly timesProcessor: number | null
  readonly peakBytes: number | null
  readonly threads: number
  /** What a reader of the figures should know; '' for nothing. */
  readonly remark: string
}

/** What was measured on a machine. */
export interface BenchReport {
  readonly machine: {
    readonly app: string
    readonly node: string
    readonly os: string
    readonly cpu: string
    readonly cores: number
    readonly memoryBytes: number
  }
  readonly engine: BenchEngine
  readonly size: { readonly quick: boolean; readonly batch: number; readonly width: number }
  readonly rows: readonly BenchRow[]
  /** What makes the figures less than they seem. */
  readonly notes: readonly string[]
  readonly isComplete: boolean
}

/** A measurement that was tried. */
export interface Tried {
  readonly place: BenchPlace
  readonly job: BenchJob
  readonly outcome: BenchFigures | string
}

/** The rows of what was tried, the fastest device's share of the processor included. */
export function rowsOf(tried: readonly Tried[], usual: BenchEngine): BenchRow[] {
  const rows = tried.map((one) => ({ one, row: rowOf(one, usual) }))
  return rows.map(({ one, row }) => {
    const same = rows.find(({ one: { place, job } }) => {
      return place === 'processor' && job.kind === one.job.kind && job.format === one.job.format
    })
    const [own, processor] = [row.imagesPerSecond, same?.row.imagesPerSecond ?? null]
    const isKnown = one.place === 'usual' && own !== null && processor !== null
    return { ...row, timesProcessor: isKnown ? own / processor : null }
  })
}

function rowOf({ place, job, outcome }: Tried, usual: BenchEngine): BenchRow {
  const { kind, format, threads } = job
  const nothing = { images: null, imagesPerSecond: null, stepSeconds: null, steps: 0, gigaflops: null }
  if (typeof outcome === 'string') {
    const device = place === 'usual' && kind !== 'loader' ? deviceOf(usual) : 'processor'
    const none = { shareOfPeak: null, timesProcessor: null, peakBytes: null, remark: '' }
    return { kind, format, device, problem: outcome, ...nothing, ...none, threads }
  }
  const { engine, images, seconds, operations, peakBytes } = outcome
  const median = quantile(seconds, 0.5)
  // What waits in a queue is handed out in bursts: only all of it together says how fast it comes.
  const mean = seconds.reduce((sum, value) => sum + value, 0) / seconds.length
  const each = kind === 'loader' ? mean : median
  const peak = engine.card === null || engine.card.isPartitioned ? null : peakOf(engine.card.name, format)
  return {
    kind,
    format,
    device:
      kind === 'loader' ? `processor, ${threads} ${threads === 1 ? 'thread' : 'threads'}` : deviceOf(engine),
    problem: null,
    images,
    imagesPerSecond: images / each,
    stepSeconds: { median, low: quantile(seconds, 0.25), high: quantile(seconds, 0.75) },
    steps: seconds.length,
    gigaflops: operations === null ? null : operations / median / 1e9,
    shareOfPeak: peak === null || operations === null ? null : operations / median / peak,
    timesProcessor: null,
    peakBytes,
    threads: kind === 'loader' ? threads : engine.threads,
    remark: kind === 'loader' ? '' : (engine.slow[format] ?? ''),
  }
}

function deviceOf({ card, gpu, name, threads }: BenchEngine): string {
  if (gpu) return card?.name ?? 'GPU'
  return `processor, ${name}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`
}

/** Value below which a share of the sorted values lies, between two of them in proportion. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? NaN
  const high = sorted[Math.ceil(at)] ?? NaN
  return low + (high - low) * (at - Math.floor(at))
}

const DASH = '—'

/** The report as Markdown, to paste into a message. */
export function reportText({ machine, engine, size, rows, notes, isComplete }: BenchReport): string {
  const { app, node, os, cpu, cores, memoryBytes } = machine
  const tensorflow = engine.tensorflow === null ? '' : `, TensorFlow ${engine.tensorflow}`
  const card = engine.card === null ? '' : `${engine.card.name} (driver ${engine.card.driver}), `
  const facts = `${cpu}, ${cores} cores, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB`
  const width = size.width === 1 ? '' : `, ${size.width} of the channels`
  const some = isComplete ? [] : ['Interrupted: what follows is not all.']
  return [
    `CoTrain ${app}${size.quick ? ', quick measurement' : ''}: ${card}${facts}`,
    `Engine: ${engine.name}${tensorflow}, ${engine.threads} threads; Node ${node}, ${os}`,
    `Images of 64 x 64, ${size.batch} of each task in a step${width}`,
    ...[...some, ...notes].map((text) => `Note: ${text}`),
    '',
    ...markdownTable(rows),
  ].join('\n')
}

interface Column {
  readonly title: string
  readonly isText?: boolean
  cell(row: BenchRow): string
}

const COLUMNS: readonly Column[] = [
  { title: 'what', isText: true, cell: ({ kind }) => TITLES[kind] },
  { title: 'device', isText: true, cell: ({ device }) => device },
  { title: 'format', isText: true, cell: ({ kind, format }) => (kind === 'loader' ? DASH : format) },
  { title: 'images/s', cell: ({ imagesPerSecond: n }) => (n === null ? DASH : digits(n)) },
  {
    title: 'step, ms (quartiles)',
    cell: ({ stepSeconds: s }) =>
      s === null ? DASH : `${milliseconds(s.median)} (${milliseconds(s.low)} to ${milliseconds(s.high)})`,
  },
  { title: 'Gflop/s', cell: ({ gigaflops: n }) => (n === null ? DASH : digits(n)) },
  { title: 'of the peak', cell: ({ shareOfPeak: n }) => (n === null ? DASH : `${(100 * n).toFixed(1)} %`) },
  { title: 'x processor', cell: ({ timesProcessor: n }) => (n === null ? DASH : n.toFixed(1)) },
  { title: 'MiB', cell: ({ peakBytes: n }) => (n === null ? DASH : (n / 2 ** 20).toFixed(0)) },
  { title: 'remark', isText: true, cell: ({ remark }) => (remark === '' ? DASH : remark) },
]

/** What is measured, in words. */
export const stepName = ({ kind, format }: BenchJob): string =>
  kind === 'loader' ? TITLES[kind] : `${TITLES[kind]} in ${format}`

const TITLES: Readonly<Record<BenchKind, string>> = {
  'co-training': 'co-training step, VGG-19-BN',
  'SE core': 'step of an SE core',
  evaluation: 'evaluation, VGG-19-BN',
  loader: 'loader',
}

/** Columns without any value are left out; a row without figures says why in the first of theirs. */
function markdownTable(rows: readonly BenchRow[]): string[] {
  const columns = COLUMNS.filter(({ cell }) => rows.some((row) => cell(row) !== DASH))
  const first = columns.findIndex(({ isText }) => isText !== true)
  const cells = rows.map((row) =>
    columns.map(({ cell }, i) => (i === first && row.problem !== null ? plain(row.problem) : cell(row))),
  )
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`
  return [
    line(columns.map(({ title }) => title)),
    line(columns.map(({ isText }) => (isText === true ? '---' : '---:'))),
    ...cells.map(line),
  ]
}

/** One cell of a table. */
const plain = (text: string): string => text.replaceAll('|', '/').replace(/\s*\n\s*/g, ' ')
/** Three digits are more than a measurement of seconds tells apart. */
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
const milliseconds = (seconds: number): string => digits(1000 * seconds)
