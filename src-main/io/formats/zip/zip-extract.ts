import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { errorCode } from '../../../disk/error-code.ts'
import { withFile } from '../base/byte-source.ts'
import { invalidFile } from '../base/problem.ts'
import { dataStart, STORED } from './zip.ts'
import type { ZipEntry } from './zip-directory.ts'

/**
 * Writes one member of an archive to a file of its own, piece by piece: members of gigabytes need no memory, and the
 * process stays awake. Its length and checksum are checked as it passes.
 * `onBytes` hears how many bytes came each time.
 * @throws CotrainError `file-invalid` for a damaged member; what was written of it is left to the caller
 */
export async function extractMember(
  archive: string,
  entry: ZipEntry,
  to: string,
  { onBytes, signal }: { readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { name, method, size, compressedSize } = entry
  const start = withFile(archive, (source) => dataStart(source, entry))
  await mkdir(dirname(to), { recursive: true })
  let crc = 0
  let length = 0
  const checked = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      crc = crc32(piece, crc)
      length += piece.length
      if (length > size) break // more than it claims: refused below
      onBytes?.(piece.length)
      yield piece
    }
  }
  // An empty range would be the rest of the file.
  const packed =
    compressedSize === 0
      ? Readable.from([])
      : createReadStream(archive, { start, end: start + compressedSize - 1 })
  const options = signal === undefined ? {} : { signal }
  const target = createWriteStream(to)
  try {
    if (method === STORED) await pipeline(packed, checked, target, options)
    else await pipeline(packed, createInflateRaw(), checked, target, options)
  } catch (error) {
    signal?.throwIfAborted()
    if (errorCode(error)?.startsWith('Z_') !== true) throw error
    throw invalidFile(archive, name, 'its compressed data is damaged.', 'Copy the archive again.')
  }
  if (length !== size || crc !== entry.crc)
    throw invalidFile(archive, name, 'its checksum does not match.', 'The archive is damaged: copy it again.')
}
