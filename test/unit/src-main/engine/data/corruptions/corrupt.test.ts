import { describe, expect, test } from 'vitest'
import {
  constantSetOf,
  corrupt,
  corruptionStream,
  rgbOf,
} from '../../../../../../src-main/engine/data/corruptions/corrupt.ts'
import {
  ALL_CORRUPTIONS,
  COMMON_CORRUPTIONS,
  EXTRA_CORRUPTIONS,
} from '../../../../../../src-shared/schema/dataset/corruptions.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { levelDifference } from '../../../../../support/image-statistics.ts'
import { testImage } from '../../../../../support/test-image.ts'

const root = createRng(1000)
const image = testImage(40, 33)
const rngOf = (name: string, severity: number, index = 0) => corruptionStream(root, name, severity, index)

test('are the 15 of the benchmark and the 4 for validation', () => {
  expect(COMMON_CORRUPTIONS).toHaveLength(15)
  expect(EXTRA_CORRUPTIONS).toEqual(['speckle_noise', 'gaussian_blur', 'spatter', 'saturate'])
  expect(new Set(ALL_CORRUPTIONS).size).toBe(19)
})

describe.each(ALL_CORRUPTIONS)('%s', (name) => {
  test.each(['ic', 'hd64', 'hd32'] as const)(
    'changes odd-sized images at every severity with %s constants',
    (constants) => {
      for (const severity of [1, 2, 3, 4, 5]) {
        const made = corrupt(image, name, severity, { rng: rngOf(name, severity), constants })
        expect(made).toHaveLength(image.data.length)
        expect(levelDifference(made, image.data).mean).toBeGreaterThan(0.2)
      }
    },
  )

  test('gives the same bytes for the same stream and leaves the image alone', () => {
    const before = image.data.slice()
    const once = corrupt(image, name, 4, { rng: rngOf(name, 4) })
    expect(corrupt(image, name, 4, { rng: rngOf(name, 4) })).toEqual(once)
    expect(image.data).toEqual(before)
  })

  test('copes with a black image', () => {
    const black = { ...image, data: new Uint8Array(image.data.length) }
    expect(corrupt(black, name, 5, { rng: rngOf(name, 5) })).toHaveLength(black.data.length)
  })
})

test('noise differs between images, severities and corruptions', () => {
  const noise = (index: number) =>
    corrupt(image, 'gaussian_noise', 1, { rng: rngOf('gaussian_noise', 1, index) })
  expect(noise(0)).not.toEqual(noise(1))
})

test('takes the constants made for the nearest image size when asked for auto', () => {
  expect([28, 45, 46, 64, 93, 121, 224].map((side) => constantSetOf('auto', side, side))).toEqual([
    'hd32',
    'hd32',
    'hd64',
    'hd64',
    'hd64',
    'ic',
    'ic',
  ])
  expect(constantSetOf('ic', 32, 32)).toBe('ic')
})

test('names the corruptions there are when an unknown one is asked for', () => {
  expect(() => corrupt(image, 'rain', 1, { rng: root })).toThrow(
    /^corruption: expected a corruption, got rain\. Choose one of jpeg_compression, /,
  )
  expect(() => corrupt(image, 'toString', 1, { rng: root })).toThrow('got toString')
})

test.each([0, 6, 1.5, NaN])('refuses severity %s', (severity) => {
  expect(() => corrupt(image, 'fog', severity, { rng: root })).toThrow(
    `corruption.fog: expected a severity 1 to 5, got ${severity}. Use whole numbers from 1 to 5.`,
  )
})

test('refuses images below 32 pixels, as the published package does', () => {
  expect(() => corrupt(testImage(28, 28), 'fog', 1, { rng: root })).toThrow(
    'corruption.fog: images are 28 x 28 pixels, corruptions need 32 per side. Enlarge the images.',
  )
})

test('repeats grey three times', () => {
  expect([...rgbOf(Uint8Array.of(7, 9), 2, 1).data]).toEqual([7, 7, 7, 9, 9, 9])
})
