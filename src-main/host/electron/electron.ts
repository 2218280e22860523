import { join } from 'node:path'
import { app, Menu, protocol, screen, session, shell } from 'electron'
import type { BrowserWindow } from 'electron'
import { APP_ORIGIN, APP_SCHEME, answerAppRequest } from './app-protocol.ts'
import { appRoot, appVersion } from '../app-root.ts'
import { compose } from '../compose.ts'
import type { Composed } from '../compose.ts'
import { chooseInDialog } from './electron-dialog.ts'
import { catchFaults, reviveWindow, showFault } from './electron-fault.ts'
import { answerCalls, sendEventsTo } from './electron-ipc.ts'
import { menuTemplate } from './electron-menu.ts'
import { closeBeforeQuit, guardQuit } from './electron-quit.ts'
import { showRecent } from './electron-recent.ts'
import { reportedSteps } from './electron-start.ts'
import { denyPermissions, openWindow, preloadPath } from './electron-window.ts'
import { hasFeed, watchUpdates } from './electron-updates.ts'
import { showWork } from './electron-work.ts'
import type { Work } from './electron-work.ts'
import type { RunningService } from '../../service/create-service.ts'
import { startUtilityWorker } from './electron-worker.ts'
import type { LogFile } from '../../disk/log-file.ts'
import { openLogFile } from '../../disk/log-file.ts'
import type { PathGrants } from '../path-grants.ts'
import { createPathGrants } from '../path-grants.ts'
import type { FoundNode } from '../../process/node-program.ts'
import { findNode } from '../../process/node-program.ts'
import { offerCommand } from './electron-command.ts'
import type { OpenedFile } from './opened-file.ts'
import { fileOfArguments, openedFile } from './opened-file.ts'
import { LINK_SCHEME, runOfArguments, runOfLink } from './run-link.ts'
import type { ChoosePath } from '../../service/parts.ts'
import { readWindowPlace, rememberWindowPlace } from './window-place.ts'

// https://www.electronjs.org/docs/latest/api/protocol: only before `ready`.
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

const isMac = process.platform === 'darwin'
const log = openLogFile(join(app.getPath('logs'), 'cotrain.log'))
const tell = (text: string): void => {
  log.write(text)
  process.stderr.write(`${text}\n`)
}

// Nothing is awaited at the top of this module: Electron is `ready` only after the module has been evaluated.
// https://www.electronjs.org/docs/latest/tutorial/esm
catchFaults(log)
if (app.requestSingleInstanceLock())
  start().catch((error: unknown) => showFault('CoTrain could not start.', error, log))
else {
  log.write('start: another instance is there, which comes to the front')
  app.quit()
}

async function start(): Promise<void> {
  const step = reportedSteps(log.write)
  const grants = createPathGrants()
  const asked = hearSystem(grants)
  await step('the system to be ready', () => app.whenReady())
  await step('the page', () => prepareSession(log, asked.ask))
  const node = findNode()
  tell(
    node === null
      ? 'No Node was found for workers: install the app again, or set COTRAIN_NODE.'
      : `Workers run on Node ${node.reason}.`,
  )
  const window = keptWindow()
  const { service, workspace, close } = await step('the service', () =>
    composeApp(node, chooseInDialog(window.get, grants)),
  )
  answerCalls(service, grants, tell)
  service.watch()
  await step('the queue', () => workspace.supervisor.start())
  const openPage = (page: string): void => void window.show().loadURL(`${APP_ORIGIN}/#${page}`)
  const openRun = (id: string): void => openPage(pageOfRun(id))
  const work = await step('runs that are being trained', () => showWork(service, window.get, openRun))
  await lookForUpdates(service, work)
  const quit = guardQuit({ app, service, work, windowOf: window.get, outlive: node !== null })
  closeBeforeQuit(app, close, tell)
  window.opensWith(() => {
    // On a Mac the app lives on without a window; elsewhere closing it ends the app.
    const opened = openWhereItWas(() => isMac || quit.mayClose())
    sendEventsTo(opened, service)
    reviveWindow(opened, log)
    return opened
  })
  await step('the window', window.show)
  app.on('activate', window.show)
  app.on('window-all-closed', () => {
    if (!isMac) app.quit()
  })
  asked.answer((page) => (page === null ? window.show() : openPage(page)))
  const shown = { platform: process.platform, program: app.getPath('exe') }
  await showRecent({ app, service, ...shown, openRun, log: tell })
}

/** The one window of the app; while there is none, whoever needs it opens it. */
function keptWindow() {
  let current: BrowserWindow | null = null
  let open: (() => BrowserWindow) | null = null
  return {
    get: (): BrowserWindow | null => current,
    opensWith: (given: () => BrowserWindow): void => void (open = given),
    /** In front, opened where it is not there. */
    show: (): BrowserWindow => {
      if (open === null) throw new Error('no window can be opened yet')
      if (current === null) {
        const opened = open()
        opened.on('closed', () => (current = null))
        return (current = opened)
      }
      if (current.isMinimized()) current.restore()
      current.show()
      current.focus()
      return current
    },
  }
}

const pageOfRun = (id: string): string => `/runs/${id}`
const pageOfFile = ({ kind, path }: OpenedFile): string =>
  `${kind === 'config' ? '/edit' : '/packages'}?file=${encodeURIComponent(path)}`

/** What is asked of the app before there is a window is answered when there is one. */
interface Asked {
  /** For a page of the app; null: for the app as it is. */
  ask(page: string | null): void
  answer(with_: (page: string | null) => void): void
}

/** What the system asks of the app: another start of it, links to runs, configs and packages to open. */
function hearSystem(grants: PathGrants): Asked {
  let answer: ((page: string | null) => void) | null = null
  const waiting: (string | null)[] = []
  const ask = (page: string | null): void => (answer === null ? void waiting.push(page) : answer(page))
  const askFor = (run: string | null, file: OpenedFile | null): void => {
    if (file !== null) grants.grant(file.path)
    ask(run !== null ? pageOfRun(run) : file !== null ? pageOfFile(file) : null)
  }
  // The first one is the program.
  const asks = (args: readonly string[], folder: string) =>
    [runOfArguments(args), fileOfArguments(args.slice(1), folder)] as const
  const first = asks(process.argv, process.cwd())
  if (first.some((found) => found !== null)) askFor(...first)
  app.on('second-instance', (_event, args, folder) => askFor(...asks(args, folder)))
  app.on('open-file', (event, path) => {
    event.preventDefault()
    askFor(null, openedFile(path, '/'))
  })
  // https://www.electronjs.org/docs/latest/api/app: on a Mac links come so, even before `ready`.
  app.on('open-url', (event, url) => {
    event.preventDefault()
    askFor(runOfLink(url), null)
  })
  // A link belongs to what is installed, not to whatever checkout was started last.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME)
  // Windows shows notifications only for programs with this name.
  app.setAppUserModelId('org.cotrain.app')
  return {
    ask,
    answer: (given) => {
      answer = given
      waiting.splice(0).forEach(given)
    },
  }
}

/** The menu, what pages may do, and where they come from. */
function prepareSession({ path }: LogFile, goTo: (page: string) => void): void {
  const showLog = (): void => shell.showItemInFolder(path)
  const installCommand = app.isPackaged ? () => void offerCommand() : null
  const template = menuTemplate(isMac, !app.isPackaged, { goTo, showLog, installCommand })
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  denyPermissions(session.defaultSession)
  app.on('web-contents-created', (_event, contents) =>
    contents.on('will-attach-webview', (event) => event.preventDefault()),
  )
  const root = join(appRoot(), 'out', 'renderer')
  protocol.handle(APP_SCHEME, ({ url }) => answerAppRequest(root, url))
}

/** Where the package names an address; the updater is not even loaded elsewhere. */
async function lookForUpdates(service: RunningService, work: Work): Promise<void> {
  if (!app.isPackaged || !hasFeed(process.resourcesPath)) return
  const { default: updater } = await import('electron-updater')
  watchUpdates({
    updater: updater.autoUpdater,
    version: appVersion(),
    isWanted: async () => (await service.call('settings.get', {})).lookForUpdates,
    isTraining: () => work.running().length > 0,
    log: tell,
  })
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
    log: tell,
  })
}

/** A window at its last place, which is remembered whenever it is asked to close. */
function openWhereItWas(mayClose: () => boolean): BrowserWindow {
  const placeFile = join(app.getPath('userData'), 'window.json')
  const screens = () => screen.getAllDisplays().map(({ workArea }) => workArea)
  const opened = openWindow(preloadPath(), readWindowPlace(placeFile, screens()))
  opened.on('close', (event) => {
    rememberWindowPlace(placeFile, screens(), {
      ...opened.getNormalBounds(),
      isMaximized: opened.isMaximized(),
    })
    if (!mayClose()) event.preventDefault()
  })
  return opened
}

const workspaceFolder = (): string => (app.isPackaged ? app.getPath('documents') : process.cwd())
