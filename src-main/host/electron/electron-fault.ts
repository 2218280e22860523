import { app, clipboard, dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import { appVersion } from '../app-root.ts'
import { homedir, hostname, userInfo } from 'node:os'
import { scrubReport } from '../../../src-shared/util/scrub-report.ts'
import type { LogFile } from '../../disk/log-file.ts'

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)

/** What to send to whoever mends it, without names of people and machines. */
function reportOf(error: unknown, log: LogFile): string {
  const text = [
    `CoTrain ${appVersion()}, Electron ${process.versions['electron']}, ${process.platform} ${process.arch}`,
    textOf(error),
    `Log (${log.path}):`,
    log.tail(),
  ].join('\n\n')
  return scrubReport(text, { home: homedir(), user: userName(), host: hostname() })
}

function userName(): string | null {
  try {
    return userInfo().username
  } catch {
    return null // a number alone, as in containers
  }
}

/** A box of the system has no scroll bar: the report is cut for the eye, and copied whole. */
const SHOWN_CHARACTERS = 2_000

/** Nothing is copied that was not shown before. */
function offerReport(report: string): void {
  const isLong = report.length > SHOWN_CHARACTERS
  const choice = dialog.showMessageBoxSync({
    type: 'info',
    message: 'This is what is copied. Names of people and machines are taken out.',
    detail: isLong ? `${report.slice(0, SHOWN_CHARACTERS)}\n... and ${report.length - SHOWN_CHARACTERS} characters more of the log` : report, // prettier-ignore
    buttons: ['Copy', 'Back'],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  })
  if (choice === 0) void clipboard.writeText(report)
}

const RUNS_GO_ON = 'Runs that are being trained go on: they are processes of their own.'

/** Says in a native box what went wrong and where it is written, until it is decided whether the app starts again. */
export function showFault(what: string, error: unknown, log: LogFile): void {
  log.write(`${what} ${textOf(error)}`)
  // https://www.electronjs.org/docs/latest/api/dialog: before `ready` only showErrorBox may be called.
  if (!app.isReady()) {
    dialog.showErrorBox(what, `${textOf(error)}\n\nLog: ${log.path}`)
    app.exit(1)
    return
  }
  const choose = (): number =>
    dialog.showMessageBoxSync({
      type: 'error',
      message: what,
      detail: `${error instanceof Error ? error.message : String(error)}\n\n${RUNS_GO_ON}\n\nLog: ${log.path}`,
      buttons: ['Restart', 'Show report', 'Quit'],
      defaultId: 0,
      cancelId: 2,
      noLink: true,
    })
  let choice = choose()
  for (; choice === 1; choice = choose()) offerReport(reportOf(error, log))
  if (choice === 0) app.relaunch()
  app.exit(choice === 0 ? 0 : 1)
}

/** Faults that nobody has caught end the app in a known way: said, with the way back. */
export function catchFaults(log: LogFile): void {
  let isShown = false
  process.on('uncaughtException', (error) => {
    if (isShown) return log.write(textOf(error))
    isShown = true
    showFault('CoTrain has met a fault and must restart.', error, log)
  })
}

/** A page that crashed or hangs is offered again; what it showed is in the store. */
export function reviveWindow(window: BrowserWindow, log: LogFile): void {
  const { webContents } = window
  let isAsking = false
  let isEnded = false
  const ask = async (message: string, other: string): Promise<boolean> => {
    if (isAsking) return false
    isAsking = true
    try {
      const options = {
        type: 'warning' as const,
        message,
        detail: RUNS_GO_ON,
        buttons: ['Open again', other],
        defaultId: 0,
        cancelId: 1,
        noLink: true,
      }
      return (await dialog.showMessageBox(window, options)).response === 0
    } finally {
      isAsking = false
    }
  }
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.write(`window: ${reason} (${exitCode})`)
    // What was ended here is being loaded again.
    if (reason === 'clean-exit' || isEnded) return void (isEnded = false)
    void ask(`The window has stopped working (${reason}).`, 'Close').then((isAgain) => {
      if (window.isDestroyed()) return
      if (isAgain) webContents.reload()
      else window.close()
    })
  })
  window.on('unresponsive', () => {
    log.write('window: unresponsive')
    void ask('The window does not answer.', 'Wait').then((isAgain) => {
      if (!isAgain || window.isDestroyed()) return
      // https://www.electronjs.org/docs/latest/api/web-contents: a page that hangs is ended before it can be loaded again.
      isEnded = true
      webContents.forcefullyCrashRenderer()
      webContents.reload()
    })
  })
}
