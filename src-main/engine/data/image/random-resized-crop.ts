import type { Rng } from '../../../../src-shared/util/rng.ts'
import { cropped, type Window } from './crop.ts'
import { type ByteImage, pilResize } from './pil-resize.ts'
import { roundHalfEven } from './round-half-even.ts'

/** Share of the area, and width to height, of the crop; torchvision's defaults. */
const AREA = [0.08, 1] as const
const RATIO = [3 / 4, 4 / 3] as const
/** Draws until a window that does not fit is given up for the whole middle. */
const ATTEMPTS = 10

/** The largest middle part within the allowed ratios. */
function middle(width: number, height: number): Window {
  const ratio = width / height
  const w = ratio > RATIO[1] ? roundHalfEven(height * RATIO[1]) : width
  const h = ratio < RATIO[0] ? roundHalfEven(width / RATIO[0]) : height
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h }
}

/** A window with area U(0.08, 1) of the image and log-uniform ratio 3/4..4/3, anywhere. */
export function randomWindow(width: number, height: number, rng: Rng): Window {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = width * height * (AREA[0] + (AREA[1] - AREA[0]) * rng.uniform())
    const ratio = Math.exp(Math.log(RATIO[0]) + Math.log(RATIO[1] / RATIO[0]) * rng.uniform())
    const w = roundHalfEven(Math.sqrt(area * ratio))
    const h = roundHalfEven(Math.sqrt(area / ratio))
    if (w > 0 && w <= width && h > 0 && h <= height) {
      const top = rng.int(height - h + 1)
      const left = rng.int(width - w + 1)
      return { left, top, width: w, height: h }
    }
  }
  return middle(width, height)
}

/** torchvision RandomResizedCrop(size): such a window, resized to size x size (bilinear, antialiased). */
export function randomResizedCrop(image: ByteImage, size: number, rng: Rng): ByteImage {
  const window = randomWindow(image.width, image.height, rng)
  return pilResize(cropped(image, window), { width: size, height: size }, 'bilinear')
}
