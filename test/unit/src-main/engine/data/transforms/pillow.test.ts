import { expect, test } from 'vitest'
import stored from '../../../../../fixtures/transforms/pillow.json' with { type: 'json' }
import { cropped } from '../../../../../../src-main/engine/data/image/crop.ts'
import {
  pilResize,
  pilResizeNearest,
  type ResampleFilter,
} from '../../../../../../src-main/engine/data/image/pil-resize.ts'
import { rescaled } from '../../../../../../src-main/engine/data/image/rescale.ts'
import { rotated } from '../../../../../../src-main/engine/data/image/rotate.ts'
import { bytesOf } from '../../../../../support/test-image.ts'

const image = { width: stored.width, height: stored.height, channels: 3, data: bytesOf(stored.image) }

test.each(stored.resize)(
  'resizes as Pillow: $filter to $width x $height',
  ({ filter, width, height, result }) => {
    const size = { width, height }
    const made =
      filter === 'nearest' ? pilResizeNearest(image, size) : pilResize(image, size, filter as ResampleFilter)
    expect(made).toMatchObject(size)
    expect(made.data).toEqual(bytesOf(result))
  },
)

test('resizes a crop as torchvision resized_crop, the region alone deciding the border', () => {
  const { left, top, right, bottom, width, height, result } = stored.resize_region
  const part = cropped(image, { left, top, width: right - left, height: bottom - top })
  expect(pilResize(part, { width, height }, 'bilinear').data).toEqual(bytesOf(result))
})

test.each(stored.rotate)('turns as Pillow: $degrees degrees', ({ degrees, result }) => {
  expect(rotated(image, degrees).data).toEqual(bytesOf(result))
})

test('a turn of 0 degrees is the image itself', () => {
  expect(rotated(image, 0).data).toEqual(image.data)
})

test.each(stored.rescale)('rescales bytes as scikit-image, truncated: $scale', ({ scale, shape, result }) => {
  const made = rescaled(image, { scale, rounding: 'truncate' })
  expect([made.height, made.width, made.channels]).toEqual(shape)
  expect(made.data).toEqual(bytesOf(result))
})

test('rescales floats as scikit-image', () => {
  const floats = { ...image, data: Float32Array.from(image.data, (v) => v / 255) }
  const made = rescaled(floats, { scale: stored.rescale_float.scale, rounding: 'truncate' })
  stored.rescale_float.result.forEach((v, i) => expect(made.data[i]).toBeCloseTo(v, 6))
})

test('rounds instead of truncating when asked', () => {
  const two = { width: 2, height: 1, channels: 1, data: Uint8Array.of(0, 3) }
  expect([
    ...rescaled({ ...two, height: 2, data: Uint8Array.of(0, 3, 0, 3) }, { scale: 0.5, rounding: 'truncate' })
      .data,
  ]).toEqual([1])
  expect([
    ...rescaled({ ...two, height: 2, data: Uint8Array.of(0, 3, 0, 3) }, { scale: 0.5, rounding: 'round' })
      .data,
  ]).toEqual([2])
})
