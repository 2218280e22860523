import { spawnSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { shipAddon } from './shipped-addon.ts'
import { shipMnist } from './shipped-mnist.ts'
import { shipNode } from './shipped-node.ts'

const root = join(import.meta.dirname, '..', '..')
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' }
const WORDS = {
  linux: ['--linux', '-l'],
  mac: ['--mac', '--macos', '-m', '-o'],
  win: ['--win', '--windows', '-w'],
}

export interface Packing {
  /** The Node to ship; without one, that of npm for this platform. */
  readonly node?: string | undefined
  /** For electron-builder, beside the project's configuration. */
  readonly builderArguments: readonly string[]
}

/**
 * Puts beside the built program what a packed app has of its own (addon, digits, Node) and lets electron-builder pack all.
 * @throws Error for another system than this one, or saying what is missing or failed
 */
export async function packApp({ node, builderArguments }: Packing): Promise<void> {
  refuseOthers(builderArguments)
  await shipAddon(join(root, 'out', 'native'))
  shipMnist(join(root, 'out', 'data', 'mnist'))
  shipNode(join(root, 'out', 'node'), node, `${process.platform}-${process.arch}`)
  const require = createRequire(import.meta.url)
  const builder = realpathSync(require.resolve('electron-builder/cli.js'))
  const packed = spawnSync(
    process.execPath,
    [builder, '--config', 'electron-builder.yml', ...builderArguments],
    { cwd: root, stdio: 'inherit' },
  )
  if (packed.status !== 0) throw new Error('electron-builder failed; what it said stands above.')
}

/** Native modules lie here for this system only: packed for another one they would not load there. */
export function refuseOthers(given: readonly string[]): void {
  const own = SYSTEMS[process.platform] ?? process.platform
  for (const [system, names] of Object.entries(WORDS))
    if (system !== own && given.some((word) => names.includes(word.split('=', 1)[0]!)))
      throw new Error(
        `Packages for ${system} are made on ${system}: the native modules here are those of ${own}.`,
      )
  const arch = given
    .map((word) => /^--(x64|arm64|ia32|armv7l|universal)$/.exec(word)?.[1])
    .find((word) => word)
  if (arch !== undefined && arch !== process.arch)
    throw new Error(
      `Packages for ${arch} are made on ${arch}: the native modules here are those of ${process.arch}.`,
    )
}
