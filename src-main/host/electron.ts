import { join } from 'node:path'
import { app, BrowserWindow, Notification, powerSaveBlocker, protocol, session } from 'electron'
import type { RunProgress } from '../../src-shared/contract/run.ts'
import { APP_SCHEME, answerAppRequest } from './app-protocol.ts'
import { appRoot } from './app-root.ts'
import { compose } from './compose.ts'
import { chooseInDialog } from './electron-dialog.ts'
import { answerCalls, sendEventsTo } from './electron-ipc.ts'
import { denyPermissions, openWindow, preloadPath } from './electron-window.ts'
import { findNode } from './find-node.ts'
import { createPathGrants } from './path-grants.ts'
import { startUtilityWorker } from './electron-worker.ts'
import type { RunningService } from '../service/create-service.ts'

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

const log = (text: string): void => void process.stderr.write(`${text}\n`)

if (app.requestSingleInstanceLock()) await run()
else app.quit()

async function run(): Promise<void> {
  let window: BrowserWindow | null = null
  app.on('second-instance', () => {
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('web-contents-created', (_event, contents) =>
    contents.on('will-attach-webview', (event) => event.preventDefault()),
  )
  await app.whenReady()
  denyPermissions(session.defaultSession)
  const root = join(appRoot(), 'out', 'renderer')
  protocol.handle(APP_SCHEME, ({ url }) => answerAppRequest(root, url))
  const resources = app.isPackaged ? process.resourcesPath : null
  const node = findNode(resources)
  if (node === null) log('No Node was found for workers: install Node 20.19 or later, or set COTRAIN_NODE.')
  const grants = createPathGrants()
  const { service, workspace, close } = compose({
    host: 'electron',
    hostReason:
      node === null
        ? 'the desktop app; no Node was found, so runs stop with the app'
        : `the desktop app; workers run on Node ${node.reason}`,
    folder: workspaceFolder(),
    resources,
    choosePath: chooseInDialog(() => window, grants),
    ...(node === null ? { startWorker: startUtilityWorker } : {}),
    log,
  })
  answerCalls(service, grants, log)
  service.watch()
  const show = (): void => {
    window = openWindow(preloadPath())
    sendEventsTo(window, service)
    window.on('closed', () => (window = null))
  }
  showWork(service, () => window)
  await workspace.supervisor.start()
  show()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) show()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  // Workers are processes of their own and go on; only the looking after ends.
  app.on('will-quit', () => void close())
}

const workspaceFolder = (): string => (app.isPackaged ? app.getPath('documents') : process.cwd())

/** Progress in the task bar, no sleep while a run works, a notification when one ends unseen. */
function showWork(service: RunningService, windowOf: () => BrowserWindow | null): void {
  let blocker: number | null = null
  const working = new Map<string, RunProgress | null>()
  const update = (): void => {
    const [progress] = [...working.values()]
    const share = progress === null || progress === undefined ? 2 : overall(progress) // 2 shows work of unknown length
    windowOf()?.setProgressBar(working.size === 0 ? -1 : share)
    if (working.size > 0) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
    else if (blocker !== null) {
      powerSaveBlocker.stop(blocker)
      blocker = null
    }
  }
  service.listen('run.progress', ({ id, progress }) => {
    working.set(id, progress)
    update()
  })
  service.listen('runs.changed', ({ runs }) => {
    for (const run of runs) {
      const isLive = run.status === 'preparing' || run.status === 'running' || run.status === 'stopping'
      if (isLive) working.set(run.id, working.get(run.id) ?? null)
      else if (working.delete(run.id)) void notifyEnd(service, run.name, run.status, windowOf())
    }
    update()
  })
}

const overall = ({ epoch, epochs, fraction }: RunProgress): number =>
  epochs > 0 ? Math.min(1, Math.max(0, (epoch - 1 + fraction) / epochs)) : 2

async function notifyEnd(
  service: RunningService,
  name: string,
  status: string,
  window: BrowserWindow | null,
): Promise<void> {
  if (window?.isFocused() === true || !Notification.isSupported()) return
  const { notify } = await service.call('settings.get', {})
  if (notify)
    new Notification({ title: 'CoTrain', body: `${name === '' ? 'A run' : name}: ${status}` }).show()
}
