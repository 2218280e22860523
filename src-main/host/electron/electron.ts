import { join } from 'node:path'
import { app, BrowserWindow, Menu, protocol, screen, session } from 'electron'
import { APP_ORIGIN, APP_SCHEME, answerAppRequest } from './app-protocol.ts'
import { appRoot } from '../app-root.ts'
import { compose } from '../compose.ts'
import type { Composed } from '../compose.ts'
import { chooseInDialog } from './electron-dialog.ts'
import { answerCalls, sendEventsTo } from './electron-ipc.ts'
import { menuTemplate } from './electron-menu.ts'
import { guardQuit } from './electron-quit.ts'
import { denyPermissions, openWindow, preloadPath } from './electron-window.ts'
import { showWork } from './electron-work.ts'
import { startUtilityWorker } from './electron-worker.ts'
import type { FoundNode } from '../../process/node-program.ts'
import { findNode } from '../../process/node-program.ts'
import type { ChoosePath } from '../../service/parts.ts'
import { createPathGrants } from '../path-grants.ts'
import { readWindowPlace, rememberWindowPlace } from './window-place.ts'

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

const isMac = process.platform === 'darwin'
const log = (text: string): void => void process.stderr.write(`${text}\n`)

if (app.requestSingleInstanceLock()) await run()
else app.quit()

async function run(): Promise<void> {
  let window: BrowserWindow | null = null
  const windowOf = (): BrowserWindow | null => window
  const bringToFront = (): void => {
    if (window?.isMinimized()) window.restore()
    window?.show()
    window?.focus()
  }
  app.on('second-instance', bringToFront)
  app.on('web-contents-created', (_event, contents) =>
    contents.on('will-attach-webview', (event) => event.preventDefault()),
  )
  // Windows shows notifications only for programs with this name.
  app.setAppUserModelId('org.cotrain.app')
  await app.whenReady()
  prepareSession()
  const node = findNode()
  if (node === null) log('No Node was found for workers: install Node 20.19 or later, or set COTRAIN_NODE.')
  const grants = createPathGrants()
  const { service, workspace, close } = composeApp(node, chooseInDialog(windowOf, grants))
  answerCalls(service, grants, log)
  service.watch()
  await workspace.supervisor.start()
  const openRun = (id: string): void => {
    bringToFront()
    void window?.loadURL(`${APP_ORIGIN}/#/runs/${id}`)
  }
  const work = await showWork(service, windowOf, openRun)
  const quit = guardQuit({ app, service, work, windowOf, outlive: node !== null })
  const show = (): void => {
    // On a Mac the app lives on without a window; elsewhere closing it ends the app.
    const opened = openWhereItWas(() => isMac || quit.mayClose())
    window = opened
    sendEventsTo(opened, service)
    opened.on('closed', () => (window = null))
  }
  show()
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) show()
  })
  app.on('window-all-closed', () => {
    if (!isMac) app.quit()
  })
  // Workers are processes of their own and go on; only the looking after ends.
  app.on('will-quit', () => void close())
}

/** The menu, what pages may do, and where they come from. */
function prepareSession(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(isMac, !app.isPackaged)))
  denyPermissions(session.defaultSession)
  const root = join(appRoot(), 'out', 'renderer')
  protocol.handle(APP_SCHEME, ({ url }) => answerAppRequest(root, url))
}

function composeApp(node: FoundNode | null, choosePath: ChoosePath): Composed {
  return compose({
    host: 'electron',
    hostReason:
      node === null
        ? 'the desktop app; no Node was found, so runs stop with the app'
        : `the desktop app; workers run on Node ${node.reason}`,
    folder: workspaceFolder(),
    choosePath,
    ...(node === null ? { startWorker: startUtilityWorker } : {}),
    log,
  })
}

/** A window at its last place, which is remembered whenever it is asked to close. */
function openWhereItWas(mayClose: () => boolean): BrowserWindow {
  const placeFile = join(app.getPath('userData'), 'window.json')
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea)
  const opened = openWindow(preloadPath(), readWindowPlace(placeFile, screens))
  opened.on('close', (event) => {
    rememberWindowPlace(placeFile, { ...opened.getNormalBounds(), isMaximized: opened.isMaximized() })
    if (!mayClose()) event.preventDefault()
  })
  return opened
}

const workspaceFolder = (): string => (app.isPackaged ? app.getPath('documents') : process.cwd())
