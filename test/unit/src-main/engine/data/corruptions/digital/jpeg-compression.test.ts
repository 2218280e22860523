import { expect, test } from 'vitest'
import stored from '../../../../../../fixtures/transforms/pillow.json' with { type: 'json' }
import { jpegRoundTrip } from '../../../../../../../src-main/engine/data/corruptions/digital/jpeg-compression.ts'
import { quantisationTable } from '../../../../../../../src-main/engine/data/corruptions/digital/jpeg-planes.ts'
import { bytesOf } from '../../../../../../support/test-image.ts'

const image = { width: stored.width, height: stored.height, data: bytesOf(stored.image) }

test.each(stored.jpeg)(
  'decodes to the bytes of libjpeg at quality $quality, odd sides included',
  ({ quality, result }) => {
    expect(jpegRoundTrip(image, quality)).toEqual(bytesOf(result))
  },
)

test('scales the standard tables as libjpeg does', () => {
  expect([...quantisationTable('luminance', 50)].slice(0, 4)).toEqual([16, 11, 10, 16])
  expect(quantisationTable('luminance', 25)[0]).toBe(32)
  expect(quantisationTable('chrominance', 100).every((step) => step === 1)).toBe(true)
  expect(quantisationTable('chrominance', 1)[0]).toBe(255)
})

test('an even image survives any quality', () => {
  const even = { width: 33, height: 40, data: new Uint8Array(33 * 40 * 3).fill(128) }
  expect(jpegRoundTrip(even, 5)).toEqual(even.data)
})
