import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import type { Server } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endChromium } from './chromium.ts'
import { preventable, ready, requests, tell, userData } from './state.ts'
import { strict } from './strict.ts'

/** What quitting needs to know of windows. */
export interface ClosableWindow {
  /** false: a listener of `close` has prevented it. */
  tryClose(): Promise<boolean>
}
export const openWindows = new Set<ClosableWindow>()

const events = new EventEmitter()
let quitting: 'no' | 'closing windows' | 'leaving' = 'no'
let sent: Promise<void> = Promise.resolve()
let server: Server | null = null

const FOLDERS: Readonly<Record<string, string>> = {
  exe: process.execPath,
  userData,
  logs: join(userData, 'logs'),
  documents: join(userData, 'documents'),
  home: homedir(),
}
const lockFile = join(userData, 'SingletonLock')
const socket = join(userData, 'SingletonSocket')

/** One process for each `userData`: the others hand over their arguments. */
function requestSingleInstanceLock(): boolean {
  mkdirSync(userData, { recursive: true })
  const holder = existsSync(lockFile) ? Number(readFileSync(lockFile, 'utf8')) : null
  if (holder !== null && isAlive(holder)) {
    sent = handOver(process.argv)
    return false
  }
  writeFileSync(lockFile, String(process.pid))
  rmSync(socket, { force: true })
  server = createServer((from) => {
    from.on('data', (text) => {
      const args = JSON.parse(String(text)) as string[]
      events.emit('second-instance', preventable(), args, process.cwd(), {})
    })
  }).listen(socket)
  return true
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const handOver = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const to = createConnection(socket, () => to.end(JSON.stringify(args), resolve))
    to.once('error', reject)
  })

/** https://www.electronjs.org/docs/latest/api/app#appquit */
function quit(): void {
  if (quitting !== 'no') return
  quitting = 'closing windows'
  void leave()
}

async function leave(): Promise<void> {
  const goesOn = (name: string): boolean => {
    const event = preventable()
    events.emit(name, event)
    return !event.defaultPrevented
  }
  const isLeaving = async (): Promise<boolean> => {
    if (!goesOn('before-quit')) return false
    for (const window of [...openWindows]) if (!(await window.tryClose())) return false
    quitting = 'leaving'
    return goesOn('will-quit')
  }
  // Listeners may call quit() again from within: that is a new try.
  await wait(0)
  const isGone = await isLeaving()
  quitting = 'no'
  if (!isGone) return
  events.emit('quit', preventable(), 0)
  await sent
  end(0)
}

function end(code: number): void {
  tell({ kind: 'ended', code })
  server?.close()
  if (server !== null) rmSync(lockFile, { force: true })
  endChromium()
  process.exit(code)
}

export const app = strict('app', {
  isPackaged: process.env['STAND_IN_PACKAGED'] === '1',
  isReady: ready.is,
  whenReady: (): Promise<void> =>
    ready.is() ? Promise.resolve() : new Promise((resolve) => events.once('ready', () => resolve())),
  on: (name: string, listener: (...args: unknown[]) => void): void => void events.on(name, listener),
  getPath: (name: string): string => {
    const path = FOLDERS[name]
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  },
  requestSingleInstanceLock,
  quit,
  exit: end,
  relaunch: (): void => tell({ kind: 'relaunch' }),
  setAppUserModelId: (id: string): void => tell({ kind: 'model-id', id }),
  setAsDefaultProtocolClient: (scheme: string): boolean => (tell({ kind: 'protocol-client', scheme }), true),
  setBadgeCount: (count: number): boolean => (tell({ kind: 'badge', count }), true),
  // https://www.electronjs.org/docs/latest/api/app#appdock-macos-readonly: undefined on other systems; jump lists are of Windows.
  dock: undefined,
})

/** A window has gone: the last one ends the app, unless somebody listens. Not while quitting. */
export function windowGone(window: ClosableWindow): void {
  openWindows.delete(window)
  if (openWindows.size > 0 || quitting !== 'no') return
  if (events.listenerCount('window-all-closed') === 0) quit()
  else events.emit('window-all-closed')
}

/** The main module has been evaluated. */
export function becomeReady(): void {
  ready.set()
  events.emit('ready', {}, {})
}

export const webContentsCreated = (contents: object): boolean =>
  events.emit('web-contents-created', preventable(), contents)

requests.on('quit', quit)
requests.on('activate', () => events.emit('activate', {}, openWindows.size > 0))
requests.on('open-url', ({ url }) => events.emit('open-url', preventable(), url))
