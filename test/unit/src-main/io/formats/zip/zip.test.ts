import { zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { bytesSource } from '../../../../../../src-main/io/formats/base/byte-source.ts'
import { decodeNpy } from '../../../../../../src-main/io/formats/numpy/npy.ts'
import { openZip, type ZipArchive } from '../../../../../../src-main/io/formats/zip/zip.ts'
import { numpyFiles } from '../../../../../support/numpy-files.ts'
import { problemOf } from '../../../../../support/problem-of.ts'

const open = (bytes: Uint8Array): ZipArchive => openZip(bytesSource('z.zip', bytes))
const failure = async (bytes: Uint8Array, member?: string): Promise<string> => {
  const { code, path, message } = await problemOf(() => {
    const zip = open(bytes)
    return zip.read(member ?? zip.entries[0]?.name ?? '')
  })
  return `${code} ${path}: ${message}`
}
/** A copy with the little-endian word at `at` bytes after the first `signature` changed. */
function patch(
  bytes: Uint8Array,
  signature: number,
  at: number,
  value: number,
  width: 2 | 4 = 4,
): Uint8Array {
  const out = bytes.slice()
  const view = new DataView(out.buffer)
  let start = 0
  while (view.getUint32(start, true) !== signature) start++
  if (width === 4) view.setUint32(start + at, value, true)
  else view.setUint16(start + at, value, true)
  return out
}
const CENTRAL = 0x02014b50
const END = 0x06054b50
const text = Buffer.from('some text, some text, some text, some text')
const sample = zipSync({ 'a/b.txt': text, 'c.bin': [new Uint8Array([1, 2, 3]), { level: 0 }] })

test('lists and reads deflated and stored members', () => {
  const zip = open(sample)
  expect(zip.entries.map(({ name, size }) => [name, size])).toEqual([
    ['a/b.txt', text.length],
    ['c.bin', 3],
  ])
  expect(Buffer.from(zip.read('a/b.txt')).equals(text)).toBe(true)
  expect([...zip.read('c.bin')]).toEqual([1, 2, 3])
  expect(zip.has('nope')).toBe(false)
})

test('reads an .npz that NumPy wrote', () => {
  const zip = open(numpyFiles.npz)
  expect([...decodeNpy(zip.read('ids.npy'), 'ids').values]).toEqual([3, 1])
  expect([...decodeNpy(zip.read('a.npy'), 'a').values]).toEqual([0, 1, 2, 3])
})

test('backslashes separate folders, and unmarked names are code page 437', () => {
  const packed = zipSync({ 'set\\a\\0.png': text, 'caf?.txt': text })
  for (let i = 0; i < packed.length; i++) if (packed[i] === 0x3f) packed[i] = 0x82
  expect(open(packed).entries.map(({ name }) => name)).toEqual(['set/a/0.png', 'café.txt'])
})

test.each(['../evil', '/etc/passwd', 'a/../../b', 'C:/x', 'a\\..\\b', '\\\\host\\x', 'C:\\x'])(
  'refuses the member name %s',
  async (name) => {
    expect(await failure(zipSync({ [name]: text }))).toBe(
      `file-refused z.zip, ${JSON.stringify(name.replaceAll('\\', '/'))}: its name points outside the archive.`,
    )
  },
)

test('refuses links, encryption and foreign compression', async () => {
  expect(await failure(patch(sample, CENTRAL, 38, 0xa1ff0000))).toContain('is a symbolic link')
  expect(await failure(patch(sample, CENTRAL, 8, 1, 2))).toContain('is encrypted')
  expect(await failure(patch(sample, CENTRAL, 10, 12, 2))).toContain('uses compression method 12')
})

test('refuses sizes that cannot be true', async () => {
  expect(await failure(patch(sample, CENTRAL, 24, 2_000_000_000))).toMatch(/claims 2000000000 bytes from \d+/)
  expect(await failure(patch(sample, CENTRAL, 24, 10))).toContain('is larger than the 10 bytes it claims')
  const twice = patch(sample, END, 8, 2, 2)
  expect(await failure(patch(twice, END, 10, 60_000, 2))).toContain('directory of 60000 files does not fit')
})

test('refuses members that share bytes', async () => {
  const both = sample.slice()
  const view = new DataView(both.buffer)
  const second = sample.length - 22 - (46 + 5)
  expect(view.getUint32(second, true)).toBe(CENTRAL)
  view.setUint32(second + 42, 0, true)
  expect(await failure(both)).toContain('shares its bytes with another member')
})

test('damaged content and truncated files are named', async () => {
  expect(await failure(patch(sample, CENTRAL, 16, 1))).toContain(
    'z.zip, a/b.txt: its checksum does not match.',
  )
  expect(await failure(sample.subarray(0, 60))).toContain('not a zip archive, or its end is missing')
  expect(await failure(new Uint8Array(5))).toContain('not a zip archive')
  const broken = sample.slice()
  broken.fill(0xff, 38, 50)
  expect(await failure(broken)).toMatch(/compressed data is damaged|expected 42 bytes, got/)
})
