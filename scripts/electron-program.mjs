import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const NAMES = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }

/** Where Electron's program lies, or would lie; null without the package. Loading the package would start a download. */
export function electronProgram(root) {
  const folder = join(root, 'node_modules', 'electron')
  if (!existsSync(folder)) return null
  const listed = join(folder, 'path.txt')
  const name = existsSync(listed)
    ? readFileSync(listed, 'utf8').trim()
    : (NAMES[process.platform] ?? 'electron')
  return join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), name)
}

/** Fetches the program with the package's own script, once; it checks what came. null, or why there is none. */
export function fetchElectron(root) {
  const folder = join(root, 'node_modules', 'electron')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  console.log(`Fetching Electron ${version} (about 110 MB, once): ${folder}`)
  const { status } = spawnSync(process.execPath, [join(folder, 'install.js')], { stdio: 'inherit' })
  if (status === 0 && existsSync(electronProgram(root))) return null
  return 'Electron could not be fetched (npx install-electron tries again; with a copy of it, set ELECTRON_OVERRIDE_DIST_PATH to its folder)'
}

/** Why a display cannot be had before anything is tried, or null. */
export function missingDisplay(env = process.env) {
  if (process.platform !== 'linux' || env.DISPLAY || env.WAYLAND_DISPLAY) return null
  return 'there is no display (over SSH: npx cotrain serve, with a tunnel)'
}

/** What the end of a program that opened no window means, with the command that mends it. */
export function explainEnd(said, code, signal, program) {
  if (/sandbox/i.test(said))
    return `this system lets no program make Chromium's sandbox (sudo chown root:root ${join(program, '..', 'chrome-sandbox')} && sudo chmod 4755 ${join(program, '..', 'chrome-sandbox')})`
  if (/cannot open display|Missing X server|ozone_platform/i.test(said))
    return 'the display cannot be opened (check DISPLAY or WAYLAND_DISPLAY)'
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(said)?.[1]
  if (library !== undefined)
    return `the system lacks ${library} (sudo apt install libgtk-3-0 libnss3 libasound2 libgbm1)`
  return `Electron ended with ${signal ?? `code ${code}`}`
}
