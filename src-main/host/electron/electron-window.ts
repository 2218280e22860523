import { join } from 'node:path'
import { BrowserWindow, shell } from 'electron'
import type { Session } from 'electron'
import { APP_ORIGIN } from './app-protocol.ts'
import type { Rectangle, WindowPlace } from './window-place.ts'

/** Pages that a link in the app may open in the system browser. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set([
  'github.com',
  'doi.org',
  'arxiv.org',
  'www.tensorflow.org',
])

const FIRST_SIZE = { width: 1360, height: 900 }

/** A window that shows the app and can do nothing else, where it was last. */
export function openWindow(preload: string, place: WindowPlace | null = null): BrowserWindow {
  const window = new BrowserWindow({
    ...(place === null ? FIRST_SIZE : boundsOf(place)),
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'CoTrain',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  lockDown(window)
  window.once('ready-to-show', () => {
    if (place?.isMaximized === true) window.maximize()
    window.show()
  })
  void window.loadURL(`${APP_ORIGIN}/`)
  return window
}

const boundsOf = ({ x, y, width, height }: WindowPlace): Rectangle => ({ x, y, width, height })

/** No other page in the window, no other windows; known https pages open in the browser. */
function lockDown({ webContents }: BrowserWindow): void {
  webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${APP_ORIGIN}/`)) event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    if (isKnownPage(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

function isKnownPage(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'https:' && EXTERNAL_HOSTS.has(hostname)
}

/** Camera, location and the like are never needed; copying to the clipboard is. */
export function denyPermissions(session: Session): void {
  const allowed = new Set(['clipboard-sanitized-write'])
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed.has(permission)))
  session.setPermissionCheckHandler((_contents, permission) => allowed.has(permission))
}

export const preloadPath = (): string => join(import.meta.dirname, 'preload.cjs')
