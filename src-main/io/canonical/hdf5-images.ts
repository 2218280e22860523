import type { ImageSource } from '../../engine/types.ts'
import type { Hdf5File, Range } from '../formats/hdf5.ts'
import { invalidFile } from '../formats/problem.ts'

/** Sets up to this size are decoded once and kept: a deflated picture costs 0.6 ms each time it is read from disk. */
const MEMORY_LIMIT = 1_500_000_000
const BLOCK_IMAGES = 64

export interface PixelArray {
  readonly source: ImageSource
  readonly pixelType: 'uint8' | 'float32'
}

/** Pictures of an NHWC data set; decoded into memory at the first draw where they fit, else read one by one. */
export function hdf5Images(file: Hdf5File, path: string, memoryLimit = MEMORY_LIMIT): PixelArray {
  const { shape, kind, bytesPerElement } = file.dataset(path)
  const pixelType =
    kind === 'uint' && bytesPerElement === 1
      ? 'uint8'
      : kind === 'float' && bytesPerElement === 4
        ? 'float32'
        : null
  if (shape.length !== 4 || pixelType === null)
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
  const draw = fits ? drawFromMemory(read, length, each, pixelType) : drawFromFile(read, each)
  const stated = file.attribute(path, 'value_max')
  const whiteLevel = typeof stated === 'number' ? stated : pixelType === 'uint8' ? 255 : 1
  return { pixelType, source: { length, height, width, channels, whiteLevel, read: draw } }
}

type Read = (first: number, count: number) => Uint8Array | Float32Array

const drawFromFile =
  (read: Read, each: number): ImageSource['read'] =>
  (indices, out) => {
    for (let i = 0; i < indices.length; i++) out.set(read(indices[i] as number, 1), i * each) // i < length
  }

function drawFromMemory(
  read: Read,
  length: number,
  each: number,
  type: PixelArray['pixelType'],
): ImageSource['read'] {
  let kept: Uint8Array | Float32Array | null = null
  const load = (): Uint8Array | Float32Array => {
    const all = type === 'uint8' ? new Uint8Array(length * each) : new Float32Array(length * each)
    for (let i = 0; i < length; i += BLOCK_IMAGES)
      all.set(read(i, Math.min(BLOCK_IMAGES, length - i)), i * each)
    return all
  }
  return (indices, out) => {
    const pixels = (kept ??= load())
    for (let i = 0; i < indices.length; i++) {
      const at = (indices[i] as number) * each // i < length
      out.set(pixels.subarray(at, at + each), i * each)
    }
  }
}
