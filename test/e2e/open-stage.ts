import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { lockHolder } from '../../src-main/disk/file-lock.ts'
import { homeLayout } from '../../src-main/disk/home-layout.ts'
import { runLayout } from '../../src-main/store/files/layout.ts'
import { isAlive } from '../../src-main/disk/process-identity.ts'
import { guardedEnvironment } from '../support/network-guard.ts'
import { PAGE_HELPER } from './browser.ts'
import type { Stage } from './scenario.ts'
import type { ServedApp } from './served-app.ts'
import { makeHome, serveApp } from './served-app.ts'

/** Other work on the machine may slow everything down; a condition that holds ends the wait at once. */
export const WAIT_MS = 90_000
/** The console's line about a refused request does not say which. */
const REFUSED = /^Failed to load resource/
export const ARTIFACTS = join(import.meta.dirname, 'artifacts')

/** Requests and sockets of all pages of the suite, and those of them that went to another address than that of the host. */
export const requests = { made: 0, left: 0 }

export interface OpenStage extends Stage {
  /** Tries of the host and its workers to reach another machine; each was refused. */
  networkCalls(): readonly string[]
  /** Images of all open pages, for a scenario that failed. */
  photograph(name: string): Promise<void>
  close(): Promise<void>
}

export function openStage(browser: Browser): OpenStage {
  const folder = mkdtempSync(join(tmpdir(), 'cotrain-e2e-'))
  const home = makeHome(join(folder, 'home'))
  const faults: string[] = []
  const networkLog = join(folder, 'network.log')
  const pages: Page[] = []
  let context: BrowserContext | null = null
  let app: ServedApp | null = null
  let isSignedIn = false

  const closePages = async (): Promise<void> => {
    for (const page of pages.splice(0)) await page.close()
    await context?.close()
    context = null
    isSignedIn = false
  }
  /** The pages first: an open page would complain about a host that is gone. */
  const stop = async (): Promise<void> => {
    await closePages()
    await app?.stop()
    app = null
  }
  return {
    home,
    faults,
    networkCalls: () => loggedCalls(networkLog),
    stop,
    serve: async (env = {}) => (app = await serveApp(home, { ...guardedEnvironment(networkLog), ...env })),
    open: async ({ theme = 'light', width = 1280, height = 800 } = {}) => {
      if (app === null) throw new Error('serve() comes before open()')
      context ??= await browser.newContext({ viewport: { width, height }, acceptDownloads: true })
      context.setDefaultTimeout(WAIT_MS)
      const page = await context.newPage()
      pages.push(page)
      await page.addInitScript(PAGE_HELPER)
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height })
      const look = (url: string): void => {
        const { origin, host } = new URL(url)
        if (!/^(https?|wss?):/.test(url)) return
        requests.made++
        if (host === new URL(app?.origin ?? url).host) return
        requests.left++
        faults.push(`network: ${origin}: ${url}`)
      }
      page.on('request', (request) => look(request.url()))
      page.on('websocket', (socket) => look(socket.url()))
      page.on('pageerror', (error) => faults.push(`page error: ${error.message}`))
      page.on('console', (message) => {
        if (message.type() === 'error' && !REFUSED.test(message.text()))
          faults.push(`console: ${message.text()}`)
      })
      page.on('response', (response) => {
        if (response.status() >= 400)
          faults.push(`status ${response.status()}: ${response.request().postData() ?? response.url()}`)
      })
      await page.goto(isSignedIn ? `${app.origin}/` : app.launchUrl)
      isSignedIn = true
      await page.getByRole('main').waitFor()
      return page
    },
    photograph: (name) => photographPages(name, pages),
    close: async () => {
      await stop()
      killWorkers(home)
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

export const loggedCalls = (networkLog: string): string[] =>
  existsSync(networkLog)
    ? readFileSync(networkLog, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => `network: ${line}`)
    : []

export async function photographPages(name: string, pages: readonly Page[]): Promise<void> {
  mkdirSync(ARTIFACTS, { recursive: true })
  for (const [i, page] of pages.entries())
    await page.screenshot({ path: join(ARTIFACTS, `${name}-${i}.png`) }).catch(() => undefined)
}

/** Workers outlive the host; those of a scenario that failed must not outlive the test. */
export function killWorkers(home: string): void {
  const { runs } = homeLayout(home)
  for (const id of existsSync(runs) ? readdirSync(runs) : []) {
    const holder = lockHolder(runLayout(join(runs, id)).lock)
    if (holder !== null && isAlive(holder) === true) process.kill(holder.pid, 'SIGKILL')
  }
}
