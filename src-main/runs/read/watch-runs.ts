import type { RunEvent, RunProgress, RunSummary } from '../../../src-shared/contract/run.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import { readLive } from '../../store/files/run-folder.ts'
import type { RunStore } from '../../store/run-store.ts'

/** A look costs a few milliseconds per hundred runs; it never takes more than a twentieth of the time. */
const LOOK_MS = 400
const SHARE = 20

export interface RunWatcher {
  onChanged(runs: RunSummary[], removed: string[]): void
  onProgress(id: string, progress: RunProgress): void
  onEvent(id: string, event: RunEvent): void
  onFault(error: unknown): void
}

/**
 * Tells what changes in the run folders, whoever changes it: this process, another window, a terminal, a cluster job.
 * Returns the function that ends the watch.
 */
export function watchRuns(store: RunStore, watcher: RunWatcher): () => void {
  let known: Map<string, RunSummary> | null = null
  let working = new Set<string>()
  const progressAt = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  const look = (): void => {
    const { runs } = store.list()
    const now = new Map(runs.map((run) => [run.id, run]))
    if (known !== null) {
      const before = known
      const changed = runs.filter((run) => isChanged(before.get(run.id), run))
      const removed = [...before.keys()].filter((id) => !now.has(id))
      if (changed.length + removed.length > 0) watcher.onChanged(changed, removed)
    }
    known = now
    const live = new Set(runs.filter((run) => run.readable && LIVE.has(run.status)).map(({ id }) => id))
    // A run that has just ended may have left last words.
    for (const id of new Set([...live, ...working])) if (now.has(id)) follow(id)
    working = live
  }
  const follow = (id: string): void => {
    for (const event of store.history(id).news()) watcher.onEvent(id, event)
    const progress = readLive(store.files(id).folder)
    if (progress === null || progress.at === progressAt.get(id)) return
    progressAt.set(id, progress.at)
    watcher.onProgress(id, progress)
  }
  const next = (): void => {
    const begun = performance.now()
    try {
      look()
    } catch (error) {
      watcher.onFault(error)
    }
    if (!isOver) timer = setTimeout(next, Math.max(LOOK_MS, SHARE * (performance.now() - begun))).unref()
  }
  next()
  return () => {
    isOver = true
    clearTimeout(timer)
  }
}

/** A run that was not read again is the same object: a thousand of them need no comparing. */
const isChanged = (before: RunSummary | undefined, now: RunSummary): boolean =>
  before !== now && JSON.stringify(before) !== JSON.stringify(now)
