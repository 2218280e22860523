import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** By this text the packager finds the fuses in the Electron program (package @electron/fuses). */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
const FUSE_VERSION = 1
const FUSES = 9

/** A folder that the packager takes for an Electron distribution: its files are there, but do nothing. */
export function standInElectron(folder: string, version: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true })
  mkdirSync(join(folder, 'locales'), { recursive: true })
  const wire = Buffer.concat([
    Buffer.alloc(64),
    Buffer.from(FUSE_SENTINEL),
    Buffer.from([FUSE_VERSION, FUSES]),
    Buffer.from('1'.repeat(FUSES)),
    Buffer.alloc(64),
  ])
  writeFileSync(join(folder, 'electron'), wire, { mode: 0o755 })
  writeFileSync(join(folder, 'version'), version)
  for (const name of [
    'LICENSE',
    'LICENSES.chromium.html',
    'chrome-sandbox',
    'chrome_crashpad_handler',
    join('locales', 'en-US.pak'),
  ])
    writeFileSync(join(folder, name), '')
  return folder
}
