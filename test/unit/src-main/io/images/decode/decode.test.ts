import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decodeImage } from '../../../../../../src-main/io/images/decode/decode.ts'
import { fitImage } from '../../../../../../src-main/io/images/decode/fit.ts'
import { problemOf } from '../../../../../support/problem-of.ts'
import { encodedImage } from '../../../../../support/sample-images.ts'

const message = async (bytes: Uint8Array): Promise<string> =>
  (await problemOf(() => decodeImage(bytes, 'p'))).message

test('grey, transparent and 16-bit images become three bytes a pixel', async () => {
  const grey = await decodeImage(await encodedImage(120, { grey: true, format: 'png' }), 'p')
  expect([grey.channels, ...grey.data.subarray(0, 3)]).toEqual([3, 120, 120, 120])
  const clear = sharp(Buffer.from([10, 20, 30, 0]), { raw: { width: 1, height: 1, channels: 4 } })
  expect([...(await decodeImage(await clear.png().toBuffer(), 'p')).data]).toEqual([10, 20, 30])
  const deep = sharp(Uint16Array.of(0x8012, 0x10ff, 0xffff), {
    raw: { width: 1, height: 1, channels: 3 },
  }).toColourspace('rgb16')
  expect([...(await decodeImage(await deep.png().toBuffer(), 'p')).data]).toEqual([0x80, 0x10, 0xff])
})

/** Written by Pillow 12.3.0 with quality 90 and no subsampling; the pixels are those of its `convert('RGB')`. */
test('a CMYK JPEG has the pixels that Pillow makes of it', async () => {
  const path = join(import.meta.dirname, '../../../../../fixtures/images/cmyk.jpg')
  const { width, channels, data } = await decodeImage(readFileSync(path), 'p')
  const at = (row: number, column: number): number[] => [
    ...data.subarray((row * width + column) * channels, (row * width + column + 1) * channels),
  ]
  expect([at(0, 0), at(3, 12), at(8, 5), at(15, 15)]).toEqual([
    [255, 255, 127],
    [19, 76, 47],
    [126, 88, 94],
    [0, 0, 27],
  ])
  expect(createHash('sha256').update(data).digest('hex')).toBe(
    'f9fc5867f7cdfd4a7a8fd2e2be5ce6fbd46081237092a86c33db3c996cb12e6f',
  )
})

test('reads PNM with comments and bitmaps from bottom to top', async () => {
  const pgm = Buffer.from([...Buffer.from('P5\n# made by hand\n2 1\n255\n'), 7, 9])
  expect(await decodeImage(pgm, 'p')).toEqual({
    width: 2,
    height: 1,
    channels: 3,
    data: Uint8Array.of(7, 7, 7, 9, 9, 9),
  })
  const ppm = Buffer.from([...Buffer.from('P6 1 1 255 '), 1, 2, 3])
  expect([...(await decodeImage(ppm, 'p')).data]).toEqual([1, 2, 3])
  const bmp = Buffer.alloc(54 + 8)
  bmp.write('BM', 0)
  ;[
    [54, 10],
    [40, 14],
    [1, 18],
    [2, 22],
  ].forEach(([value, at]) => bmp.writeUInt32LE(value as number, at as number))
  bmp.writeUInt16LE(24, 28)
  bmp.set([3, 2, 1], 54)
  bmp.set([6, 5, 4], 58)
  expect([...(await decodeImage(bmp, 'p')).data]).toEqual([4, 5, 6, 1, 2, 3])
})

test('claims of many pixels are refused before they are decoded', async () => {
  expect(await message(Buffer.from('P6 99999 99999 255 abc'))).toBe('claims 99999 x 99999 pixels.')
  const large = sharp({ create: { width: 8000, height: 8000, channels: 3, background: 'black' } })
  expect(await message(await large.png({ compressionLevel: 1 }).toBuffer())).toBe(
    'claims more than 50000000 pixels.',
  )
  expect(await message(Buffer.from('P5 4 4 255 abc'))).toBe('4 x 4 needs 16 bytes, got 3.')
})

test('the ImageNet rule resizes the shorter side and cuts the middle', () => {
  const data = Uint8Array.from({ length: 4 * 8 * 3 }, (_, i) => Math.floor(i / 3) % 8)
  const wide = { width: 8, height: 4, channels: 3, data }
  const cut = fitImage(wide, { kind: 'shorter-side', resize: 4, crop: 4 }, 'p')
  expect([cut.width, cut.height, ...cut.data.subarray(0, 12)]).toEqual([
    4, 4, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5,
  ])
  expect(() => fitImage(wide, { kind: 'shorter-side', resize: 4, crop: 6 }, 'p')).toThrow(
    'smaller than the crop of 6',
  )
  expect(fitImage(wide, { kind: 'exact', height: 2, width: 2 }, 'p')).toMatchObject({ width: 2, height: 2 })
})
