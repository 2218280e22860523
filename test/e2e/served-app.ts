import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { cotrainHome } from '../../src-main/disk/home.ts'

const root = join(import.meta.dirname, '../..')
const START_MS = 60_000

/** The web host as a user starts it: a process of its own with a home of its own. */
export interface ServedApp {
  /** Signs in; works once. */
  readonly launchUrl: string
  readonly origin: string
  readonly pid: number
  stop(): Promise<void>
}

/** A home with the engine that set-up has already found: nothing is downloaded twice. */
export function makeHome(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const engine = join(cotrainHome(), 'engine')
  if (existsSync(engine) && !existsSync(join(folder, 'engine')))
    symlinkSync(engine, join(folder, 'engine'), 'junction')
  return folder
}

export async function serveApp(home: string, env: Readonly<Record<string, string>> = {}): Promise<ServedApp> {
  const child = spawn(process.execPath, [join(root, 'scripts/cotrain.mjs'), 'serve', '--json'], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TF_NUM_INTRAOP_THREADS: '2', OMP_NUM_THREADS: '2', ...env, COTRAIN_HOME: home },
  })
  const { url, port } = await announced(child)
  return {
    launchUrl: url,
    origin: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The address that `serve --json` prints when it is ready. */
function announced(child: ChildProcess): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    let out = ''
    let said = ''
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`serve was not ready after ${START_MS / 1000} s: ${said}`))
    }, START_MS)
    child.stderr?.on('data', (text) => (said = (said + String(text)).slice(-4000)))
    child.stdout?.on('data', (text) => {
      out += String(text)
      if (!out.trimEnd().endsWith('}')) return
      clearTimeout(timer)
      resolve(JSON.parse(out) as { url: string; port: number })
    })
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`serve ended with ${code}: ${said}`))
    })
  })
}
