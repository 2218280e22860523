import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { OwnEntry, PluginRef, UsedPlugins } from '../../../src-shared/schema/plugin/manifest.ts'
import { usePlugins } from '../../../src-shared/schema/plugin/own-parts.ts'
import { useOwnMeasure } from '../../engine/eval/own-measures.ts'
import { useOwnLoss } from '../../engine/loss/index.ts'
import { useOwnModel } from '../../engine/model/index.ts'
import type { OwnCode } from '../../engine/types.ts'
import { faulty, guardFor } from './guard.ts'
import type { PluginFolder } from './plugin-folder.ts'
import { pluginFolder, trustedPlugin } from './plugin-shelf.ts'

/** Importing defines functions; what takes longer does something else. */
const IMPORT_MS = 20_000

/** The export of a module in which the parts of a kind stand, by their names. */
const EXPORTS = { model: 'models', loss: 'losses', measure: 'measures' } as const
const USE = { model: useOwnModel, loss: useOwnLoss, measure: useOwnMeasure } as const

/** What this process has imported: code cannot be taken out of it again. */
const loaded = new Map<string, PluginFolder>()

/**
 * In a worker: imports the plug-ins that a run uses, in just the versions that it was made with, and makes their parts known to
 * configs and engine. @throws CotrainError for one that is gone, changed, not trusted or faulty, naming it
 */
export async function loadPlugins(home: string, used: UsedPlugins, importMs = IMPORT_MS): Promise<void> {
  const hashes = [...new Set(Object.values(used).map(({ hash }) => hash))]
  if (hashes.length === 0) return
  for (const hash of hashes.filter((other) => !loaded.has(other))) {
    const plugin = trustedPlugin(home, hash)
    refuseOthers(plugin)
    loaded.set(hash, plugin)
  }
  usePlugins([...loaded.values()])
  for (const hash of hashes) await load(home, loaded.get(hash)!, new Set(Object.keys(used)), importMs) // all are there
}

/** Two versions of one part cannot be told apart by its name. */
function refuseOthers({ package: known }: PluginFolder): void {
  const names = new Set(known.cotrain.entries.map(({ fn }) => fn))
  for (const { package: other } of loaded.values()) {
    const shared = other.cotrain.entries.find(({ fn }) => names.has(fn))
    if (shared === undefined) continue
    throw new CotrainError({
      code: 'config-invalid',
      path: `plug-in ${known.name} ${known.version}`,
      message: `"${shared.fn}" is needed in two versions at once (the other is of ${other.name} ${other.version}).`,
      hint: 'Take runs that were made with the same version.',
    })
  }
}

async function load(
  home: string,
  plugin: PluginFolder,
  used: ReadonlySet<string>,
  importMs: number,
): Promise<void> {
  const { name, version, cotrain } = plugin.package
  const file = join(pluginFolder(home, plugin.hash), 'index.js')
  const ref = { name, version }
  await tryImport(ref, file, importMs)
  const module = await imported(ref, file)
  for (const entry of cotrain.entries)
    if (used.has(entry.fn)) USE[entry.kind](codeOf(entry, module, ref, file))
}

function codeOf(
  { kind, fn }: OwnEntry,
  module: Readonly<Record<string, unknown>>,
  ref: Pick<PluginRef, 'name' | 'version'>,
  file: string,
): OwnCode {
  const parts = module[EXPORTS[kind]]
  const build =
    parts !== null && typeof parts === 'object' ? (parts as Record<string, unknown>)[fn] : undefined
  if (typeof build !== 'function')
    throw faulty(
      ref,
      file,
      `it exports no function ${EXPORTS[kind]}['${fn}'], which its package.json promises`,
    )
  return { fn, build: build as OwnCode['build'], guard: guardFor(ref, file) }
}

/**
 * Imports it in a thread first: one that never ends, or ends its process, does so there. The thread is ended whatever it does.
 */
async function tryImport(
  ref: Pick<PluginRef, 'name' | 'version'>,
  file: string,
  importMs: number,
): Promise<void> {
  const start = `import(require('node:worker_threads').workerData).then(
    () => require('node:worker_threads').parentPort.postMessage(''),
    (error) => require('node:worker_threads').parentPort.postMessage(String(error && error.message || error) || 'no reason'))`
  const thread = new Worker(start, {
    eval: true,
    workerData: pathToFileURL(file).href,
    stdout: true,
    stderr: true,
  })
  let timer: NodeJS.Timeout | undefined
  try {
    const fault = await new Promise<string>((resolve) => {
      thread.once('message', (text: string) => resolve(text === '' ? '' : `its import failed: ${text}`))
      thread.once('error', (error) => resolve(`its import failed: ${String(error)}`))
      thread.once('exit', () => resolve('its import ended its process'))
      timer = setTimeout(() => resolve(`its import did not end within ${importMs / 1000} s`), importMs)
    })
    if (fault !== '') throw faulty(ref, file, fault.replaceAll(/\s+/g, ' ').slice(0, 400).replace(/\.$/, ''))
  } finally {
    clearTimeout(timer)
    await thread.terminate()
  }
}

async function imported(
  ref: Pick<PluginRef, 'name' | 'version'>,
  file: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw faulty(
      ref,
      file,
      `its import failed: ${error instanceof Error ? error.message : String(error)}`,
      error,
    )
  }
}
