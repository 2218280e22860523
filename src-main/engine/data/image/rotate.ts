import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ByteImage } from './pil-resize.ts'

/** Pillow walks an affine map in 16-bit fixed point. */
const ONE = 65536
const fix = (x: number): number => Math.floor(x * ONE + 0.5)

/**
 * `Image.rotate(degrees)` of Pillow: counter-clockwise about the centre, nearest neighbour, same size, black corners.
 * Equal to Pillow byte by byte.
 */
export function rotated(image: ByteImage, degrees: number): ByteImage {
  const { width, height, channels, data } = image
  const turn = ((degrees % 360) + 360) % 360
  if (turn === 0) return image
  const angle = -(turn * Math.PI) / 180
  const round15 = (x: number): number => Number(x.toFixed(15))
  const [cos, sin] = [round15(Math.cos(angle)), round15(Math.sin(angle))]
  const offsetX = cos * (-width / 2) + sin * (-height / 2) + width / 2
  const offsetY = -sin * (-width / 2) + cos * (-height / 2) + height / 2
  const out = new Uint8Array(data.length)
  let rowX = fix(offsetX + cos * 0.5 + sin * 0.5) // of the pixel's centre
  let rowY = fix(offsetY - sin * 0.5 + cos * 0.5)
  const [cosStep, sinStep] = [fix(cos), fix(sin)]
  const sinBack = fix(-sin)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, atX = rowX, atY = rowY; x < width; x++, to += channels, atX += cosStep, atY += sinBack) {
      const fromX = atX >> 16
      const fromY = atY >> 16
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
      const from = (fromY * width + fromX) * channels
      for (let c = 0; c < channels; c++) out[to + c] = data[from + c]!
    }
    rowX += sinStep
    rowY += cosStep
  }
  return { width, height, channels, data: out }
}

/** torchvision RandomRotation(limit): an angle from U(-limit, limit) degrees, nearest neighbour, black corners. */
export const randomRotation = (image: ByteImage, limit: number, rng: Rng): ByteImage =>
  rotated(image, (2 * rng.uniform() - 1) * limit)
