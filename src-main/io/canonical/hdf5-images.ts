import { BYTES, pixelArray, UNIT_FLOATS, writePixels } from '../../engine/data/pixels.ts'
import type { ImageSource, PixelType } from '../../engine/types.ts'
import type { Hdf5File, Range } from '../formats/hdf5/hdf5.ts'
import { invalidFile } from '../formats/base/problem.ts'

/** Sets up to this size are decoded once and kept: a deflated image costs 0.6 ms each time it is read from disk. */
const MEMORY_LIMIT = 1_500_000_000
const BLOCK_IMAGES = 64

/** Images of an NHWC data set; decoded into memory at the first draw where they fit, else read one by one. */
export function hdf5Images(file: Hdf5File, path: string, memoryLimit = MEMORY_LIMIT): ImageSource {
  const { shape, kind, bytesPerElement } = file.dataset(path)
  const element =
    kind === 'uint' && bytesPerElement === 1
      ? 'uint8'
      : kind === 'float' && bytesPerElement === 4
        ? 'float32'
        : null
  if (shape.length !== 4 || element === null)
    throw invalidFile(
      file.name,
      path,
      `expected bytes or 32-bit floats with 4 axes, got ${kind}${bytesPerElement * 8} with ${shape.length}.`,
    )
  const [length, height, width, channels] = shape as [number, number, number, number] // 4 axes, see above
  const each = height * width * channels
  const read = (first: number, count: number): Uint8Array | Float32Array => {
    const ranges: Range[] = [
      [first, count],
      [0, height],
      [0, width],
      [0, channels],
    ]
    return file.read(path, ranges) as Uint8Array | Float32Array // the type was checked above
  }
  const fits = length * each * bytesPerElement <= memoryLimit
  const pixels = typeOf(file, path, element)
  const draw = fits ? drawFromMemory(read, length, each, pixels) : drawFromFile(read, each, pixels)
  return { length, height, width, channels, pixels, read: draw }
}

/** As the writer stated it; files of older versions do not say what the images were before. */
function typeOf(file: Hdf5File, path: string, element: PixelType['element']): PixelType {
  const plain = element === 'uint8' ? BYTES : UNIT_FLOATS
  const number = (name: string, otherwise: number): number => {
    const value = file.attribute(path, name)
    return typeof value === 'number' ? value : otherwise
  }
  const stored = file.attribute(path, 'stored_type')
  const from = file.attribute(path, 'white_from')
  return {
    element,
    black: number('value_min', plain.black),
    white: number('value_max', plain.white),
    stored: typeof stored === 'string' ? stored : element,
    whiteFrom: from === 'stated' || from === 'measured' ? from : 'type',
  }
}

type Read = (first: number, count: number) => Uint8Array | Float32Array

const drawFromFile =
  (read: Read, each: number, type: PixelType): ImageSource['read'] =>
  (indices, out) => {
    for (let i = 0; i < indices.length; i++) writePixels(read(indices[i]!, 1), type, out, i * each) // i < length
  }

function drawFromMemory(read: Read, length: number, each: number, type: PixelType): ImageSource['read'] {
  let kept: Uint8Array | Float32Array | null = null
  const load = (): Uint8Array | Float32Array => {
    const all = pixelArray(type, length * each)
    for (let i = 0; i < length; i += BLOCK_IMAGES)
      all.set(read(i, Math.min(BLOCK_IMAGES, length - i)), i * each)
    return all
  }
  return (indices, out) => {
    const pixels = (kept ??= load())
    for (let i = 0; i < indices.length; i++) {
      const at = indices[i]! * each // i < length
      writePixels(pixels.subarray(at, at + each), type, out, i * each)
    }
  }
}
