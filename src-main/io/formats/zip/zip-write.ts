import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'

/** One member: its parts are written as they come. */
export interface ZipMember {
  readonly name: string
  parts(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

const LIMIT = 0xffffffff
/** 1980-01-01, the earliest date the format knows: equal content gives equal bytes. */
const DATE = 0x0021
const UTF8_AND_LATE_SIZES = 0x0808

interface Written {
  readonly name: Uint8Array
  readonly offset: number
  readonly size: number
  readonly crc: number
}

/** Writes uncompressed members one after the other, so that arrays need not be in memory. Up to 4 GiB in all. */
export async function writeZip(path: string, members: Iterable<ZipMember>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    const written: Written[] = []
    let at = 0
    for (const member of members) {
      const entry = await writeMember(file, member, at)
      written.push(entry)
      at = entry.offset + 30 + entry.name.length + entry.size + 16
      if (at > LIMIT)
        throw new CotrainError({
          code: 'not-allowed',
          path,
          message: 'an archive cannot be larger than 4 GiB.',
          hint: 'Export the canonical file instead.',
        })
    }
    const directory = Buffer.concat(written.map(directoryEntry))
    await file.write(Buffer.concat([directory, endOf(written.length, directory.length, at)]))
  } finally {
    await file.close()
  }
}

async function writeMember(file: FileHandle, member: ZipMember, offset: number): Promise<Written> {
  const name = new TextEncoder().encode(member.name)
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(UTF8_AND_LATE_SIZES, 6)
  head.writeUInt16LE(DATE, 12)
  head.writeUInt16LE(name.length, 26)
  await file.write(Buffer.concat([head, name]))
  let [size, crc] = [0, 0]
  for await (const part of member.parts()) {
    await file.write(part)
    size += part.length
    crc = crc32(part, crc)
  }
  const tail = Buffer.alloc(16)
  tail.writeUInt32LE(0x08074b50, 0)
  tail.writeUInt32LE(crc, 4)
  tail.writeUInt32LE(Math.min(size, LIMIT), 8)
  tail.writeUInt32LE(Math.min(size, LIMIT), 12)
  await file.write(tail)
  return { name, offset, size, crc }
}

function directoryEntry({ name, offset, size, crc }: Written): Buffer {
  const head = Buffer.alloc(46)
  head.writeUInt32LE(0x02014b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(20, 6)
  head.writeUInt16LE(UTF8_AND_LATE_SIZES, 8)
  head.writeUInt16LE(DATE, 14)
  head.writeUInt32LE(crc, 16)
  head.writeUInt32LE(size, 20)
  head.writeUInt32LE(size, 24)
  head.writeUInt16LE(name.length, 28)
  head.writeUInt32LE(offset, 42)
  return Buffer.concat([head, name])
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
