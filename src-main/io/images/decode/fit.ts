import { type ByteImage, pilResize } from '../../../engine/data/image/pil-resize.ts'
import { invalidFile } from '../../formats/base/problem.ts'

/**
 * How images of many sizes become one size. `as-is`: they must be equal already. `exact`: both sides resized.
 * `shorter-side`: the shorter side resized, then the middle cut out (the ImageNet rule).
 */
export type Fit =
  | { readonly kind: 'as-is' }
  | { readonly kind: 'exact'; readonly height: number; readonly width: number }
  | { readonly kind: 'shorter-side'; readonly resize: number; readonly crop: number }

/** An image brought to its common size with Pillow's antialiased bilinear filter. */
export function fitImage(image: ByteImage, fit: Fit, name: string): ByteImage {
  switch (fit.kind) {
    case 'as-is':
      return image
    case 'exact':
      return resize(image, fit.width, fit.height)
    case 'shorter-side': {
      const { width, height } = shorterSide(image, fit.resize)
      return centreCrop(resize(image, width, height), fit.crop, name)
    }
  }
}

const resize = (image: ByteImage, width: number, height: number): ByteImage =>
  image.width === width && image.height === height ? image : pilResize(image, { width, height }, 'bilinear')

/** torchvision truncates the longer side. */
function shorterSide({ width, height }: ByteImage, size: number): { width: number; height: number } {
  return width <= height
    ? { width: size, height: Math.trunc((size * height) / width) }
    : { width: Math.trunc((size * width) / height), height: size }
}

/** torchvision rounds half to even where the margin is odd. */
function centreCrop(image: ByteImage, size: number, name: string): ByteImage {
  if (image.width < size || image.height < size)
    throw invalidFile(
      name,
      null,
      `is ${image.width} x ${image.height} after resizing, smaller than the crop of ${size}.`,
      'Resize to at least the crop.',
      ['fit'],
    )
  const left = halfToEven(image.width - size)
  const top = halfToEven(image.height - size)
  const row = size * image.channels
  const data = new Uint8Array(size * row)
  for (let y = 0; y < size; y++) {
    const from = ((top + y) * image.width + left) * image.channels
    data.set(image.data.subarray(from, from + row), y * row)
  }
  return { width: size, height: size, channels: image.channels, data }
}

function halfToEven(margin: number): number {
  const down = Math.floor(margin / 2)
  return margin % 2 === 0 ? down : down + (down % 2)
}
