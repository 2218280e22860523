import { resolve } from 'node:path'
import * as hl from 'h5wasm/node'
import { invalidFile } from '../base/problem.ts'

/** The part of the Emscripten file system we guard; the package does not type it. */
interface GuardedFs {
  open(path: string, ...rest: unknown[]): unknown
  write(stream: { fd: number }, buffer: Uint8Array, offset: number, length: number, position?: number): number
  readonly ErrnoError: new (errno: number) => Error
}

/** The compiled library; the package exports the value but not its type. */
export type Hdf5Module = typeof hl.Module

const NO_SUCH_FILE = 44 // ENOENT in Emscripten's numbering
const STDERR = 2

const allowed = new Set<string>()
let diagnostics = ''
let ready: Promise<typeof hl> | null = null

/**
 * Loads the HDF5 library once. From then on it may open only files we named, so that external links, virtual
 * data sets and external storage inside a file reach nothing else, and what it prints about errors is kept for us.
 */
export function loadHdf5(): Promise<typeof hl> {
  ready ??= hl.ready.then((module) => {
    guard(module.FS as unknown as GuardedFs)
    return hl
  })
  return ready
}

function guard(fs: GuardedFs): void {
  const { open, write } = fs
  fs.open = (path, ...rest) => {
    if (!allowed.has(resolve(path))) throw new fs.ErrnoError(NO_SUCH_FILE)
    return open(path, ...rest)
  }
  fs.write = (stream, buffer, offset, length, position) => {
    if (stream.fd !== STDERR) return write(stream, buffer, offset, length, position)
    if (diagnostics.length < 10_000)
      diagnostics += new TextDecoder().decode(buffer.subarray(offset, offset + length))
    return length
  }
}

/** Opens one file for the library; every other path stays closed to it. */
export async function openHdf5File(path: string, mode: 'r' | 'w'): Promise<hl.File> {
  const { File } = await loadHdf5()
  allowed.add(resolve(path))
  try {
    const file = checked(path, null, () => new File(resolve(path), mode))
    if (file.file_id < 0n)
      throw invalidFile(path, null, 'not an HDF5 file.', 'Choose an .h5, .mat (v7.3) or .nwb file.')
    return file
  } finally {
    allowed.delete(resolve(path)) // the handle is open; nothing needs the path again
  }
}

/**
 * Runs one library call. The library reports failures in three ways (an exception, a negative status nobody looks at,
 * a trap of the WebAssembly machine); each becomes one CotrainError with the library's own innermost reason.
 */
export function checked<T>(file: string, at: string | null, work: () => T): T {
  diagnostics = ''
  let result: T
  try {
    result = work()
  } catch (error) {
    if (error instanceof Error && error.name === 'CotrainError') throw error
    throw invalidFile(
      file,
      at,
      innermost() ?? plain(error),
      'The file is damaged or uses a feature we cannot read.',
    )
  }
  const reason = innermost()
  if (reason !== null)
    throw invalidFile(file, at, reason, 'The file is damaged or uses a feature we cannot read.')
  return result
}

/** The deepest line of the library's error stack, without its source path. */
function innermost(): string | null {
  if (diagnostics === '') return null
  const lines = [...diagnostics.matchAll(/#\d+: .*?\(\): (.*)/g)]
  return `the HDF5 library says: ${lines.at(-1)?.[1] ?? 'unknown error'}.`
}

function plain(error: unknown): string {
  const text = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  return `the HDF5 library failed: ${text.slice(0, 120)}.`
}
