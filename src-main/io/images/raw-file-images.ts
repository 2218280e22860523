import type { ImageSource } from '../../engine/types.ts'
import { type ByteSource, openFile } from '../formats/byte-source.ts'
import { invalidFile } from '../formats/problem.ts'
import type { ImageSize } from './memory-images.ts'

/**
 * Pictures of a file of raw bytes, NHWC without header. Only the pictures asked for are read, so memory does not grow
 * with the set; the operating system keeps what is read often.
 */
export function rawFileImages(path: string, length: number, size: ImageSize): ImageSource {
  const source = openFile(path)
  const each = size.height * size.width * size.channels
  if (source.size !== length * each) {
    source.close()
    throw invalidFile(
      path,
      source.size,
      `expected ${length * each} bytes of pixels.`,
      'Delete the file; it will be made again.',
    )
  }
  const scratch = new Uint8Array(each)
  const read: ImageSource['read'] = (indices, out) => {
    for (let i = 0; i < indices.length; i++) {
      const target = out instanceof Uint8Array ? out.subarray(i * each, (i + 1) * each) : scratch
      source.readInto((indices[i] as number) * each, target) // i < length
      if (target === scratch) out.set(scratch, i * each)
    }
  }
  handles.register(read, source) // the function outlives copies and subsets of the source
  return { ...size, length, whiteLevel: 255, read }
}

/** An image source has no end of its own: the file is closed when nobody can read from it any more. */
const handles = new FinalizationRegistry<ByteSource>((source) => source.close())
