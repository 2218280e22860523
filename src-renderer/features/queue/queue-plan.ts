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

/** The waiting runs one after another; from the first run of unknown length on, starts are unknown. */
export function planOf(takes: readonly (number | null)[], secondsLeft: number | null): Plan[] {
  let startsIn: number | null = secondsLeft
  return takes.map((seconds) => {
    const plan = { takes: seconds, startsIn }
    startsIn = startsIn === null || seconds === null ? null : startsIn + seconds
    return plan
  })
}

/** Why a run at this place does not run yet, and when it will. */
export function waitText(
  place: number,
  { startsIn }: Plan,
  queue: { readonly paused: boolean; readonly runningName: string | null },
): string {
  if (queue.paused) return place === 0 ? 'first when the queue goes on' : `after ${runs(place)}`
  const soon = startsIn === null || startsIn < 1 ? '' : `, in about ${formatDuration(startsIn)}`
  if (place > 0) return `after ${runs(place)}${soon}`
  return queue.runningName === null ? 'starts now' : `next, when ${queue.runningName} ends${soon}`
}

/** "About 1 h 20 min until all have run; 2 runs of unknown length not counted." Empty when nothing is known. */
export function totalText(plans: readonly Plan[], secondsLeft: number | null): string {
  const known = plans.reduce((sum, { takes }) => sum + (takes ?? 0), secondsLeft ?? 0)
  const unknown = plans.filter(({ takes }) => takes === null).length
  if (known <= 0) return ''
  const rest = unknown === 0 ? '' : `, and ${runs(unknown)} of unknown length`
  return `About ${formatDuration(known)} of work${rest}`
}

const runs = (n: number): string => (n === 1 ? 'one run' : `${n} runs`)
