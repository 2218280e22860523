import type { ImageSource } from '../../engine/types.ts'

export interface ImageSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** Pictures held in memory, NHWC one behind the other. */
export function memoryImages(
  pixels: Uint8Array | Float32Array,
  size: ImageSize,
  whiteLevel = 255,
): ImageSource {
  const each = size.height * size.width * size.channels
  return {
    ...size,
    length: each === 0 ? 0 : pixels.length / each,
    whiteLevel,
    read(indices, out) {
      for (let i = 0; i < indices.length; i++) {
        const at = (indices[i] as number) * each // i < length
        out.set(pixels.subarray(at, at + each), i * each)
      }
    },
  }
}
