import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
const PACKAGES = ['chromium', 'fonts-dejavu-core']
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const isRoot = (): boolean => process.getuid?.() === 0

/** Path of a real Chromium: CHROMIUM_PATH, one on the search path, or one installed now where that is allowed. */
export function findChromium(): string {
  const given = process.env['CHROMIUM_PATH']
  if (given !== undefined && given !== '') {
    if (!existsSync(given)) throw new Error(`CHROMIUM_PATH names ${given}, which does not exist`)
    return given
  }
  const found = onPath() ?? (install() ? onPath() : null)
  if (found !== null) return found
  throw new Error(
    `no Chromium: looked for ${NAMES.join(', ')} on the search path. Install one (Debian: apt-get install ${PACKAGES.join(' ')}) or set CHROMIUM_PATH.`,
  )
}

function onPath(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find((path) => existsSync(path)) ?? null
}

/** Installs Chromium as root on a Debian-like system; false elsewhere and when it fails. */
function install(): boolean {
  if (!isRoot() || !existsSync('/etc/debian_version')) return false
  console.log(`no Chromium found; installing ${PACKAGES.join(', ')} with apt-get`)
  const run = (...args: string[]): boolean =>
    spawnSync('apt-get', args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  return run('update') && run('install', '-y', '--no-install-recommends', ...PACKAGES)
}

export const chromiumArguments = (): string[] => [...(isRoot() ? ['--no-sandbox'] : []), ...FLAGS]

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: chromiumArguments() })
}

/** The loader that runs these TypeScript files wraps functions in a helper, which functions sent to a page need there too. */
export const PAGE_HELPER = 'globalThis.__name = (value) => value'
