import { bytesOfUnit, unitOfBytes } from '../base/bytes.ts'
import { gaussianFilter } from './gaussian-filter.ts'
import type { Corruption, RgbImage } from '../base/types.ts'

/** Blur of an RGB image (values 0..1) as skimage.filters.gaussian: edge replicated, truncated at 4 sigma. */
export function blurredUnit(image: RgbImage, sigma: number): Float64Array {
  const field = { width: image.width, height: image.height, channels: 3, data: unitOfBytes(image.data) }
  return gaussianFilter(field, { sigma, border: 'nearest' })
}

/** blur(sigma). */
export const gaussianBlur: Corruption<number> = (image, sigma) => bytesOfUnit(blurredUnit(image, sigma))
