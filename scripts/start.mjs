// `npm start`: builds what is stale, then opens the Electron app when its program is there, else the browser.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { mainIsFresh, rendererIsFresh } from './freshness.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function buildStale() {
  const parts = [...(mainIsFresh(root) ? [] : ['--main']), ...(rendererIsFresh(root) ? [] : ['--renderer'])]
  if (parts.length === 0) return
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), ...parts], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(1)
}

/** Path of the Electron program. The package is only looked at: loading it would start a download. */
function electronProgram() {
  const folder = join(root, 'node_modules', 'electron')
  if (!existsSync(folder)) return { program: null, reason: 'the electron package is not installed' }
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const listed = join(folder, 'path.txt')
  const name = existsSync(listed)
    ? readFileSync(listed, 'utf8').trim()
    : (names[process.platform] ?? 'electron')
  const program = join(override ?? join(folder, 'dist'), name)
  if (!existsSync(program))
    return {
      program: null,
      reason: 'the Electron program has not been downloaded (npx electron --version fetches it)',
    }
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { program: null, reason: 'there is no display' }
  return { program, reason: 'its program is there' }
}

buildStale()
const { program, reason } = electronProgram()
if (program !== null) {
  console.log(`Opening the Electron app: ${reason}.`)
  const child = spawn(program, [root, ...process.argv.slice(2)], { stdio: 'inherit' })
  child.on('exit', (code) => process.exit(code ?? 1))
} else {
  console.log(`Opening in the browser: ${reason}.`)
  process.argv.splice(
    2,
    Infinity,
    'serve',
    '--open',
    '--reason',
    `opened in the browser because ${reason}`,
    ...process.argv.slice(2),
  )
  await import('./cotrain.mjs')
}
