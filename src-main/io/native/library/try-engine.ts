import { lastLine, runChild } from '../../../process/child.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import { lastWords } from './last-words.ts'
import type { Binding } from './open-binding.ts'

const TIMEOUT_MS = 120_000

/** What is tried: a binding, and folders that the dynamic loader needs to find what its libraries depend on. */
export interface TriedEngine extends Binding {
  readonly libraryPath: readonly string[]
  /** The card that the child sees; null or absent: those that this process sees. */
  readonly device?: string | null
}

export interface EngineTrial {
  readonly version: string
  readonly gpu: boolean
  /** Of a product of two matrices with the side asked for; null where none was. */
  readonly ms: number | null
}

/**
 * Loads a binding in a child process and multiplies matrices there: the asking process neither computes nor crashes.
 * @throws Error with the last words of a child that did not multiply right
 */
export async function tryEngine(
  { addon, libraries, libraryPath, device = null }: TriedEngine,
  timed: number | null = null,
): Promise<EngineTrial> {
  const child = nodeArguments(entryBeside(import.meta.url, './try-engine-child.ts'))
  const result = await runChild(nodeProgram(), [...child, JSON.stringify({ addon, libraries, timed })], {
    env: { ...computeVariables({ libraryPath, device }), TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: TIMEOUT_MS,
  })
  const line = lastLine(result.stdout)
  if (result.code === 0 && line.startsWith('{')) return JSON.parse(line) as EngineTrial
  const cause = result.stderr.split('\n').find((l) => /error/i.test(l)) ?? lastWords(result.stderr)
  throw new Error(`the library does not run: ${cause || `exit code ${result.code}`}`)
}

/**
 * What every process that computes is given before it starts: the folders of CUDA, as the dynamic loader reads them only
 * then; one card (by UUID), or those that this process sees; and of its memory a part at a time, since a card on which a
 * run trains has no more than is needed. What a person has set about memory stays.
 */
export function computeVariables(given: {
  readonly libraryPath: readonly string[]
  readonly device: string | null
}): Record<string, string> {
  const growth = process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ?? 'true'
  return {
    ...searchPath(given.libraryPath),
    TF_FORCE_GPU_ALLOW_GROWTH: growth,
    ...(given.device === null ? {} : { CUDA_VISIBLE_DEVICES: given.device }),
  }
}

const LOADER_PATHS: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'DYLD_LIBRARY_PATH',
  win32: 'PATH', // of `PATH` and `Path` Node gives a child the first in the order of letters
}

/** Environment a process needs before it starts so that the dynamic loader finds `folders`. */
export function searchPath(
  folders: readonly string[],
  system: NodeJS.Platform = process.platform,
): Readonly<Record<string, string>> {
  if (folders.length === 0) return {}
  const name = LOADER_PATHS[system] ?? 'LD_LIBRARY_PATH'
  const all = [...folders, process.env[name] ?? ''].filter((p) => p !== '')
  return { [name]: all.join(system === 'win32' ? ';' : ':') }
}
