import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { asDiskProblem } from '../../../disk/disk-problem.ts'
import { invalidFile, missingFile } from './problem.ts'
import { errorCode } from '../../../disk/error-code.ts'

/** Random access to the bytes of a file, or of a member held in memory. */
export interface ByteSource {
  /** Name for messages. */
  readonly name: string
  readonly size: number
  /** Exactly `length` bytes from `offset`; CotrainError when the source ends before. */
  read(offset: number, length: number): Uint8Array
  /** Fills `out` from `offset`, without allocating. */
  readInto(offset: number, out: Uint8Array): void
  close(): void
}

function checkRange(name: string, size: number, offset: number, length: number): void {
  if (offset >= 0 && length >= 0 && offset + length <= size) return
  throw invalidFile(
    name,
    Math.min(Math.max(0, offset), size),
    `expected ${length} more bytes but the file ends at byte ${size}.`,
    'The file is truncated: copy or download it again.',
  )
}

/** Bytes in memory; `read` returns views, not copies. */
export function bytesSource(name: string, given: Uint8Array): ByteSource {
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength) // a Buffer's slice shares memory
  const view = (offset: number, length: number): Uint8Array => {
    checkRange(name, bytes.length, offset, length)
    return bytes.subarray(offset, offset + length)
  }
  return {
    name,
    size: bytes.length,
    read: view,
    readInto: (offset, out) => out.set(view(offset, out.length)),
    close: () => undefined,
  }
}

/** A regular file, read by position; the operating system's page cache keeps what is read often. */
export function openFile(path: string): ByteSource {
  const fd = open(path)
  const stat = inWords(path, () => fstatSync(fd))
  if (!stat.isFile()) {
    closeSync(fd)
    throw invalidFile(path, null, 'expected a file, got a folder or a device.', 'Choose a file.')
  }
  const readInto = (offset: number, out: Uint8Array): void => {
    checkRange(path, stat.size, offset, out.length)
    for (let done = 0; done < out.length;) {
      const count = inWords(path, () => readSync(fd, out, done, out.length - done, offset + done))
      if (count === 0) throw invalidFile(path, offset + done, 'the file became shorter while it was read.')
      done += count
    }
  }
  const read = (offset: number, length: number): Uint8Array => {
    checkRange(path, stat.size, offset, length)
    const out = new Uint8Array(length)
    readInto(offset, out)
    return out
  }
  return { name: path, size: stat.size, read, readInto, close: () => closeSync(fd) }
}

function open(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EACCES' || code === 'EPERM')
      throw missingFile(path, 'the file cannot be opened.', 'Allow reading it and try again.')
    throw missingFile(path)
  }
}

/** Runs `use` with the file open and closes it afterwards, also on errors. */
export function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const source = openFile(path)
  try {
    return use(source)
  } finally {
    source.close()
  }
}

/** What the system says of an open file names none. */
function inWords<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asDiskProblem(error, path, 'Free some space and try again.')
  }
}
