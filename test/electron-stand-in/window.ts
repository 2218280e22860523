import { EventEmitter } from 'node:events'
import { readFileSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { openWindows, webContentsCreated, windowGone } from './app.ts'
import { windows } from './chromium.ts'
import { BINDING, MAIN_WORLD, WORLD, isolatedWorld } from './in-page.ts'
import { answerInvoke } from './ipc.ts'
import { answerRequests, refuseRequests, toMain, toPage } from './protocol.ts'
import { preventable, ready, requests, tell } from './state.ts'
import { strict } from './strict.ts'
import { wire } from './wire.ts'

interface Bounds {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

interface WindowOptions extends Partial<Bounds> {
  readonly show?: boolean
  readonly title?: string
  readonly minWidth?: number
  readonly minHeight?: number
  readonly webPreferences: { readonly preload: string } & Readonly<Record<string, unknown>>
}

type OpenHandler = (details: { url: string }) => { action: 'deny' | 'allow' }

/** What the app's pages must be: a window that is less locked down is a fault that the test is told. */
const LOCKED = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webSecurity: true,
  webviewTag: false,
}

let closed: Promise<void> | undefined

/** One page of Chromium with the preload in an isolated world. */
async function openPage(preload: string): Promise<{ page: Page; client: CDPSession }> {
  const context = await windows()
  await (closed ??= refuseRequests(context))
  const page = await context.newPage()
  await answerRequests(page)
  const client = await context.newCDPSession(page)
  await client.send('Page.enable')
  await client.send('Runtime.enable')
  await client.send('Page.addScriptToEvaluateOnNewDocument', { source: MAIN_WORLD })
  await client.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD })
  await client.send('Page.addScriptToEvaluateOnNewDocument', {
    source: isolatedWorld(readFileSync(preload, 'utf8')),
    worldName: WORLD,
  })
  return { page, client }
}

/** https://www.electronjs.org/docs/latest/api/browser-window and web-contents */
export class BrowserWindow {
  static readonly all = new Set<BrowserWindow>()
  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.all]
  }

  readonly id = BrowserWindow.all.size + 1
  readonly webContents
  private readonly events = new EventEmitter()
  private readonly contents = new EventEmitter()
  private openHandler: OpenHandler = () => ({ action: 'allow' })
  private page: Page | null = null
  private isolated: { client: CDPSession; context: number } | null = null
  private isGone = false
  private isCrashed = false
  private readonly preload: string
  private isHere = false
  private isMinimal = false
  private isMaximal = false
  private work: Promise<unknown>
  private loads = 0
  private bounds: Bounds

  constructor(options: WindowOptions) {
    ready.need('BrowserWindow')
    for (const [name, value] of Object.entries(LOCKED))
      if (options.webPreferences[name] !== value) tell({ kind: 'unlocked', name })
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    this.isHere = options.show !== false
    this.preload = options.webPreferences.preload
    this.webContents = this.makeContents()
    BrowserWindow.all.add(this)
    openWindows.add(this)
    this.work = openPage(options.webPreferences.preload).then(({ page, client }) => this.begin(page, client))
    this.work.catch((error: unknown) => tell({ kind: 'fault', text: String(error) }))
    webContentsCreated(this.webContents)
    tell({ kind: 'window', bounds: this.bounds, isShown: this.isHere })
  }

  private async begin(page: Page, client: CDPSession): Promise<void> {
    this.page = page
    await page.setViewportSize({ width: this.bounds.width, height: this.bounds.height })
    client.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name === WORLD) this.isolated = { client, context: context.id }
    })
    client.on('Runtime.bindingCalled', ({ payload }) => void this.answer(payload))
    page.on('crash', () => {
      this.isCrashed = true
      this.isolated = null
      this.contents.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 139 })
    })
    client.on('Page.windowOpen', ({ url }) => {
      if (this.openHandler({ url: toMain(url) }).action === 'allow') tell({ kind: 'popup', url })
    })
    // Chromium has opened it already; Electron asks first.
    page.on('popup', (popup) => void popup.close().catch(() => undefined))
    page.on('close', () => {
      if (this.page === page) this.gone()
    })
    page.on('console', (message) => {
      if (message.type() === 'error') tell({ kind: 'console', text: message.text() })
    })
    page.on('pageerror', (error) => tell({ kind: 'page-error', text: error.message }))
    await page.route('**/*', async (route) => {
      const request = route.request()
      // The document itself, by the page's own doing: the app may refuse it.
      const isOwn = request.isNavigationRequest() && request.frame() === page.mainFrame() && this.loads === 0
      if (!isOwn) return route.fallback()
      const event = preventable()
      this.contents.emit('will-navigate', event, toMain(request.url()))
      return event.defaultPrevented ? route.abort('aborted') : route.fallback()
    })
  }

  private async answer(payload: string): Promise<void> {
    const asked = this.isolated
    const url = toMain(this.page?.url() ?? '')
    const answered = await answerInvoke(payload, {
      sender: this.webContents,
      senderFrame: { url, parent: null },
    })
    if (asked === this.isolated) await this.toIsolated(answered)
  }

  private async toIsolated(text: string): Promise<void> {
    if (this.isolated === null || this.isGone) return
    const { client, context } = this.isolated
    const expression = `__fromMain(${JSON.stringify(text)})`
    await client.send('Runtime.evaluate', { expression, contextId: context }).catch(() => undefined) // the page has gone on
  }

  private makeContents() {
    return strict('webContents', {
      on: (name: string, listener: (...args: unknown[]) => void): void =>
        void this.contents.on(name, listener),
      setWindowOpenHandler: (handler: OpenHandler): void => void (this.openHandler = handler),
      send: (channel: string, ...args: unknown[]): void => {
        if (this.isGone) throw new TypeError('Object has been destroyed')
        void this.toIsolated(wire.pack({ kind: 'event', channel, args }))
      },
      reload: (): void => void this.reload(),
      forcefullyCrashRenderer: (): void => void this.crash(),
    })
  }

  /** A page whose process has ended gets another, as Chromium gives no new one to a page that a debugger holds. */
  private async reload(): Promise<void> {
    const { page: old } = this
    const url = old?.url() ?? ''
    if (this.isCrashed) {
      const { page, client } = await openPage(this.preload)
      this.isCrashed = false
      await this.begin(page, client)
      await old?.close().catch(() => undefined)
    }
    await this.load(url)
  }

  private async crash(): Promise<void> {
    await this.isolated?.client.send('Page.crash').catch(() => undefined)
  }

  private load(url: string): Promise<void> {
    const loading = this.work.then(async () => {
      this.loads += 1
      try {
        await this.page?.goto(url)
      } finally {
        this.loads -= 1
      }
    })
    this.work = loading.catch((error: unknown) => tell({ kind: 'fault', text: String(error) }))
    return loading
  }

  loadURL(url: string): Promise<void> {
    const isFirst = this.page === null
    return this.load(toPage(url)).then(() => {
      if (isFirst) this.events.emit('ready-to-show')
      tell({ kind: 'loaded', url })
    })
  }

  on(name: string, listener: (...args: unknown[]) => void): void {
    this.events.on(name, listener)
  }
  once(name: string, listener: (...args: unknown[]) => void): void {
    this.events.once(name, listener)
  }

  show(): void {
    this.isHere = true
    tell({ kind: 'shown' })
  }
  focus(): void {
    tell({ kind: 'focused' })
  }
  restore(): void {
    this.isMinimal = false
  }
  maximize(): void {
    this.isMaximal = true
  }
  isMinimized(): boolean {
    return this.isMinimal
  }
  isMaximized(): boolean {
    return this.isMaximal
  }
  isFocused(): boolean {
    return this.isHere && !this.isMinimal
  }
  isDestroyed(): boolean {
    return this.isGone
  }
  getNormalBounds(): Bounds {
    return this.bounds
  }
  setProgressBar(value: number): void {
    tell({ kind: 'progress', value })
  }

  close(): void {
    void this.tryClose()
  }

  async tryClose(): Promise<boolean> {
    if (this.isGone) return true
    const event = preventable()
    this.events.emit('close', event)
    if (event.defaultPrevented) return false
    this.gone()
    await this.page?.close().catch(() => undefined)
    return true
  }

  private gone(): void {
    if (this.isGone) return
    this.isGone = true
    BrowserWindow.all.delete(this)
    this.events.emit('closed')
    tell({ kind: 'closed' })
    windowGone(this)
  }
}

requests.on('close-window', () => [...BrowserWindow.all].forEach((window) => window.close()))
requests.on('minimize', () =>
  [...BrowserWindow.all].forEach((window) => Object.assign(window, { isMinimal: true })),
)
requests.on('crash', () =>
  [...BrowserWindow.all].forEach((window) => window.webContents.forcefullyCrashRenderer()),
)
