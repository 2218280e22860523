import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { NeuralOptions } from '../../../../src-shared/schema/dataset/neural-fields.ts'
import { pilResize } from '../../../engine/data/image/pil-resize.ts'
import type { Image } from '../../../engine/data/image/image.ts'
import { croppedAndThinned, marginsOf, rescaled } from '../../../engine/data/image/rescale.ts'
import { pixelArray, writePixels } from '../../../engine/data/pixels.ts'
import type { ImageSource, PixelType } from '../../../engine/types.ts'
import type { CanonicalImages } from '../../../io/canonical/set.ts'

type ImageOptions = Pick<
  NeuralOptions,
  'crop' | 'subsample' | 'scale' | 'rounding' | 'resize' | 'train_transformation'
>

/** Transformed sets up to this size stay in memory. */
const MEMORY_LIMIT = 1_500_000_000
const BLOCK = 64

/** Images of a recording after resizing (where switched on), crop, thinning and rescaling, in the published order. */
export function neuralImages(
  { source }: Pick<CanonicalImages, 'source'>,
  o: ImageOptions,
  keep: boolean,
): ImageSource {
  const { pixels } = source
  const change = imageChange(o, pixels)
  const array = (length: number): Uint8Array | Float32Array => pixelArray(pixels, length)
  const { height, width, channels } = source
  const size = change({ height, width, channels, data: array(height * width * channels) })
  const [each, outEach] = [height * width * channels, size.height * size.width * channels]
  const transformed: ImageSource = {
    length: source.length,
    height: size.height,
    width: size.width,
    channels,
    pixels,
    async read(indices, out) {
      const own = array(indices.length * each)
      await source.read(indices, own)
      for (let i = 0; i < indices.length; i++) {
        const { data } = change({ height, width, channels, data: own.subarray(i * each, (i + 1) * each) })
        writePixels(data, pixels, out, i * outEach)
      }
    },
  }
  const unchanged = size.height === height && size.width === width
  const fits = source.length * outEach * array(0).BYTES_PER_ELEMENT <= MEMORY_LIMIT
  return keep && fits
    ? inMemory(unchanged ? source : transformed, array(source.length * outEach), outEach)
    : unchanged
      ? source
      : transformed
}

type Change = (image: Image) => Image

function imageChange(o: ImageOptions, { element }: PixelType): Change {
  const resize = o.train_transformation && o.resize > 0 ? o.resize : null
  if (resize !== null && element !== 'uint8') {
    throw wrong(
      'resize',
      'the images of this recording are no bytes and cannot be resized.',
      'Use scale instead, or set resize to 0.',
    )
  }
  const margins = marginsOf(o.crop)
  return (image) => {
    const sized =
      resize === null
        ? image
        : pilResize(image as Image<Uint8Array>, { height: resize, width: resize }, 'bilinear') // bytes, checked above
    const [rows, columns] = [margins[0][0] + margins[0][1], margins[1][0] + margins[1][1]]
    if (rows >= sized.height || columns >= sized.width) {
      throw wrong(
        'crop',
        `cuts ${rows} rows and ${columns} columns off images of ${sized.height} x ${sized.width}.`,
        'Cut less off.',
      )
    }
    return rescaled(croppedAndThinned(sized, margins, o.subsample), o)
  }
}

/** Reads everything at the first draw. */
function inMemory(images: ImageSource, kept: Uint8Array | Float32Array, each: number): ImageSource {
  let loading: Promise<void> | null = null
  let ready = false
  const load = async (): Promise<void> => {
    for (let start = 0; start < images.length; start += BLOCK) {
      const block = Int32Array.from({ length: Math.min(BLOCK, images.length - start) }, (_, i) => start + i)
      await images.read(block, kept.subarray(start * each, (start + block.length) * each))
    }
    ready = true
  }
  const copy = (indices: ArrayLike<number>, out: Float32Array | Uint8Array): void => {
    for (let i = 0; i < indices.length; i++) {
      const at = indices[i]! * each
      writePixels(kept.subarray(at, at + each), images.pixels, out, i * each)
    }
  }
  return {
    length: images.length,
    height: images.height,
    width: images.width,
    channels: images.channels,
    pixels: images.pixels,
    read(indices, out) {
      if (ready) return copy(indices, out)
      loading ??= load()
      return loading.then(() => copy(indices, out))
    },
  }
}

const wrong = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path, message, hint })
