import { constants, gunzipSync } from 'node:zlib'
import type { ByteSource } from './byte-source.ts'
import { invalidFile, refusedFile } from './problem.ts'
import { errorCode } from '../../../disk/error-code.ts'

/** Deflate cannot expand more than this; a header that claims more lies (zlib technical notes: 1032:1). */
export const MAX_DEFLATE_RATIO = 1032

export const isGzip = (source: ByteSource): boolean => {
  if (source.size < 18) return false
  const [a, b] = source.read(0, 2)
  return a === 0x1f && b === 0x8b
}

/** The first bytes of the content, to learn the size before anything large is allocated. */
export function gunzipHead(source: ByteSource, length: number): Uint8Array {
  const head = source.read(0, Math.min(source.size, 4096))
  return guard(source, () => gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })).subarray(0, length)
}

/** The whole content, at most `limit` bytes. */
export function gunzipAll(source: ByteSource, limit: number): Uint8Array {
  const bytes = source.read(0, source.size)
  return guard(source, () => gunzipSync(bytes, { maxOutputLength: Math.max(1, limit) }))
}

function guard(source: ByteSource, work: () => Uint8Array): Uint8Array {
  try {
    const { buffer, byteOffset, length } = work()
    return new Uint8Array(buffer, byteOffset, length) // a Buffer's slice would share its memory
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw refusedFile(
        source.name,
        null,
        'the compressed content is larger than its header says.',
        'The file is damaged.',
      )
    throw invalidFile(
      source.name,
      null,
      'the gzip stream is damaged or truncated.',
      'Copy or download it again.',
    )
  }
}
