import { type ByteSource, bytesSource, openFile } from '../base/byte-source.ts'
import { gunzipAll, gunzipHead, isGzip, MAX_DEFLATE_RATIO } from '../base/gzip.ts'
import { invalidFile, refusedFile } from '../base/problem.ts'

/** Array of bytes in the IDX format of the MNIST files. */
export interface IdxArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

const UNSIGNED_BYTE = 0x08
/** Far above any published set of this format, far below what harms the machine. */
const MAX_BYTES = 2 ** 31

/**
 * Reads an IDX file of bytes, plain or gzipped (told by content, not by name).
 * Errors name the file and the byte: wrong magic, wrong element type, wrong number of axes, wrong length.
 */
export function readIdx(path: string, axes?: number): IdxArray {
  const source = openFile(path)
  try {
    return readIdxFrom(source, axes)
  } finally {
    source.close()
  }
}

/** As {@link readIdx}, from an open source. */
export function readIdxFrom(source: ByteSource, axes?: number): IdxArray {
  const gzipped = isGzip(source)
  const head = gzipped ? gunzipHead(source, 4 + 4 * 255) : source.read(0, Math.min(source.size, 4 + 4 * 255))
  const shape = parseShape(source.name, head, axes)
  const start = 4 + 4 * shape.length
  const count = shape.reduce((a, b) => a * b, 1)
  const limit = gzipped ? source.size * MAX_DEFLATE_RATIO : source.size
  if (count > MAX_BYTES)
    throw refusedFile(
      source.name,
      4,
      `the header claims ${shape.join(' x ')} = ${count} bytes, the limit is ${MAX_BYTES}.`,
    )
  if (start + count > limit) throw wrongLength(source.name, shape, start + count, source.size, gzipped)
  const content = gzipped ? bytesSource(source.name, gunzipAll(source, start + count)) : source
  if (content.size !== start + count)
    throw wrongLength(source.name, shape, start + count, content.size, false)
  return { shape, data: content.read(start, count) }
}

function parseShape(name: string, head: Uint8Array, axes: number | undefined): number[] {
  const hint = 'Choose an IDX file such as train-images-idx3-ubyte.'
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  if (head.length < 4) throw invalidFile(name, 0, 'the file is shorter than an IDX header.', hint)
  if (view.getUint16(0) !== 0)
    throw invalidFile(name, 0, `expected two zero bytes, got 0x${view.getUint16(0).toString(16)}.`, hint)
  const type = view.getUint8(2)
  if (type !== UNSIGNED_BYTE)
    throw invalidFile(
      name,
      2,
      `expected element type 0x08 (bytes), got 0x${type.toString(16).padStart(2, '0')}.`,
      hint,
    )
  const rank = view.getUint8(3)
  if (rank === 0 || (axes !== undefined && rank !== axes))
    throw invalidFile(
      name,
      3,
      `expected ${axes ?? 'at least 1'} axes, got ${rank}.`,
      'Images have 3 axes and labels 1: are the two swapped?',
    )
  if (head.length < 4 + 4 * rank)
    throw invalidFile(name, head.length, `the header of ${rank} axes is cut off.`, 'The file is truncated.')
  return Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i))
}

function wrongLength(
  name: string,
  shape: readonly number[],
  expected: number,
  got: number,
  gzipped: boolean,
): Error {
  return invalidFile(
    name,
    Math.min(got, expected),
    `the header says ${shape.join(' x ')}, which needs ${expected} bytes; the file has ${got}${gzipped ? ' compressed ones' : ''}.`,
    'The file is truncated or has foreign bytes at its end: copy or download it again.',
  )
}
