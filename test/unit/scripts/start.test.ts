import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temp-folder.ts'

const scripts = join(import.meta.dirname, '../../../scripts')
const folder = temporaryFolder()
let count = 0

/** A checkout that is built, whose `cotrain` says what it is called with; `install` is the script of its Electron package. */
function checkout(install: string | null): string {
  const root = join(folder, `checkout-${count++}`)
  const electron = join(root, 'node_modules', 'electron')
  mkdirSync(join(root, 'scripts'), { recursive: true })
  for (const name of ['start.mjs', 'electron-program.mjs'])
    copyFileSync(join(scripts, name), join(root, 'scripts', name))
  writeFileSync(
    join(root, 'scripts', 'freshness.mjs'),
    'export const mainIsFresh = () => true\nexport const rendererIsFresh = () => true\n',
  )
  writeFileSync(
    join(root, 'scripts', 'cotrain.mjs'),
    'console.log("cotrain", process.argv.slice(2).join(" "))\n',
  )
  if (install === null) return root
  mkdirSync(electron, { recursive: true })
  writeFileSync(join(electron, 'package.json'), JSON.stringify({ version: '45.0.0' }))
  writeFileSync(join(electron, 'install.js'), install)
  return root
}

/** An install script that "downloads" a program with these lines of shell. */
const downloads = (program: string): string => `
const { chmodSync, mkdirSync, writeFileSync } = require('node:fs')
mkdirSync(__dirname + '/dist', { recursive: true })
writeFileSync(__dirname + '/dist/electron', ${JSON.stringify(`#!/bin/sh\n${program}\n`)})
chmodSync(__dirname + '/dist/electron', 0o755)
writeFileSync(__dirname + '/path.txt', 'electron')
`

function start(root: string, display = ':0') {
  const { ELECTRON_OVERRIDE_DIST_PATH: _dist, WAYLAND_DISPLAY: _wayland, ...env } = process.env
  const done = spawnSync(process.execPath, [join(root, 'scripts/start.mjs')], {
    encoding: 'utf8',
    env: { ...env, DISPLAY: display },
  })
  return { code: done.status, out: done.stdout }
}

describe.skipIf(process.platform !== 'linux')('npm start (the stand-ins are shell scripts for Linux)', () => {
  it('fetches Electron when it is not there, once, and opens the app in it', () => {
    const root = checkout(downloads('echo "window for $1"'))
    const first = start(root)
    expect(first.out).toContain('Fetching Electron 45.0.0')
    expect(first.out).toContain(`window for ${root}`)
    expect(first.out).not.toContain('cotrain serve')
    expect(start(root).out).not.toContain('Fetching')
  })

  it('opens the browser where Electron cannot be fetched, and says how it can', () => {
    const { out } = start(checkout('process.exit(1)'))
    expect(out).toMatch(
      /Opening in the browser: Electron could not be fetched \(npx install-electron tries again/,
    )
    expect(out).toMatch(
      /cotrain serve --open --reason opened in the browser because Electron could not be fetched/,
    )
  })

  it.each([
    [
      'the sandbox',
      'echo "FATAL: The SUID sandbox helper binary was found, but is not configured correctly" >&2; exit 133',
      /chmod 4755 .*chrome-sandbox/,
    ],
    [
      'a library',
      'echo "electron: error while loading shared libraries: libnss3.so: cannot open" >&2; exit 127',
      /lacks libnss3\.so \(sudo apt install/,
    ],
    ['something else', 'exit 7', /Electron ended with code 7/],
  ])(
    'opens the browser where a window fails for %s, with the command that mends it',
    (_why, program, said) => {
      const { out } = start(checkout(downloads(program)))
      expect(out).toMatch(said)
      expect(out).toContain('cotrain serve --open')
    },
  )

  it('fetches nothing where there is no display, and nothing without the package', () => {
    const { out } = start(checkout('throw new Error("asked")'), '')
    expect(out).toContain('Opening in the browser: there is no display')
    expect(start(checkout(null)).out).toContain('the electron package is not installed (npm ci)')
  })
})
