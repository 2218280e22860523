import type { RunProgress, RunSummary } from '../../../../src-shared/contract/run.ts'
import { OVER } from '../../../../src-shared/contract/run.ts'
import { progressText } from '../../../../src-shared/contract/progress-text.ts'
import { scoreCautions, statusText, triesText } from '../../../../src-shared/contract/run-end.ts'
import { formatProblem, toProblems } from '../../../../src-shared/contract/errors.ts'
import { clock, duration } from './output.ts'
import type { Terminal } from './terminal.ts'

const LOOK_MS = 300

/** Runs that come while others are followed. */
export interface Following {
  /** Asked whenever a run has ended: the ids of all that are there by now. */
  more(): Promise<readonly string[]>
  /** Told of the first Ctrl-C. */
  onInterrupt(): Promise<unknown>
}

/**
 * Supervises the queue and shows progress until all given runs are over, and those that come meanwhile. Ctrl-C asks the working one to stop with a
 * checkpoint; a second one leaves it to itself.
 */
export async function followRuns(
  terminal: Terminal,
  given: readonly string[],
  following?: Following,
): Promise<RunSummary[]> {
  const { service, workspace, output } = terminal
  const { store, supervisor } = workspace
  const ids = [...given]
  const wanted = new Set(ids)
  const end = service.listen('run.progress', ({ id, progress }) => {
    if (wanted.has(id)) output.progress(progressLine(store.summary(id), progress))
  })
  const interrupt = interruption(terminal, ids, following)
  // One that is tried again by itself is not over.
  const isOpen = (id: string): boolean => {
    const { status, retry } = store.read(id)
    return !OVER.has(status) || typeof retry?.nextAt === 'number'
  }
  let open = -1
  const grow = async (): Promise<void> => {
    const now = ids.filter(isOpen).length
    if (following === undefined || now === open) return
    for (const id of await following.more())
      if (!wanted.has(id) && isOpen(id)) {
        ids.push(id)
        wanted.add(id)
      }
    open = ids.filter(isOpen).length
  }
  process.on('SIGINT', interrupt.handler)
  try {
    service.watch()
    await supervisor.start()
    if (!supervisor.isActive())
      output.note('Another CoTrain process starts the runs of this folder; this one looks on.')
    const told = new Map<string, string>()
    // The last one that was open may have ended since: what follows it is asked for before this is over.
    const goesOn = async (): Promise<boolean> => {
      if (interrupt.isLeft()) return false
      await grow()
      if (ids.some(isOpen)) return true
      // Whether a run is tried again is written after its process ended.
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      return ids.some(isOpen)
    }
    while (await goesOn()) {
      for (const id of ids) tellStatus(terminal, told, id)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    for (const id of ids) tellStatus(terminal, told, id)
  } finally {
    process.off('SIGINT', interrupt.handler)
    end()
  }
  return ids.map((id) => store.summary(id))
}

function tellStatus({ workspace: { store }, output }: Terminal, told: Map<string, string>, id: string): void {
  const summary = store.summary(id)
  if (told.get(id) === summary.status) return
  told.set(id, summary.status)
  const seconds = OVER.has(summary.status) && summary.seconds > 0 ? ` after ${duration(summary.seconds)}` : ''
  output.note(`${summary.shortId} ${label(summary)}: ${statusText(summary)}${seconds}`)
  const tries = triesText(summary, clock)
  if (summary.problem !== null && OVER.has(summary.status)) {
    output.note(formatProblem(summary.problem))
    if (tries !== '') output.note(tries)
  } else for (const caution of scoreCautions(summary)) output.note(caution)
}

const label = (summary: Pick<RunSummary, 'name' | 'seed'>): string =>
  summary.name === '' ? `seed ${summary.seed}` : `"${summary.name}"`

/** `ab12cd34ef "Baseline" Epoch 3 of 40, step 120 of 782, 1450 images/s, at most 12 min 3 s left` */
export function progressLine(summary: Pick<RunSummary, 'shortId' | 'name' | 'seed'>, p: RunProgress): string {
  const parts = [
    progressText(p),
    ...(p.phase === 'training' ? [] : [`${Math.round(p.fraction * 100)} %`]),
    ...(p.imagesPerSecond === null ? [] : [`${p.imagesPerSecond.toFixed(0)} images/s`]),
    ...(p.secondsLeft === null ? [] : [`at most ${duration(p.secondsLeft)} left`]),
  ]
  return `${summary.shortId} ${label(summary)} ${parts.join(', ')}`
}

function interruption(
  { service, output }: Terminal,
  ids: readonly string[],
  following?: Following,
): { handler: () => void; isLeft: () => boolean } {
  let count = 0
  return {
    isLeft: () => count > 1,
    handler: () => {
      if (++count > 1) return
      output.note('Stopping with a checkpoint. Press Ctrl-C again to leave without waiting.')
      following?.onInterrupt().catch((error: unknown) => output.problems(toProblems(error)))
      for (const id of ids) service.call('runs.stop', { id }).catch(() => undefined) // those that do not run
    },
  }
}

/** 0 when all runs are finished, else 1. */
export const exitCodeOf = (runs: readonly RunSummary[]): number =>
  runs.every(({ status }) => status === 'finished') ? 0 : 1
