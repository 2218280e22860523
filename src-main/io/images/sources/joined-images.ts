import { BYTES } from '../../../engine/data/pixels.ts'
import type { ImageSource, PixelType } from '../../../engine/types.ts'
import { invalidFile } from '../../formats/base/problem.ts'

/** Several sources of images of one size, one after the other; as grey levels where their pixels mean different things. */
export function joinedImages(sources: readonly ImageSource[]): ImageSource {
  const [first] = sources
  if (first === undefined) throw new RangeError('there is nothing to join')
  const { height, width, channels } = first
  const odd = sources.find((s) => s.height !== height || s.width !== width || s.channels !== channels)
  if (odd)
    throw invalidFile(
      'images',
      null,
      `some are ${odd.height} x ${odd.width} x ${odd.channels}, others ${height} x ${width} x ${channels}.`,
      'Give the size to which all are brought.',
      ['size'],
    )
  const starts = sources.map((_, i) => sources.slice(0, i).reduce((n, s) => n + s.length, 0))
  const each = height * width * channels
  const isOneType = sources.every(({ pixels }) => isEqualType(pixels, first.pixels))
  return {
    ...first,
    pixels: isOneType ? first.pixels : BYTES,
    length: sources.reduce((n, s) => n + s.length, 0),
    async read(indices, out) {
      for (const [i, source] of sources.entries()) {
        const start = starts[i]! // one for each source
        const own = Array.from(Array.from(indices).keys()).filter((k) =>
          isWithin(indices[k]!, start, source.length),
        )
        if (own.length === 0) continue
        const length = own.length * each
        const block =
          isOneType && out instanceof Float32Array ? new Float32Array(length) : new Uint8Array(length)
        await source.read(
          own.map((k) => indices[k]! - start),
          block,
        )
        own.forEach((k, at) => out.set(block.subarray(at * each, (at + 1) * each), k * each))
      }
    },
  }
}

const isEqualType = (a: PixelType, b: PixelType): boolean =>
  a.element === b.element && a.black === b.black && a.white === b.white

const isWithin = (index: number, start: number, length: number): boolean =>
  index >= start && index < start + length
