import { dialog } from 'electron'
import type { App, BrowserWindow } from 'electron'
import type { RunningService } from '../../service/create-service.ts'
import type { Work } from './electron-work.ts'

/** A worker that lives in the app must have written its checkpoint before the app goes; it needs seconds. */
const STOP_MS = 60_000
const LOOK_MS = 200

type Choice = 'keep' | 'stop' | 'cancel'

export interface QuitOptions {
  readonly app: Pick<App, 'on' | 'quit'>
  readonly service: RunningService
  readonly work: Work
  readonly windowOf: () => BrowserWindow | null
  /** Whether runs go on without the app. */
  readonly outlive: boolean
}

/** Quitting while a run works asks what shall become of it. */
export function guardQuit({ app, service, work, windowOf, outlive }: QuitOptions): {
  /** Whether closing the last window may go on; it asks first when it may not. */
  mayClose(): boolean
} {
  let isDecided = false
  let isAsking = false
  const decide = async (): Promise<void> => {
    const choice = await ask(work, windowOf(), outlive)
    if (choice === 'cancel') return
    if (choice === 'stop') await stopAll(service, work, outlive)
    isDecided = true
    app.quit()
  }
  const mayGo = (): boolean => isDecided || work.running().length === 0
  const start = (): void => {
    if (isAsking) return
    isAsking = true
    void decide().finally(() => (isAsking = false))
  }
  app.on('before-quit', (event) => {
    if (mayGo()) return
    event.preventDefault()
    start()
  })
  return {
    mayClose: () => {
      if (!mayGo()) start()
      return mayGo()
    },
  }
}

async function ask(work: Work, window: BrowserWindow | null, outlive: boolean): Promise<Choice> {
  const [first] = work.running()
  const choices: readonly Choice[] = outlive ? ['keep', 'stop', 'cancel'] : ['stop', 'cancel']
  const labels: Readonly<Record<Choice, string>> = {
    keep: 'Keep training in the background',
    stop: 'Stop with a checkpoint',
    cancel: 'Cancel',
  }
  const options = {
    type: 'question' as const,
    message: `${first === undefined || first.name === '' ? 'A run' : `"${first.name}"`} is still training.`,
    detail: outlive
      ? 'It can go on without the window. Waiting runs start when the app is open again.'
      : 'Without Node on this machine it cannot go on without the app. It can be resumed later.',
    buttons: choices.map((choice) => labels[choice]),
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  }
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options))
  return choices[response] ?? 'cancel'
}

async function stopAll(service: RunningService, work: Work, outlive: boolean): Promise<void> {
  // The queue must not start the next run in the place of the stopped one.
  await service.call('queue.pause', {})
  for (const { id } of work.running())
    await service.call('runs.stop', { id, when: 'now' }).catch(() => undefined) // it may have ended meanwhile
  const end = Date.now() + STOP_MS
  while (!outlive && work.running().length > 0 && Date.now() < end)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}

/** Closing waits for files to be written; more than this is a fault, and quitting goes on. */
const CLOSE_MS = 10_000

/** Quits after everything is closed: locks are given back and indexes written. Workers are processes of their own and go on. */
export function closeBeforeQuit(
  app: Pick<App, 'on' | 'quit'>,
  close: () => Promise<void>,
  log: (text: string) => void,
): void {
  let state: 'open' | 'closing' | 'closed' = 'open'
  const closed = async (): Promise<void> => {
    const late = new Promise<void>((resolve) => {
      setTimeout(() => resolve(log(`quit: not closed after ${CLOSE_MS / 1000} s`)), CLOSE_MS).unref()
    })
    await Promise.race([close(), late]).catch((error: unknown) => log(`quit: ${String(error)}`))
    state = 'closed'
    app.quit()
  }
  app.on('will-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'open') {
      state = 'closing'
      void closed()
    }
  })
}
