import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, readSync } from 'node:fs'

/** Bytes, or text as UTF-8. */
type Content = string | NodeJS.ArrayBufferView

/** SHA-256 in the making. */
export interface Sha256 {
  update(part: Content): Sha256
  digest(encoding: 'hex'): string
}

/** For content that comes in pieces. */
export const startSha256 = (): Sha256 => createHash('sha256')

/** SHA-256 in hexadecimal. */
export const sha256 = (data: Content): string => startSha256().update(data).digest('hex')

/** The same over parts in their order, as if they were one. */
export function sha256OfParts(parts: Iterable<Content>): string {
  const hash = startSha256()
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}

/** The first 16 digits: enough to tell a few thousand things apart. */
export const shortSha256 = (data: Content): string => sha256(data).slice(0, 16)

/** SHA-256 of a file, which is not held in memory. @throws the system's error when it cannot be read. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = startSha256()
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }))
    hash.update(piece as Uint8Array)
  return hash.digest('hex')
}

/** The same without leaving the thread, for what is read right afterwards. */
export function sha256OfFileNow(path: string): string {
  const hash = startSha256()
  const fd = openSync(path, 'r')
  try {
    const piece = Buffer.allocUnsafe(1 << 20)
    for (let count; (count = readSync(fd, piece)) > 0;) hash.update(piece.subarray(0, count))
    return hash.digest('hex')
  } finally {
    closeSync(fd)
  }
}
