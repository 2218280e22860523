import type { Result } from '../../../src-shared/contract/contract.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { formatDuration } from '../../format/time.ts'

/** What is known about a run: enough to say how long one like it takes. */
export type KnownRun = Pick<
  RunSummary,
  'id' | 'status' | 'seconds' | 'groupId' | 'dataset' | 'model' | 'trainer' | 'epochs'
>

/** How long a waiting run will take and when it starts, in seconds; null where no run like it has finished yet. */
export interface Plan {
  readonly takes: number | null
  readonly startsIn: number | null
}

/** Time that a run like this took: the median over its setting (other seeds), else over its components and epochs. */
export function expectedSeconds(runs: Iterable<KnownRun>): (run: KnownRun | undefined) => number | null {
  const byKind = new Map<string, number[]>()
  for (const run of runs) {
    if (run.status !== 'finished' || run.seconds <= 0) continue
    for (const kind of kindsOf(run)) byKind.set(kind, [...(byKind.get(kind) ?? []), run.seconds])
  }
  return (run) => {
    const times =
      run === undefined
        ? undefined
        : kindsOf(run)
            .map((kind) => byKind.get(kind))
            .find(Boolean)
    return times === undefined ? null : median(times)
  }
}

const kindsOf = ({ groupId, dataset, model, trainer, epochs }: KnownRun): readonly string[] => [
  `setting ${groupId}`,
  `parts ${dataset} ${model} ${trainer} ${epochs}`,
]

function median(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null
}

/**
 * The waiting runs in their order, each in the slot that is free first. `slots`: in how many seconds each is free, null where
 * nobody knows; a slot with a run of unknown length is not counted on, and without any other starts are unknown.
 */
export function planOf(takes: readonly (number | null)[], slots: readonly (number | null)[]): Plan[] {
  const free = slots.filter((seconds) => seconds !== null)
  return takes.map((seconds) => {
    free.sort((a, b) => a - b)
    const startsIn = free.shift() ?? null
    if (startsIn !== null && seconds !== null) free.push(startsIn + seconds)
    return { takes: seconds, startsIn }
  })
}

/** In how many seconds each slot is free: of those that work the time left, of the others none. */
export function slotsFree(slots: number, left: readonly (number | null)[]): (number | null)[] {
  return [...left, ...Array.from({ length: Math.max(0, slots - left.length) }, () => 0)]
}

type Queue = Result<'queue.get'>

/** What a run computes on, for its card: the name of its device, and its number where there are several. */
export function deviceText(
  device: Queue['running'][number]['device'],
  { devices = [] }: Pick<Queue, 'devices'>,
  otherwise: string,
): string {
  if (device === undefined) return otherwise
  return devices.length > 1 ? `${device.name} (card ${device.index})` : device.name
}

/** How many runs work at the same time, and on what. */
export function slotsText({ slots, devices = [] }: Pick<Queue, 'slots' | 'devices'>, device: string): string {
  const where = devices.length > 1 ? `${devices.length} cards` : `the ${device}`
  return `${slots === 1 ? 'One run' : `Up to ${slots} runs`} at a time on ${where}; a failure does not stop the rest.`
}

/** Why a run at this place does not run yet, and when it will. */
export function waitText(
  place: number,
  { startsIn }: Plan,
  queue: {
    readonly paused: boolean
    /** The run that must end before the next one starts, or "a run"; null where a slot is free. */
    readonly runningName: string | null
  },
): string {
  if (queue.paused) return place === 0 ? 'first when the queue goes on' : `after ${runs(place)}`
  const soon = startsIn === null || startsIn < 1 ? '' : `, in about ${formatDuration(startsIn)}`
  if (place > 0) return `after ${runs(place)}${soon}`
  return queue.runningName === null ? 'starts now' : `next, when ${queue.runningName} ends${soon}`
}

/** "About 1 h 20 min until all have run; 2 runs of unknown length not counted." Empty when nothing is known. */
export function totalText(plans: readonly Plan[], left: readonly (number | null)[]): string {
  const seconds = [...left, ...plans.map(({ takes }) => takes)]
  const known = seconds.reduce<number>((sum, value) => sum + (value ?? 0), 0)
  const unknown = plans.filter(({ takes }) => takes === null).length
  if (known <= 0) return ''
  const rest = unknown === 0 ? '' : `, and ${runs(unknown)} of unknown length`
  return `About ${formatDuration(known)} of work${rest}`
}

const runs = (n: number): string => (n === 1 ? 'one run' : `${n} runs`)
