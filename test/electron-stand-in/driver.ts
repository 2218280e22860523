import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { eventually } from '../e2e/scenario.ts'
import type { Told } from './state.ts'

const root = join(import.meta.dirname, '../..')

export interface DesktopApp {
  readonly pid: number
  /** What the app asked of the desktop, in order. */
  readonly told: readonly Told[]
  /** Asks the stand-in for something a person or the system would do. */
  ask(request: Told): void
  /** Waits for something that the app asks. */
  hears(kind: string, isIt?: (told: Told) => boolean): Promise<Told>
  /** The page in the window, to be looked at and used. */
  page(): Promise<Page>
  /** Exit code of the app, or the signal that ended it, when it ends. */
  readonly ended: Promise<number | string>
  kill(): Promise<void>
}

export interface DesktopOptions {
  readonly home: string
  readonly userData: string
  readonly env?: Readonly<Record<string, string>>
  readonly main?: string
  readonly args?: readonly string[]
}

/** What the stand-in tells of things that must never happen. */
const FORBIDDEN = new Set(['fault', 'unlocked', 'console', 'page-error', 'network', 'popup'])
export const faultsOf = ({ told }: DesktopApp): Told[] => told.filter(({ kind }) => FORBIDDEN.has(kind))

/** Starts the built app on the stand-in. */
export function startDesktop({ home, userData, env = {}, main, args = [] }: DesktopOptions): DesktopApp {
  const entry = main ?? join(root, 'out/main/electron.js')
  const child: ChildProcess = fork(join(import.meta.dirname, 'launch.ts'), [entry, ...args], {
    cwd: home,
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...process.env,
      COTRAIN_NODE: process.execPath,
      ...env,
      COTRAIN_HOME: home,
      STAND_IN_USER_DATA: userData,
    },
  })
  const told: Told[] = []
  let said = ''
  child.stderr?.on('data', (text) => (said = (said + String(text)).slice(-4000)))
  child.on('message', (message: Told) => told.push(message))
  let browser: Browser | null = null
  const crashed = new WeakSet<Page>()
  const ended = once(child, 'exit').then(async ([code, signal]) => {
    await browser?.close().catch(() => undefined)
    return (code ?? signal) as number | string
  })
  const hears = async (kind: string, isIt: (t: Told) => boolean = () => true): Promise<Told> => {
    const found = await eventually(
      `the app asks for ${kind} (it said: ${said.slice(-600)})`,
      () => told.find((item) => item.kind === kind && isIt(item)),
      (item) => item !== undefined,
      60_000,
    )
    if (found === undefined) throw new Error('unreachable: eventually has met its condition')
    return found
  }
  return {
    pid: child.pid ?? 0,
    told,
    ended,
    hears,
    ask: (request) => void child.send(request),
    page: async () => {
      const { address } = await hears('chromium')
      browser ??= await chromium.connectOverCDP(String(address))
      const pages = (): Page[] =>
        browser
          ?.contexts()
          .flatMap((context) => context.pages())
          .filter((page) => page.url() !== 'about:blank' && !crashed.has(page)) ?? []
      const [page] = await eventually('a page of the app', pages, (found) => found.length > 0)
      if (page === undefined) throw new Error('unreachable: eventually has met its condition')
      page.once('crash', () => crashed.add(page))
      return page
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await ended
    },
  }
}
