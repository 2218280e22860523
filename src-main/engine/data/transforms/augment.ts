import type { Rng } from '../../../../src-shared/util/rng.ts'
import { mirrored, randomCrop } from '../picture/crop.ts'
import type { ByteImage } from '../picture/pil-resize.ts'
import { randomRotation } from '../picture/rotate.ts'

/** The published augmentation of small pictures; 0 and false switch a step off. */
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
export function augmented(picture: ByteImage, options: AugmentOptions, rng: Rng): ByteImage {
  const { size, padding, flip, rotation } = options
  const crop = padding > 0 || size.width !== picture.width || size.height !== picture.height
  const shifted = crop ? randomCrop(picture, size, padding, rng.fork('crop')) : picture
  const flipped = flip && rng.fork('flip').uniform() < 0.5 ? mirrored(shifted) : shifted
  return rotation > 0 ? randomRotation(flipped, rotation, rng.fork('rotation')) : flipped
}
