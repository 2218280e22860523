import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { ready, requests, tell } from './state.ts'
import { strict } from './strict.ts'

/** Boxes wait until the test answers; nothing is answered by itself. */
const boxes: ((answer: unknown) => void)[] = []
const early: unknown[] = []
requests.on('answer', ({ answer }) => {
  const box = boxes.shift()
  if (box === undefined) early.push(answer)
  else box(answer)
})

function ask(method: string, given: readonly unknown[]): Promise<unknown> {
  ready.need(`dialog.${method}`)
  tell({ kind: 'dialog', method, options: given.at(-1) })
  return early.length > 0 ? Promise.resolve(early.shift()) : new Promise((resolve) => boxes.push(resolve))
}

/** A box that blocks cannot wait for a test in the same thread: its answers are given in advance, `Quit` unless they are. */
const blocking = JSON.parse(process.env['STAND_IN_SYNC_ANSWERS'] ?? '[]') as number[]

export const dialog = strict('dialog', {
  showMessageBox: async (...given: unknown[]) => ({ response: await ask('showMessageBox', given) }),
  showOpenDialog: (...given: unknown[]) => ask('showOpenDialog', given),
  showSaveDialog: (...given: unknown[]) => ask('showSaveDialog', given),
  showMessageBoxSync: (options: { buttons: readonly string[] }): number => {
    ready.need('dialog.showMessageBoxSync')
    tell({ kind: 'dialog', method: 'showMessageBoxSync', options })
    return blocking.shift() ?? options.buttons.length - 1
  },
  // The only one that may be used before the app is ready.
  showErrorBox: (title: string, content: string): void =>
    tell({ kind: 'dialog', method: 'showErrorBox', options: { title, content } }),
})

interface MenuItem {
  readonly label?: string
  readonly role?: string
  readonly click?: () => void
  readonly submenu?: readonly MenuItem[]
}
let menu: readonly MenuItem[] = []
export const Menu = strict('Menu', {
  buildFromTemplate: (template: readonly MenuItem[]) => template,
  setApplicationMenu: (given: readonly MenuItem[]): void => {
    ready.need('Menu.setApplicationMenu')
    menu = given
  },
})
requests.on('menu', ({ label }) => {
  const all = menu.flatMap(({ submenu = [] }) => submenu)
  const item = all.find((known) => known.label === label)
  if (item?.click === undefined) tell({ kind: 'fault', text: `no menu item ${String(label)}` })
  else item.click()
})

export class Notification {
  static readonly shown: Notification[] = []
  static isSupported(): boolean {
    return true
  }
  private readonly events = new EventEmitter()
  private readonly options: { title: string; body: string }
  constructor(options: { title: string; body: string }) {
    ready.need('Notification')
    this.options = options
  }
  on(name: string, listener: () => void): void {
    this.events.on(name, listener)
  }
  show(): void {
    Notification.shown.push(this)
    tell({ kind: 'notification', ...this.options })
  }
  click(): void {
    this.events.emit('click')
  }
}
requests.on('click-notification', () => Notification.shown.at(-1)?.click())

let blockers = 0
export const powerSaveBlocker = strict('powerSaveBlocker', {
  start: (type: string): number => (tell({ kind: 'awake', type }), ++blockers),
  stop: (id: number): void => tell({ kind: 'asleep', id }),
})

export const clipboard = strict('clipboard', {
  writeText: (text: string): Promise<void> => (tell({ kind: 'clipboard', text }), Promise.resolve()),
})

export const shell = strict('shell', {
  openExternal: (url: string): Promise<void> => (tell({ kind: 'external', url }), Promise.resolve()),
  showItemInFolder: (path: string): void => tell({ kind: 'folder', path }),
})

export const screen = strict('screen', {
  getAllDisplays: () => {
    ready.need('screen')
    return [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }]
  },
})

type Request = (contents: unknown, permission: string, answer: (isGranted: boolean) => void) => void
type Check = (contents: unknown, permission: string) => boolean

/** Unless the app says otherwise, what a page asks for is granted. https://www.electronjs.org/docs/latest/api/session */
let onRequest: Request = (_contents, _permission, answer) => answer(true)
let onCheck: Check = () => true
requests.on('permission', ({ permission }) => {
  const isChecked = onCheck(null, String(permission))
  onRequest(null, String(permission), (isGranted) =>
    tell({ kind: 'permission', permission, isGranted, isChecked }),
  )
})

export const session = {
  get defaultSession() {
    ready.need('session')
    return strict('session', {
      setPermissionRequestHandler: (handler: Request): void => void (onRequest = handler),
      setPermissionCheckHandler: (handler: Check): void => void (onCheck = handler),
    })
  },
}

/** https://www.electronjs.org/docs/latest/api/utility-process: no number before it runs, none after it ended. */
export const utilityProcess = strict('utilityProcess', {
  fork: (entry: string, args: readonly string[], options: { env: NodeJS.ProcessEnv }) => {
    ready.need('utilityProcess')
    const child = fork(entry, args, { env: options.env, stdio: 'pipe', execArgv: [] })
    process.once('exit', () => child.kill('SIGKILL'))
    return child
  },
})
