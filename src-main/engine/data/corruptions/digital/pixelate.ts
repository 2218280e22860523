import { pilResize, pilResizeNearest } from '../../image/pil-resize.ts'
import type { Corruption } from '../base/types.ts'

/** Box-filtered down to a share of the size and back up: nearest neighbour (imagecorruptions) or box (ImageNet-C). */
export const pixelate: Corruption<number> = (image, share, { constants }) => {
  const { width, height } = image
  const small = { width: Math.trunc(width * share), height: Math.trunc(height * share) }
  const reduced = pilResize({ ...image, channels: 3 }, small, 'box')
  const size = { width, height }
  return (constants === 'ic' ? pilResizeNearest(reduced, size) : pilResize(reduced, size, 'box')).data
}
