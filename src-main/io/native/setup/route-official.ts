import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { lastLine, runChild } from '../../../process/child.ts'
import { unpacked } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { recordFile, tfjsVersion } from '../library/native-info.ts'

const require = createRequire(import.meta.url)
/** A slow line needs minutes for 100 to 500 MB; a dead one is noticed by name resolution at once. */
const DOWNLOAD_TIMEOUT_MS = 30 * 60_000
const PACKAGE_PARTS = ['package.json', 'scripts', 'binding', 'binding.gyp']

/**
 * The package's own install script (ready-made addon and libtensorflow), run on a copy outside node_modules. `asked`: the library
 * for cards or for the processor; by the driver of Linux where nothing is said.
 */
export async function routeOfficial(context: RouteContext, asked?: 'gpu' | 'cpu'): Promise<FoundLibrary> {
  const kind = asked ?? (existsSync('/proc/driver/nvidia/version') ? 'gpu' : 'cpu')
  const target = join(context.folder, `official-${asked === undefined ? '' : `${asked}-`}${tfjsVersion()}`)
  if (!existsSync(target)) await install({ kind, target }, context)
  const addon = await findAddon(join(target, 'lib'))
  if (addon === null) throw new Error('the install script left no addon')
  const libDir = join(target, 'deps/lib')
  const names = (await readdir(libDir)).filter((n) => /^(lib)?tensorflow.*\d+\.\d+\.\d+|\.dll$/.test(n))
  const downloads = await Promise.all(names.map((n) => recordFile(join(libDir, n))))
  const records = downloads.map(({ path, bytes, sha256 }) => ({ name: path, bytes, sha256 }))
  return { libDir, libraries: names.map((n) => join(libDir, n)), addon, libraryPath: [], downloads: records }
}

interface Installation {
  readonly kind: 'gpu' | 'cpu'
  readonly target: string
}

async function install({ kind, target }: Installation, context: RouteContext): Promise<void> {
  const part = `${target}.part`
  const packageFolder = dirname(unpacked(require.resolve('@tensorflow/tfjs-node-gpu/package.json')))
  const modules = dirname(dirname(packageFolder))
  await rm(part, { recursive: true, force: true })
  await mkdir(part, { recursive: true })
  for (const name of PACKAGE_PARTS) await cp(join(packageFolder, name), join(part, name), { recursive: true })
  context.report({ phase: 'downloading', message: `Running the install script of tfjs-node (${kind})` })
  const result = await runChild(nodeProgram(), ['scripts/install.js', kind, 'download'], {
    cwd: part,
    env: {
      NODE_PATH: modules,
      PATH: [join(modules, '.bin'), process.env['PATH'] ?? ''].join(delimiter),
    },
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
    ...(context.signal ? { signal: context.signal } : {}),
  })
  const complete = (await findAddon(join(part, 'lib'))) !== null && existsSync(join(part, 'deps/lib'))
  if (complete) return rename(part, target)
  await rm(part, { recursive: true, force: true })
  const cause =
    result.stderr.split('\n').find((l) => /Error|ENOTFOUND|EAI_AGAIN/.test(l)) ?? lastLine(result.stderr)
  // For Windows no addon of TensorFlow.js 4.22 was published: the script compiles one (tensorflow/tfjs#8611, #8688).
  const compiler = process.platform === 'win32' ? '; it needs the C++ tools of Visual Studio' : ''
  throw new Error(`the install script failed: ${cause.trim() || `exit code ${result.code}`}${compiler}`)
}

async function findAddon(folder: string): Promise<string | null> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const name = names.find((n) => n.endsWith('tfjs_binding.node'))
  return name === undefined ? null : join(folder, name)
}
