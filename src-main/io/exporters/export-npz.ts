import { pixelArray } from '../../engine/data/pixels.ts'
import { replaceFile } from '../../disk/atomic-write.ts'
import {
  imageAttributes,
  imageParts,
  type Part,
  sessionParts,
  sessionPath,
  truthParts,
} from '../canonical/layout.ts'
import { pixelBlocks } from '../canonical/pixel-blocks.ts'
import type { CanonicalSet } from '../canonical/set.ts'
import type { NumericValues } from '../formats/hdf5/hdf5-values.ts'
import { encodeNpy, encodeNpyHeader } from '../formats/numpy/npy-write.ts'
import { writeZip, type ZipMember } from '../formats/zip/zip-write.ts'

/** Writes a set as one .npz: `images/pixels`, `images/value_max` (white), `images/id`, `<session>/responses`, ... as in the canonical file. */
export function exportNpz(path: string, set: CanonicalSet): Promise<void> {
  const range = Object.entries(imageAttributes(set.images)).flatMap(([name, value]): Part[] =>
    typeof value === 'number' ? [{ path: `/images/${name}`, values: Float64Array.of(value), shape: [] }] : [],
  )
  const parts = [
    ...range,
    ...imageParts(set.images),
    ...set.sessions.flatMap(sessionParts),
    ...truthParts(set),
  ]
  return replaceFile(path, (temporary) => writeZip(temporary, [pixelMember(set), ...parts.map(partMember)]))
}

function pixelMember({ images }: CanonicalSet): ZipMember {
  const { length, height, width, channels, pixels } = images.source
  const empty: NumericValues = pixelArray(pixels, 0)
  return {
    name: 'images/pixels.npy',
    async *parts() {
      yield encodeNpyHeader(empty, [length, height, width, channels])
      for await (const block of pixelBlocks(images.source))
        yield new Uint8Array(block.buffer, block.byteOffset, block.byteLength)
    },
  }
}

function partMember(part: Part): ZipMember {
  const name = `${part.path.slice(1).replace(new RegExp(`^${sessionPath('').slice(1)}`), '')}.npy`
  return {
    name,
    parts: () => [
      'strings' in part ? encodeNpy(part.strings, [part.strings.length]) : encodeNpy(part.values, part.shape),
    ],
  }
}
