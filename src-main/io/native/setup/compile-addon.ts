import { existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runChild } from '../../../process/child.ts'
import { unpacked } from '../../../process/entries.ts'
import { bindingDigest, HOLD_SIGNALS_FLAGS, HOLD_SIGNALS_SOURCE } from '../library/hold-signals.ts'
import type { FoundLibrary, RouteContext } from '../library/library.ts'
import { platformName, tfjsVersion } from '../library/native-info.ts'
import { shortSha256 } from '../../../disk/sha256.ts'

/** Oldest N-API that the binding needs; one file then loads in every later Node and in Electron. */
const NAPI_VERSION = 8
const COMPILE_TIMEOUT_MS = 600_000

const require = createRequire(import.meta.url)

/** Compiles the binding of tfjs-node against a library with one compiler call; an earlier result is reused. */
export async function compileAddon(library: FoundLibrary, context: RouteContext): Promise<string> {
  const stamps = await Promise.all(library.libraries.map((path) => stat(path)))
  const libraries = library.libraries.map((path, i) => [path, stamps[i]?.size, stamps[i]?.mtimeMs])
  const identity = JSON.stringify([libraries, platformName(), NAPI_VERSION, tfjsVersion(), bindingDigest()])
  const key = shortSha256(identity)
  const addon = join(context.folder, 'addon', `tfjs_binding-${key}.node`)
  if (existsSync(addon)) return addon
  await mkdir(dirname(addon), { recursive: true })
  const compiler = process.env['CXX'] || 'c++'
  const part = addon.replace(/\.node$/, '.part.node')
  const shield = addon.replace(/\.node$/, '.cc')
  await writeFile(shield, HOLD_SIGNALS_SOURCE)
  context.report({ phase: 'compiling', message: `Compiling the TensorFlow binding with ${compiler}` })
  const result = await runChild(compiler, compilerArguments(library, shield, part), {
    timeoutMs: COMPILE_TIMEOUT_MS,
    ...(context.signal ? { signal: context.signal } : {}),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error(`no C++ compiler: ${compiler} was not found (install g++ or clang, or set CXX)`)
  })
  if (result.code !== 0) throw new Error(`${compiler} failed: ${firstError(result.stderr)}`)
  await rename(part, addon)
  await rm(shield, { force: true })
  return addon
}

function compilerArguments(library: FoundLibrary, shield: string, output: string): readonly string[] {
  const binding = join(dirname(packageFile('@tensorflow/tfjs-node-gpu')), 'binding')
  const napi = join(dirname(packageFile('node-api-headers')), 'include')
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...[`-I${napi}`, `-I${library.includeDir ?? ''}`, ...undefinedSymbols],
    ...HOLD_SIGNALS_FLAGS,
    ...[join(binding, 'tfjs_backend.cc'), join(binding, 'tfjs_binding.cc'), shield, '-o', output],
    ...[...library.libraries, `-Wl,-rpath,${library.libDir}`],
  ]
}

/** A compiler cannot look into the archive of a packed app. */
const packageFile = (name: string): string => unpacked(require.resolve(`${name}/package.json`))

const firstError = (text: string): string =>
  text.split('\n').find((l) => /error|undefined/i.test(l)) ?? text.slice(0, 300)
