import type { Round } from './contender.ts'

/** A contender of a case, and what it did: rounds, or why there are none. */
export interface Measured {
  readonly name: string
  readonly format: string
  readonly setting: string
  readonly outcome: readonly Round[] | string
  readonly note?: string
}

/** What the rounds of a contender come to: medians over rounds, of one step each. */
interface Summary {
  readonly seconds: number
  readonly cpu: number
  /** CPU seconds over seconds. */
  readonly cores: number
  readonly peakMiB: number
  readonly operations: number | null
  /** Seconds of a step outside the operations of the library. */
  readonly outside: number | null
}

/** Value in the middle; of an even number, the mean of the two. @throws RangeError without values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of no values')
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half) - 1]!) / 2
}

/** Medians over rounds of `steps` steps each. */
export function summary(rounds: readonly Round[], steps: number): Summary {
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick)) / steps
  const counted = rounds.flatMap(({ seconds, operations, library }) =>
    operations === undefined || library === undefined ? [] : [{ operations, outside: seconds - library }],
  )
  return {
    seconds: of((round) => round.seconds),
    cpu: of((round) => round.cpu),
    cores: median(rounds.map(({ cpu, seconds }) => cpu / seconds)),
    peakMiB: Math.max(...rounds.map(({ peakMiB }) => peakMiB)),
    operations: counted.length === 0 ? null : median(counted.map(({ operations }) => operations)) / steps,
    outside: counted.length === 0 ? null : median(counted.map(({ outside }) => outside)) / steps,
  }
}

/**
 * How many times as fast `own` is as `other`: the median of the ratios of rounds that were measured one after the other, so that
 * what else the machine does harms both alike. Null where one of them has no rounds.
 */
export function speedUp(own: Measured['outcome'], other: Measured['outcome']): number | null {
  if (typeof own === 'string' || typeof other === 'string') return null
  const pairs = Math.min(own.length, other.length)
  if (pairs === 0) return null
  return median(own.slice(0, pairs).map(({ seconds }, i) => other[i]!.seconds / seconds))
}

const titleOf = ({ name, format }: Pick<Measured, 'name' | 'format'>): string =>
  format === 'float32' ? name : `${name}, ${format}`

/** The contenders of a case as a table in Markdown, with a column of speed-ups over each of the others. */
export function table(measured: readonly Measured[], steps: number): string {
  const peers = measured.filter(({ name, outcome }) => !name.startsWith(OURS) && typeof outcome !== 'string')
  const head = ['engine', 'setting', 'step s', 'CPU s', 'cores', 'peak MiB', 'operations', 'outside s']
  const rows = measured.map((one) => {
    const { outcome } = one
    if (typeof outcome === 'string') return [titleOf(one), `skipped: ${outcome}`]
    const { seconds, cpu, cores, peakMiB, operations, outside } = summary(outcome, steps)
    const ratios = peers.map((peer) =>
      peer === one ? '1' : (speedUp(outcome, peer.outcome)?.toFixed(2) ?? ''),
    )
    const figures = [digits(seconds), digits(cpu), cores.toFixed(2), peakMiB.toFixed(0)]
    const own = [operations === null ? '' : operations.toFixed(0), outside === null ? '' : digits(outside)]
    return [titleOf(one), one.setting, ...figures, ...own, ...ratios]
  })
  return markdown([[...head, ...peers.map((peer) => `x ${titleOf(peer)}`)], ...rows])
}

/** Name of the product's own contender. */
export const OURS = 'CoTrain'

/** Three digits that count. */
const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

function markdown([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${head.map((_, i) => cells[i] ?? '').join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Largest relative difference of two lists of losses, and of how many; null where they are not of the same batches. */
export function difference(own: readonly number[], other: readonly number[]): number | null {
  if (own.length === 0 || own.length !== other.length) return null
  return Math.max(...own.map((loss, i) => Math.abs(loss - other[i]!) / Math.max(1e-12, Math.abs(loss))))
}
