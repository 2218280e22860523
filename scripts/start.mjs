// `npm start`: builds what is stale, fetches Electron when it is not there, and opens the app; else the browser, with the reason.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { electronProgram, explainEnd, fetchElectron, missingDisplay } from './electron-program.mjs'
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

/** Longer than this, and it has been used: its end is the end. */
const OPENS_WITHIN_MS = 20_000

/** Opens the app in its window and waits for its end; null, or why it opened none. */
function openElectron(program) {
  console.log('Opening the Electron app.')
  const began = Date.now()
  return new Promise((resolve) => {
    let said = ''
    const child = spawn(program, [root, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      process.stderr.write(text)
      said = (said + text).slice(-20_000)
    })
    child.once('error', (error) => resolve(`Electron cannot be started: ${error.message}`))
    child.once('close', (code, signal) => {
      const opened = code === 0 || Date.now() - began > OPENS_WITHIN_MS
      if (opened) process.exitCode = code ?? 1
      resolve(opened ? null : explainEnd(said, code, signal, program))
    })
  })
}

/** The reason for the browser, or null where the window was opened. */
async function whyBrowser() {
  const program = electronProgram(root)
  if (program === null) return 'the electron package is not installed (npm ci)'
  const display = missingDisplay()
  if (display !== null) return display
  const missing = existsSync(program) ? null : fetchElectron(root)
  return missing ?? (await openElectron(electronProgram(root)))
}

buildStale()
const reason = await whyBrowser()
if (reason !== null) {
  console.log(`Opening in the browser: ${reason}.`)
  const given = process.argv.slice(2)
  const words = ['serve', '--open', '--reason', `opened in the browser because ${reason}`, ...given]
  process.argv.splice(2, Infinity, ...words)
  await import('./cotrain.mjs')
}
