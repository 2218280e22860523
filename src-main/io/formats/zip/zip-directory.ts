import type { ByteSource } from '../base/byte-source.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'
import { checkMemberName, memberName } from './member-name.ts'

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly size: number
  readonly compressedSize: number
  /** Byte of the member's own header. */
  readonly offset: number
}

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const END_BYTES = 22
const MAX_COMMENT = 65_535
const MAX_ENTRIES = 5_000_000
const MAX_TOTAL_BYTES = 2 ** 40
const NOT_A_ZIP = 'not a zip archive, or its end is missing.'

/** The files an archive lists, with every check that needs no inflating. */
export function readDirectory(source: ByteSource): ZipEntry[] {
  const { count, size, offset } = readEnd(source)
  if (count > MAX_ENTRIES)
    throw refusedFile(source.name, null, `lists ${count} files, the limit is ${MAX_ENTRIES}.`)
  if (offset + size > source.size || count * 46 > size)
    throw invalidFile(
      source.name,
      source.size,
      `its directory of ${count} files does not fit into the file.`,
      'The archive is truncated.',
    )
  const bytes = source.read(offset, size)
  const entries: ZipEntry[] = []
  const names = new Set<string>()
  for (let at = 0, i = 0; i < count; i++) {
    const { entry, next, isFolder } = readEntry(source.name, bytes, at, offset)
    at = next
    if (isFolder) continue
    if (names.has(entry.name))
      throw refusedFile(source.name, entry.name, 'is listed twice.', 'Pack the archive again.')
    names.add(entry.name)
    entries.push(entry)
  }
  checkOverlap(source.name, entries)
  return entries
}

interface End {
  readonly count: number
  readonly size: number
  readonly offset: number
}

function readEnd(source: ByteSource): End {
  if (source.size < END_BYTES) throw invalidFile(source.name, 0, NOT_A_ZIP, 'Choose a .zip file.')
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT)
  const start = source.size - length
  const tail = source.read(start, length)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength)
  let at = length - END_BYTES
  while (at >= 0 && view.getUint32(at, true) !== END) at--
  if (at < 0)
    throw invalidFile(
      source.name,
      source.size,
      NOT_A_ZIP,
      'Choose a .zip file; if it is one, it is truncated.',
    )
  const end = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  }
  const large = end.count === 0xffff || end.size === 0xffffffff || end.offset === 0xffffffff
  return large ? readEnd64(source, start + at - 20) : end
}

function readEnd64(source: ByteSource, locatorAt: number): End {
  const locator = view(source, locatorAt, 20)
  if (locator.getUint32(0, true) !== LOCATOR64) throw invalidFile(source.name, locatorAt, NOT_A_ZIP)
  const at = Number(locator.getBigUint64(8, true))
  const end = view(source, at, 56)
  if (end.getUint32(0, true) !== END64) throw invalidFile(source.name, at, NOT_A_ZIP)
  const number = (offset: number): number => Number(end.getBigUint64(offset, true))
  return { count: number(32), size: number(40), offset: number(48) }
}

function view(source: ByteSource, offset: number, length: number): DataView {
  const bytes = source.read(offset, length)
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function readEntry(
  file: string,
  bytes: Uint8Array,
  at: number,
  base: number,
): { entry: ZipEntry; next: number; isFolder: boolean } {
  const cut = (): Error =>
    invalidFile(file, base + at, 'the directory of the archive is damaged.', 'Copy the archive again.')
  if (at + 46 > bytes.length) throw cut()
  const head = new DataView(bytes.buffer, bytes.byteOffset + at, 46)
  if (head.getUint32(0, true) !== CENTRAL) throw cut()
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
    head.getUint16(field, true),
  ) as [number, number, number]
  const next = at + 46 + nameLength + extraLength + commentLength
  if (next > bytes.length) throw cut()
  const name = memberName(bytes.subarray(at + 46, at + 46 + nameLength))
  const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
  const mode = (head.getUint32(38, true) >>> 16) & 0xf000
  if (head.getUint16(8, true) & 1)
    throw refusedFile(file, name, 'is encrypted.', 'Unpack it with its password first.')
  if (mode === 0xa000) throw refusedFile(file, name, 'is a symbolic link.', 'Pack the file itself.')
  checkMemberName(file, name)
  const sizes = resolveSizes(head, extra)
  if (!Number.isSafeInteger(sizes.size) || sizes.size > MAX_TOTAL_BYTES)
    throw refusedFile(file, name, `claims ${sizes.size} bytes.`)
  return {
    entry: { name, method: head.getUint16(10, true), crc: head.getUint32(16, true), ...sizes },
    next,
    isFolder: name.endsWith('/'),
  }
}

/** Sizes of 4 GiB and more stand in the zip64 extra field, in this order, only those that did not fit. */
function resolveSizes(
  head: DataView,
  extra: Uint8Array,
): Pick<ZipEntry, 'size' | 'compressedSize' | 'offset'> {
  const found = {
    size: head.getUint32(24, true),
    compressedSize: head.getUint32(20, true),
    offset: head.getUint32(42, true),
  }
  const wide = zip64Field(extra)
  let at = 0
  for (const key of ['size', 'compressedSize', 'offset'] as const) {
    if (found[key] !== 0xffffffff || !wide || at + 8 > wide.byteLength) continue
    found[key] = Number(wide.getBigUint64(at, true))
    at += 8
  }
  return found
}

function zip64Field(extra: Uint8Array): DataView | null {
  const all = new DataView(extra.buffer, extra.byteOffset, extra.byteLength)
  for (let at = 0; at + 4 <= extra.length;) {
    const length = all.getUint16(at + 2, true)
    if (at + 4 + length > extra.length) return null
    if (all.getUint16(at, true) === 1) return new DataView(extra.buffer, extra.byteOffset + at + 4, length)
    at += 4 + length
  }
  return null
}

/** Members that share bytes let a small archive inflate to any size. */
function checkOverlap(file: string, entries: readonly ZipEntry[]): void {
  let end = 0
  for (const { name, offset, compressedSize } of [...entries].sort((a, b) => a.offset - b.offset)) {
    if (offset < end)
      throw refusedFile(file, name, 'shares its bytes with another member.', 'Pack the archive again.')
    end = offset + 30 + compressedSize
  }
}
