import { BYTES } from '../../../engine/data/pixels.ts'
import type { ImageSource } from '../../../engine/types.ts'
import { type ByteSource, openFile } from '../../formats/base/byte-source.ts'
import { invalidFile } from '../../formats/base/problem.ts'
import type { ImageSize } from './memory-images.ts'

/**
 * Images of a file of raw bytes, NHWC without header. Only the images asked for are read, so memory does not grow
 * with the set; the operating system keeps what is read often.
 */
export function rawFileImages(path: string, length: number, size: ImageSize): ImageSource {
  return imagesInFile(path, { first: 0, length, isWhole: true }, size)
}

/**
 * Images that stand one behind the other in a file, from byte `first` on. `isWhole`: nothing else is in the file.
 * Only the images asked for are read.
 */
export function imagesInFile(
  path: string,
  { first, length, isWhole = false }: { first: number; length: number; isWhole?: boolean },
  size: ImageSize,
): ImageSource {
  const source = openFile(path)
  const each = size.height * size.width * size.channels
  const bytes = first + length * each
  if (isWhole ? source.size !== bytes : source.size < bytes) {
    source.close()
    throw invalidFile(
      path,
      source.size,
      `expected ${bytes} bytes of pixels.`,
      isWhole ? 'Delete the file; it will be made again.' : 'The file is truncated: copy it again.',
    )
  }
  const scratch = new Uint8Array(each)
  const read: ImageSource['read'] = (indices, out) => {
    for (let i = 0; i < indices.length; i++) {
      const target = out instanceof Uint8Array ? out.subarray(i * each, (i + 1) * each) : scratch
      source.readInto(first + indices[i]! * each, target) // i < length
      if (target === scratch) out.set(scratch, i * each)
    }
  }
  handles.register(read, source) // the function outlives copies and subsets of the source
  return { ...size, length, pixels: BYTES, read }
}

/** An image source has no end of its own: the file is closed when nobody can read from it any more. */
const handles = new FinalizationRegistry<ByteSource>((source) => source.close())
