import { type ConstantsOption, corruptionStream } from '../../engine/data/corruptions/corrupt.ts'
import type { RgbImage } from '../../engine/data/corruptions/base/types.ts'
import { corrupted } from '../../engine/data/transforms/distort.ts'
import { createRng } from '../../../src-shared/util/rng.ts'

/** Which corruption, and the seed that with the image's index decides its random numbers. */
interface CorruptionRequest {
  readonly name: string
  readonly severity: number
  readonly constants: ConstantsOption
  /** Data seed; not the seed of the run, so that all runs see the same images. */
  readonly seed: number
}

/** n images of one size and the request that all of them share. */
export interface CorruptionBatch extends CorruptionRequest {
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** Bytes [n, height, width, channels]. */
  readonly images: Uint8Array
  /** [n] position of each image in its set. */
  readonly indices: Int32Array
}

/** Corrupts every image of the batch, [n, height, width, channels]; an image's result depends on its index alone, not on its batch. */
export function corruptBatch(batch: CorruptionBatch, textures?: readonly RgbImage[]): Uint8Array {
  const { width, height, channels, images, indices, name, severity, constants, seed } = batch
  const each = width * height * channels
  const root = createRng(seed)
  const out = new Uint8Array(images.length)
  indices.forEach((index, i) => {
    const data = images.subarray(i * each, (i + 1) * each)
    const rng = corruptionStream(root, name, severity, index)
    const options = { rng, constants, ...(textures && { textures }) }
    out.set(corrupted({ width, height, channels, data }, name, severity, options).data, i * each)
  })
  return out
}
