import { spawnSync } from 'node:child_process'
import { readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { makeDebian } from './debian.ts'
import { drawIcons } from './icons.ts'
import { licencesAsText, licencesOf } from './licences.ts'
import { writePapers } from './papers.ts'
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
  /** For electron-builder, beside the project's configuration; `deb` among them is made here. */
  readonly builderArguments: readonly string[]
  /** Folder for what is made. */
  readonly output?: string | undefined
}

/**
 * Puts beside the built program what a packed app has of its own (addon, digits, Node, icons, licences), lets electron-builder
 * pack all, makes the Debian package, and writes the papers of the release.
 * @throws Error for another system than this one, or saying what is missing or failed
 */
export async function packApp({
  node,
  builderArguments,
  output = join(root, 'release'),
}: Packing): Promise<void> {
  refuseOthers(builderArguments)
  const out = join(root, 'out')
  await shipAddon(join(out, 'native'))
  shipMnist(join(out, 'data', 'mnist'))
  const nodeVersion = shipNode(join(out, 'node'), node, `${process.platform}-${process.arch}`)
  await drawIcons(join(root, 'src-renderer/public/favicon.svg'), join(out, 'icons'))
  writeFileSync(join(out, 'licences.txt'), licencesAsText(licencesOf(root)))
  const plan = planOf(builderArguments)
  build([...plan.forBuilder, `-c.directories.output=${output}`])
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  if (plan.own.length > 0) packUnpacked(plan.own, { output, icons: join(out, 'icons'), version })
  await writePapers(root, output, { version, node: nodeVersion })
}

function build(words: readonly string[]): void {
  const require = createRequire(import.meta.url)
  const builder = realpathSync(require.resolve('electron-builder/cli.js'))
  const given = ['--config', 'electron-builder.yml', '--publish', 'never', ...words, ...feed()]
  const packed = spawnSync(process.execPath, [builder, ...given], { cwd: root, stdio: 'inherit' })
  if (packed.status !== 0) throw new Error('electron-builder failed; what it said stands above.')
}

/** Where installed apps look for newer ones, if anywhere: a folder on a web server (docs/release.md). */
function feed(): string[] {
  const url = process.env['COTRAIN_UPDATE_URL'] ?? ''
  return url === '' ? [] : ['-c.publish.provider=generic', `-c.publish.url=${url}`]
}

/** Kinds for which electron-builder would fetch tools, and Linux has its own. */
const OWN = ['deb', 'tar.gz'] as const
type OwnKind = (typeof OWN)[number]

/** What electron-builder is asked for, and the kinds that are made here of what it leaves: on Linux all where none is named. */
export function planOf(given: readonly string[], platform: string = process.platform) {
  const own = OWN.filter((kind) => given.includes(kind))
  if (own.length > 0 && platform !== 'linux')
    throw new Error(`Packages of the kind ${own.join(', ')} are made on linux.`)
  const others = given.filter((word) => !own.includes(word as OwnKind))
  const isNamed = others.some((word) => ['--dir', 'dir', 'AppImage'].includes(word))
  if (own.length > 0) return { forBuilder: isNamed ? others : [...others, '--dir'], own }
  return { forBuilder: given, own: platform === 'linux' && !isNamed ? [...OWN] : [] }
}

function packUnpacked(
  kinds: readonly OwnKind[],
  { output, icons, version }: { readonly output: string; readonly icons: string; readonly version: string },
): void {
  const { arch } = process
  const folder = arch === 'x64' ? 'linux-unpacked' : `linux-${arch}-unpacked`
  const name = `cotrain-${version}-linux-${arch}`
  if (kinds.includes('deb')) {
    const target = join(output, `${name}.deb`)
    makeDebian({ unpacked: join(output, folder), icons, root, version, arch, target })
  }
  if (!kinds.includes('tar.gz')) return
  const words = [
    '-czf',
    join(output, `${name}.tar.gz`),
    '-C',
    output,
    `--transform=s,^${folder},CoTrain,`,
    folder,
  ]
  const { status, stderr } = spawnSync('tar', ['--owner=0', '--group=0', ...words], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`tar refuses: ${stderr}`)
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
