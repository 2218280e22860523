import { pixelArray } from '../../engine/data/pixels.ts'
import type { ImageSource } from '../../engine/types.ts'

/** Enough to amortise a call, small beside any set. */
const BLOCK_BYTES = 4_000_000

/** All pixels in order, a few megabytes at a time. */
export async function* pixelBlocks(source: ImageSource): AsyncGenerator<Uint8Array | Float32Array> {
  const each = source.height * source.width * source.channels
  const step = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(1, each)))
  for (let from = 0; from < source.length; from += step) {
    const count = Math.min(step, source.length - from)
    const block = pixelArray(source.pixels, count * each)
    await source.read(
      Array.from({ length: count }, (_, i) => from + i),
      block,
    )
    yield block
  }
}
