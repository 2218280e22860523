import { crc32, inflateRawSync } from 'node:zlib'
import type { ByteSource } from '../base/byte-source.ts'
import { MAX_DEFLATE_RATIO } from '../base/gzip.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'
import { readDirectory, type ZipEntry } from './zip-directory.ts'
import { errorCode } from '../../../disk/error-code.ts'

/** An archive whose directory has been checked; members are inflated one at a time. */
export interface ZipArchive {
  readonly name: string
  /** Files only, in the order of the directory. */
  readonly entries: readonly ZipEntry[]
  has(name: string): boolean
  read(name: string): Uint8Array
}

/** A member is inflated whole. */
const MAX_MEMBER_BYTES = 2 ** 31
export const STORED = 0
const DEFLATED = 8

/**
 * Opens a zip archive (also zip64). Refused: encrypted members, links, names that leave the folder, members that share
 * bytes, sizes deflate cannot reach.
 */
export function openZip(source: ByteSource): ZipArchive {
  const entries = readDirectory(source)
  const byName = new Map(entries.map((entry) => [entry.name, entry]))
  return {
    name: source.name,
    entries,
    has: (name) => byName.has(name),
    read(name) {
      const entry = byName.get(name)
      if (!entry) throw invalidFile(source.name, name, 'is missing in the archive.')
      return readMember(source, entry)
    },
  }
}

function readMember(source: ByteSource, entry: ZipEntry): Uint8Array {
  const { name, method, size, compressedSize } = entry
  if (size > MAX_MEMBER_BYTES)
    throw refusedFile(source.name, name, `has ${size} bytes, the limit is ${MAX_MEMBER_BYTES}.`)
  if (method === STORED ? size !== compressedSize : size > compressedSize * MAX_DEFLATE_RATIO + 64)
    throw refusedFile(
      source.name,
      name,
      `claims ${size} bytes from ${compressedSize}.`,
      'The archive is damaged.',
    )
  const packed = source.read(dataStart(source, entry), compressedSize)
  const data = method === STORED ? packed : inflate(source.name, name, method, packed, size)
  if (data.length !== size)
    throw invalidFile(
      source.name,
      name,
      `expected ${size} bytes, got ${data.length}.`,
      'The archive is damaged.',
    )
  if (crc32(data) !== entry.crc)
    throw invalidFile(
      source.name,
      name,
      'its checksum does not match.',
      'The archive is damaged: copy it again.',
    )
  return data
}

/** Byte at which a member's data start: the local header repeats the name and may carry other extra fields than the directory. */
export function dataStart(source: ByteSource, { name, offset }: ZipEntry): number {
  const head = source.read(offset, 30)
  const view = new DataView(head.buffer, head.byteOffset, 30)
  if (view.getUint32(0, true) !== 0x04034b50)
    throw invalidFile(source.name, offset, `expected the header of "${name}".`, 'The archive is damaged.')
  return offset + 30 + view.getUint16(26, true) + view.getUint16(28, true)
}

function inflate(file: string, name: string, method: number, packed: Uint8Array, size: number): Uint8Array {
  if (method !== DEFLATED)
    throw refusedFile(file, name, `uses compression method ${method}.`, 'Pack it as an ordinary zip.')
  try {
    const { buffer, byteOffset, length } = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) })
    return new Uint8Array(buffer, byteOffset, length)
  } catch (error) {
    if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE')
      throw refusedFile(file, name, `is larger than the ${size} bytes it claims.`, 'The archive is damaged.')
    throw invalidFile(file, name, 'its compressed data is damaged.', 'Copy the archive again.')
  }
}
