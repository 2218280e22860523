import { app, Notification, powerSaveBlocker } from 'electron'
import type { BrowserWindow } from 'electron'
import type { RunProgress, RunSummary } from '../../../src-shared/contract/run.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { RunningService } from '../../service/create-service.ts'

/** Value for which the task bar shows work of unknown length (above 1), and the one that takes the bar away. */
const UNKNOWN_LENGTH = 2
const NO_WORK = -1

export interface Work {
  /** Names of the runs that are worked on now. */
  running(): readonly { readonly id: string; readonly name: string }[]
}

interface Working {
  readonly name: string
  readonly progress: RunProgress | null
}

/** Progress in the task bar, no sleep while a run works, a notification and a badge when one ends and nobody looks. */
export async function showWork(
  service: RunningService,
  windowOf: () => BrowserWindow | null,
  openRun: (id: string) => void,
): Promise<Work> {
  const working = new Map<string, Working>()
  const sleep = sleepBlocker()
  const badge = unseenBadge()
  const update = async (): Promise<void> => {
    const [first] = [...working.values()]
    windowOf()?.setProgressBar(first === undefined ? NO_WORK : doneShare(first.progress))
    const { blockSleep } = await service.call('settings.get', {})
    sleep(working.size > 0 && blockSleep)
  }
  service.listen('run.progress', ({ id, progress }) => {
    // The last words of a run may come after the news that it has ended.
    const known = working.get(id)
    if (known === undefined) return
    working.set(id, { name: known.name, progress })
    void update()
  })
  service.listen('runs.changed', ({ runs, removed }) => {
    for (const id of removed) working.delete(id)
    for (const run of runs) {
      if (LIVE.has(run.status))
        working.set(run.id, { name: run.name, progress: working.get(run.id)?.progress ?? null })
      else if (working.delete(run.id)) void tellEnd(service, run, windowOf(), badge, openRun)
    }
    void update()
  })
  for (const { id, name, progress } of (await service.call('queue.get', {})).running)
    working.set(id, { name, progress })
  await update()
  return { running: () => [...working].map(([id, { name }]) => ({ id, name })) }
}

const doneShare = (progress: RunProgress | null): number =>
  progress === null || progress.epochs <= 0
    ? UNKNOWN_LENGTH
    : Math.min(1, Math.max(0, (progress.epoch - 1 + progress.fraction) / progress.epochs))

/** Keeps the machine awake while asked to; the screen may go dark. */
function sleepBlocker(): (isNeeded: boolean) => void {
  let blocker: number | null = null
  return (isNeeded) => {
    if (isNeeded) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
}

/** Counts on the icon of the app what ended while nobody looked, until somebody does. Windows has no such number. */
function unseenBadge(): () => void {
  let unseen = 0
  app.on('browser-window-focus', () => {
    if (unseen === 0) return
    unseen = 0
    app.setBadgeCount(0)
  })
  return () => void app.setBadgeCount(++unseen)
}

/** Only what a person must know: finished or failed, and not while the window is in front. */
async function tellEnd(
  service: RunningService,
  { id, name, status, problem }: RunSummary,
  window: BrowserWindow | null,
  badge: () => void,
  openRun: (id: string) => void,
): Promise<void> {
  if (status !== 'finished' && status !== 'diverged' && status !== 'failed' && status !== 'interrupted')
    return
  if (window?.isFocused() === true) return
  badge()
  if (!Notification.isSupported()) return
  if (!(await service.call('settings.get', {})).notify) return
  const title = `${name === '' ? 'A run' : name} ${status === 'interrupted' ? 'was interrupted' : status}`
  const note = new Notification({ title, body: problem?.message ?? '' })
  note.on('click', () => openRun(id))
  note.show()
}
