import { BYTES, writePixels } from '../../../engine/data/pixels.ts'
import type { ImageSource, PixelType } from '../../../engine/types.ts'

export interface ImageSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Images held in memory, NHWC one behind the other; bytes unless another type is given. */
export function memoryImages(
  values: Uint8Array | Float32Array,
  size: ImageSize,
  pixels: PixelType = BYTES,
): ImageSource {
  const each = size.height * size.width * size.channels
  return {
    ...size,
    length: each === 0 ? 0 : values.length / each,
    pixels,
    read(indices, out) {
      for (let i = 0; i < indices.length; i++) {
        const at = indices[i]! * each // i < length
        writePixels(values.subarray(at, at + each), pixels, out, i * each)
      }
    },
  }
}
