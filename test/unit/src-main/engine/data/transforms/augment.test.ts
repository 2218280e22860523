import { describe, expect, test } from 'vitest'
import { augmented } from '../../../../../../src-main/engine/data/transforms/augment.ts'
import { cropped, mirrored, randomCrop } from '../../../../../../src-main/engine/data/image/crop.ts'
import { distorted } from '../../../../../../src-main/engine/data/transforms/distort.ts'
import { imageChanges } from '../../../../../../src-main/engine/data/loaders/image-changes.ts'
import {
  randomResizedCrop,
  randomWindow,
} from '../../../../../../src-main/engine/data/image/random-resized-crop.ts'
import {
  croppedAndThinned,
  marginsOf,
  rescaled,
} from '../../../../../../src-main/engine/data/image/rescale.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { testImage } from '../../../../../support/test-image.ts'

const image = { ...testImage(32, 32), channels: 3 }
/** 1..6 as 3 columns x 2 rows. */
const small = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }

describe('crop', () => {
  test('is black outside the image', () => {
    const made = cropped(small, { left: -1, top: 1, width: 5, height: 2 })
    expect([...made.data]).toEqual([0, 4, 5, 6, 0, 0, 0, 0, 0, 0])
  })

  test('outside altogether is all black', () => {
    expect([...cropped(small, { left: 9, top: 0, width: 2, height: 1 }).data]).toEqual([0, 0])
  })

  test('random crops reach every offset from one border to the other', () => {
    const rng = createRng(3)
    const corners = new Set<string>()
    for (let i = 0; i < 300; i++) corners.add(randomCrop(small, { width: 3, height: 2 }, 1, rng).data.join())
    expect(corners.size).toBe(9)
  })
})

test('mirrors left and right of every channel', () => {
  expect([...mirrored(small).data]).toEqual([3, 2, 1, 6, 5, 4])
  const colours = { width: 2, height: 1, channels: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) }
  expect([...mirrored(colours).data]).toEqual([4, 5, 6, 1, 2, 3])
})

describe('augmentation', () => {
  const options = { size: { width: 32, height: 32 }, padding: 4, flip: true, rotation: 15 }

  test('repeats itself for the same stream and keeps the size', () => {
    const once = augmented(image, options, createRng(1))
    expect(once.data).toHaveLength(image.data.length)
    expect(augmented(image, options, createRng(1)).data).toEqual(once.data)
    expect(augmented(image, options, createRng(2)).data).not.toEqual(once.data)
  })

  test('switched off is the image itself', () => {
    const off = { ...options, padding: 0, flip: false, rotation: 0 }
    expect(augmented(image, off, createRng(1)).data).toEqual(image.data)
  })

  test('mirrors half of the images when nothing else is on', () => {
    const flipOnly = { ...options, padding: 0, rotation: 0 }
    const mirror = mirrored(image).data
    const flips = Array.from({ length: 200 }, (_, i) =>
      Buffer.from(augmented(image, flipOnly, createRng(i)).data).equals(mirror),
    ).filter(Boolean).length
    expect(flips).toBeGreaterThan(70)
    expect(flips).toBeLessThan(130)
  })

  test('draws the same shift whether or not images are also turned', () => {
    const shiftOnly = { ...options, flip: false, rotation: 0 }
    const shifted = augmented(image, shiftOnly, createRng(4)).data
    const barelyTurned = augmented(image, { ...shiftOnly, rotation: 1e-9 }, createRng(4)).data
    expect(barelyTurned).toEqual(shifted)
  })
})

test('random resized crops keep area and ratio within the published limits', () => {
  const rng = createRng(8)
  for (let i = 0; i < 500; i++) {
    const { left, top, width, height } = randomWindow(300, 200, rng)
    expect(left >= 0 && top >= 0 && left + width <= 300 && top + height <= 200).toBe(true)
    expect((width * height) / 60_000).toBeGreaterThan(0.075)
    expect(width / height).toBeGreaterThan(0.7)
    expect(width / height).toBeLessThan(1.4)
  }
  expect(randomResizedCrop(image, 20, rng)).toMatchObject({ width: 20, height: 20, channels: 3 })
})

test('an image too narrow for any such window gives its middle', () => {
  const window = randomWindow(1000, 10, createRng(1))
  expect(window).toEqual({ left: 493, top: 0, width: 13, height: 10 })
})

describe('neural images', () => {
  test('lose their margins and keep every n-th pixel', () => {
    const data = Uint8Array.from({ length: 30 }, (_, i) => i)
    const wide = { width: 6, height: 5, channels: 1, data }
    const made = croppedAndThinned(
      wide,
      [
        [1, 0],
        [0, 1],
      ],
      2,
    )
    expect([made.width, made.height, [...made.data]]).toEqual([3, 2, [6, 8, 10, 18, 20, 22]])
    expect(marginsOf(2)).toEqual([
      [2, 2],
      [2, 2],
    ])
    expect(() => croppedAndThinned(wide, marginsOf(3), 1)).toThrow('nothing is left of 6 x 5 pixels')
  })

  test('have sizes rounded half to even', () => {
    const sizes = [5, 7].map((width) => {
      const data = new Float32Array(width * 4)
      return rescaled({ width, height: 4, channels: 1, data }, { scale: 0.5, rounding: 'truncate' }).width
    })
    expect(sizes).toEqual([2, 4])
  })
})

describe('distortion', () => {
  const names = ['contrast', 'brightness']

  test('leaves half of the images clean only when asked to', () => {
    const same = (withClean: boolean): number =>
      Array.from({ length: 100 }, (_, i) =>
        Buffer.from(distorted(image, { names, withClean }, createRng(i)).data).equals(image.data),
      ).filter(Boolean).length
    expect(same(false)).toBe(0)
    expect(same(true)).toBeGreaterThan(30)
    expect(same(true)).toBeLessThan(70)
  })

  test('reaches every corruption at every severity', () => {
    const results = Array.from({ length: 200 }, (_, i) =>
      distorted(image, { names, withClean: false }, createRng(i)).data.join(),
    )
    expect(new Set(results).size).toBe(10)
  })
})

describe('changes that a pipeline names', () => {
  const shape = { width: 32, height: 32, channels: 3 }
  const { augment, distort, corrupt } = imageChanges()

  test('augment shifts, mirrors and turns', () => {
    const options = { padding: 4, flip: true, rotation: 15 }
    const expected = augmented(image, { ...options, size: shape }, createRng(1))
    expect(augment(image.data, shape, createRng(1), options)).toEqual(expected.data)
  })

  test('corrupt and distort return the shape they were given, grey included', () => {
    expect(
      corrupt(image.data, shape, createRng(1), { name: 'fog', severity: 2, constants: 'hd32' }),
    ).toHaveLength(image.data.length)
    expect(distort(image.data, shape, createRng(1), { names: ['snow'], withClean: false })).not.toEqual(
      image.data,
    )
    const grey = new Uint8Array(32 * 32).fill(90)
    const made = corrupt(grey, { ...shape, channels: 1 }, createRng(1), { name: 'brightness', severity: 1 })
    expect(made).toEqual(new Uint8Array(32 * 32).fill(115)) // 90 + 25.5, truncated
  })
})
