import type { Sample } from './samples.ts'

const MB = 1e6

/** What is judged: `growth` an hour after the first third at most, or `most` at any time; in the unit of the sample. */
interface Bound {
  readonly what: string
  readonly key: string
  readonly unit: 'MB' | '' | 'ms' | 'KB'
  readonly growth?: number
  readonly most?: number
}

const SCALE = { MB, KB: 1e3, ms: 1, '': 1 } as const

/**
 * Memory of the service and of the window must be flat: a leak of 40 MB an hour is a gigabyte a day. Workers are new processes, one a run:
 * what one takes is bounded, as are the events of runs of one length. The log of the web server keeps who did what, to its rotation.
 */
const BOUNDS: readonly Bound[] = [
  { what: 'memory of the service', key: 'serviceMemory', unit: 'MB', growth: 40 },
  { what: 'handles of the service', key: 'serviceHandles', unit: '', most: 60 },
  { what: 'memory of the worker', key: 'workerMemory', unit: 'MB', most: 2_000 },
  { what: 'handles of the worker', key: 'workerHandles', unit: '', most: 100 },
  { what: 'heap of the window', key: 'windowHeap', unit: 'MB', growth: 20 },
  { what: 'nodes of the window', key: 'windowNodes', unit: '', most: 30_000 },
  { what: 'listeners of the window', key: 'windowListeners', unit: '', most: 5_000 },
  { what: 'longest frame', key: 'longestFrame', unit: 'ms', most: 1_000 },
  { what: 'index of the runs', key: 'indexBytes', unit: 'KB', most: 20_000 },
  { what: 'log of the web server', key: 'auditBytes', unit: 'KB', most: 20_000 },
  { what: 'longest events of a run', key: 'longestEvents', unit: 'KB', most: 2_000 },
  { what: 'claims', key: 'claims', unit: '', most: 8 },
]

/** One line of the table. */
export interface Row {
  readonly what: string
  readonly unit: string
  readonly first: number
  readonly last: number
  readonly most: number
  /** By the hour, least squares over the least values of each minute after the first third; null for fewer than six minutes. */
  readonly growth: number | null
  readonly bound: string
  readonly ok: boolean
}

const FEWEST = 6

/** The samples beside their bounds. What was never seen (no /proc) is left out. */
export function verdicts(
  samples: readonly Sample[],
  faults: readonly string[],
): { rows: Row[]; failed: number } {
  const rows = BOUNDS.flatMap((bound) => rowOf(bound, samples) ?? [])
  const refused: Row = {
    ...{ what: 'refused or failed', unit: '', first: 0, last: faults.length, most: faults.length },
    ...{ growth: null, bound: 'none', ok: faults.length === 0 },
  }
  return { rows: [...rows, refused], failed: [...rows, refused].filter(({ ok }) => !ok).length }
}

function rowOf({ what, key, unit, growth, most }: Bound, samples: readonly Sample[]): Row | null {
  const seen = samples.flatMap((one) => {
    const value = one[key]
    return value === undefined ? [] : [{ hours: one.minutes / 60, value: value / SCALE[unit] }]
  })
  if (seen.length === 0) return null
  const all = seen.map(({ value }) => value)
  const slope = slopeOf(lowest(seen.slice(Math.floor(seen.length / 3))))
  const highest = Math.max(...all)
  const grows = growth !== undefined && slope !== null && slope > growth
  return {
    ...{ what, unit, first: all[0]!, last: all.at(-1)!, most: highest, growth: slope },
    bound: [
      ...(growth === undefined ? [] : [`+${growth}/h`]),
      ...(most === undefined ? [] : [`<= ${most}`]),
    ].join(', '),
    ok: !grows && highest <= (most ?? Infinity),
  }
}

/** The least value of each minute: memory that is not collected yet says nothing. */
function lowest(points: readonly { hours: number; value: number }[]): { hours: number; value: number }[] {
  const byMinute = new Map<number, { hours: number; value: number }>()
  for (const point of points) {
    const minute = Math.floor(point.hours * 60)
    const known = byMinute.get(minute)
    if (known === undefined || point.value < known.value) byMinute.set(minute, point)
  }
  return [...byMinute.values()]
}

function slopeOf(points: readonly { hours: number; value: number }[]): number | null {
  if (points.length < FEWEST) return null
  const n = points.length
  const x = points.reduce((sum, { hours }) => sum + hours, 0) / n
  const y = points.reduce((sum, { value }) => sum + value, 0) / n
  const top = points.reduce((sum, { hours, value }) => sum + (hours - x) * (value - y), 0)
  const below = points.reduce((sum, { hours }) => sum + (hours - x) ** 2, 0)
  return below === 0 ? null : top / below
}

/** The table as text. */
export function asTable(rows: readonly Row[]): string {
  const number = (value: number | null): string =>
    value === null ? '' : value.toFixed(Math.abs(value) < 10 ? 1 : 0)
  const cells = rows.map(({ what, unit, first, last, most, growth, bound, ok }) => [
    `${what}${unit === '' ? '' : `, ${unit}`}`,
    ...[first, last, most, growth].map(number),
    bound,
    ok ? 'ok' : 'OUT OF BOUNDS',
  ])
  const lines = [['', 'first', 'last', 'most', 'an hour', 'bound', ''], ...cells]
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  return lines
    .map((line) =>
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
