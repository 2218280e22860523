import type { Rng } from '../../../../src-shared/util/rng.ts'
import { mirrored, randomCrop } from '../image/crop.ts'
import type { ByteImage } from '../image/pil-resize.ts'
import { randomRotation } from '../image/rotate.ts'

/** The published augmentation of small images; 0 and false switch a step off. */
export interface AugmentOptions {
  /** Size of the crop. */
  readonly size: { readonly width: number; readonly height: number }
  /** Black border (pixels) from which the crop is taken. */
  readonly padding: number
  /** Mirrored with probability one half. */
  readonly flip: boolean
  /** Largest angle to either side (degrees). */
  readonly rotation: number
}

/** Random crop, mirror image, rotation, in this order. Each step has its own stream, so that one can be switched off alone. */
export function augmented(image: ByteImage, options: AugmentOptions, rng: Rng): ByteImage {
  const { size, padding, flip, rotation } = options
  const crop = padding > 0 || size.width !== image.width || size.height !== image.height
  const shifted = crop ? randomCrop(image, size, padding, rng.fork('crop')) : image
  const flipped = flip && rng.fork('flip').uniform() < 0.5 ? mirrored(shifted) : shifted
  return rotation > 0 ? randomRotation(flipped, rotation, rng.fork('rotation')) : flipped
}
