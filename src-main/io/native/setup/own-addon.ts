import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runChild } from '../../../process/child.ts'
import { unpacked } from '../../../process/entries.ts'
import { GRAPH_FUNCTIONS_FLAGS, GRAPH_FUNCTIONS_SOURCE } from '../library/graph-functions.ts'
import { bindingDigest, HOLD_SIGNALS_FLAGS, HOLD_SIGNALS_SOURCE } from '../library/hold-signals.ts'
import type { RouteContext } from '../library/library.ts'
import { platformName, tfjsVersion } from '../library/native-info.ts'
import { shortSha256 } from '../../../disk/sha256.ts'

/** Oldest N-API that the binding needs; one file then loads in every later Node and in Electron. */
const NAPI_VERSION = 8
const COMPILE_TIMEOUT_MS = 600_000

const require = createRequire(import.meta.url)

/** The addon is the same for every library: what decides it is its source, how it is built, and the platform. */
export const addonName = (): string =>
  `tfjs_binding-${shortSha256(JSON.stringify([platformName(), NAPI_VERSION, tfjsVersion(), bindingDigest()]))}.node`

/** Beside the built program, where packaging puts the addon of its platform. */
const shippedAddon = (): string =>
  unpacked(fileURLToPath(new URL(`../native/${addonName()}`, import.meta.url)))

/**
 * The addon that joins tfjs-node to any TensorFlow: the one shipped with the app, one that was compiled here before, or a
 * new one, which needs headers of a TensorFlow (`includeDir`) and a compiler.
 * @throws Error naming what is missing
 */
export async function ownAddon(
  includeDir: string | undefined,
  context: Pick<RouteContext, 'folder' | 'report' | 'signal'>,
): Promise<string> {
  if (existsSync(shippedAddon())) return shippedAddon()
  const addon = join(context.folder, 'addon', addonName())
  if (existsSync(addon)) return addon
  if (includeDir === undefined)
    throw new Error(
      'no addon was shipped, and the library has no include/tensorflow/c headers to compile one',
    )
  await compileAddon(includeDir, addon, context)
  return addon
}

/** Compiles the binding of tfjs-node with one compiler call, whole or not at all. It is linked to no TensorFlow. */
async function compileAddon(
  includeDir: string,
  addon: string,
  context: Pick<RouteContext, 'report' | 'signal'>,
): Promise<void> {
  await mkdir(dirname(addon), { recursive: true })
  const compiler = process.env['CXX'] || 'c++'
  const part = addon.replace(/\.node$/, '.part.node')
  const sources = { 'signals.cc': HOLD_SIGNALS_SOURCE, 'functions.cc': GRAPH_FUNCTIONS_SOURCE }
  const own = Object.keys(sources).map((name) => addon.replace(/node$/, name))
  await Promise.all(Object.values(sources).map((text, i) => writeFile(own[i]!, text)))
  context.report({ phase: 'compiling', message: `Compiling the TensorFlow binding with ${compiler}` })
  const result = await runChild(compiler, compilerArguments(includeDir, own, part), {
    timeoutMs: COMPILE_TIMEOUT_MS,
    ...(context.signal ? { signal: context.signal } : {}),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    throw new Error(`no C++ compiler: ${compiler} was not found (install g++ or clang, or set CXX)`)
  })
  if (result.code !== 0) throw new Error(`${compiler} failed: ${firstError(result.stderr)}`)
  await rename(part, addon)
  await Promise.all(own.map((file) => rm(file, { force: true })))
}

function compilerArguments(includeDir: string, own: readonly string[], output: string): readonly string[] {
  const binding = join(dirname(packageFile('@tensorflow/tfjs-node-gpu')), 'binding')
  const napi = join(dirname(packageFile('node-api-headers')), 'include')
  const undefinedSymbols = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []
  return [
    ...['-std=c++17', '-O2', '-fPIC', '-shared', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...[`-I${napi}`, `-I${includeDir}`, ...undefinedSymbols],
    ...HOLD_SIGNALS_FLAGS,
    ...GRAPH_FUNCTIONS_FLAGS,
    ...[join(binding, 'tfjs_backend.cc'), join(binding, 'tfjs_binding.cc'), ...own, '-o', output],
  ]
}

/** A compiler cannot look into the archive of a packed app. */
const packageFile = (name: string): string => unpacked(require.resolve(`${name}/package.json`))

const firstError = (text: string): string =>
  text.split('\n').find((l) => /error|undefined/i.test(l)) ?? text.slice(0, 300)
