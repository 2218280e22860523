import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import {
  add,
  concat,
  div,
  matMul,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  tensor2d,
  tensor3d,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core'
import type { ImageSource } from '../../types.ts'

/** What a linear baseline sees of an image. */
export const BASELINE_FEATURES = ['pixels', 'gabor'] as const
export type BaselineFeatures = (typeof BASELINE_FEATURES)[number]

/** Side of the grey image that is filtered, and of the blocks over which filter amplitudes are averaged. */
const SIDE = 56
const BLOCK = 8
const PIXELS_SIDE = 28
const THUMBNAIL_SIDE = SIDE / BLOCK
/** Wavelengths in cells of the 56 x 56 image; each in as many orientations. */
const WAVELENGTHS = [4, 7, 12, 20]
const ORIENTATIONS = 8
/** Width of the Gaussian window in wavelengths: about one octave of bandwidth. */
const WINDOW = 0.5
const IMAGES_AT_ONCE = 64

/**
 * Features of images, one row for each index. [indices, features]
 * `pixels`: the grey image at 28 x 28. `gabor`: amplitudes of quadrature pairs of Gabor filters (four wavelengths, eight
 * orientations) over the grey 56 x 56 image without its mean, averaged over blocks of 8 x 8, and the image itself in
 * colour at 7 x 7: a simple complex-cell model (Adelson and Bergen 1985).
 */
export async function imageFeatures(
  images: ImageSource,
  indices: Int32Array,
  kind: BaselineFeatures,
): Promise<Tensor2D> {
  const parts: Tensor2D[] = []
  for (let from = 0; from < indices.length; from += IMAGES_AT_ONCE) {
    const some = await readPlanes(images, indices.subarray(from, from + IMAGES_AT_ONCE))
    parts.push(tidy(() => (kind === 'pixels' ? pixelFeatures(some) : gaborFeatures(some))))
    some.planes.forEach((plane) => plane.dispose())
  }
  const all = concat(parts, 0)
  parts.forEach((part) => part.dispose())
  return all
}

/** Channels of a few images, each [images, height, width] from 0 (black) to 1 (white). */
interface Planes {
  readonly planes: readonly Tensor3D[]
}

async function readPlanes(images: ImageSource, indices: Int32Array): Promise<Planes> {
  const {
    height,
    width,
    channels,
    pixels: { black, white },
  } = images
  const area = height * width
  const values = new Float32Array(indices.length * area * channels)
  await images.read(indices, values)
  const planes = Array.from({ length: channels }, (_, c) => {
    const plane = Float32Array.from(
      { length: indices.length * area },
      (_, i) => (values[i * channels + c]! - black) / (white - black), // i is below images * area
    )
    return tensor3d(plane, [indices.length, height, width])
  })
  return { planes }
}

/** Mean of the channels, the plain grey of the published baselines. */
const greyOf = ({ planes }: Planes): Tensor3D =>
  mul(
    planes.reduce((a, b) => add(a, b)),
    1 / planes.length,
  )

const pixelFeatures = (images: Planes): Tensor2D => flat(resized(greyOf(images), PIXELS_SIDE))

const flat = (x: Tensor3D): Tensor2D => reshape(x, [x.shape[0], x.shape[1] * x.shape[2]])

function gaborFeatures(images: Planes): Tensor2D {
  const grey = resized(greyOf(images), SIDE)
  const centred: Tensor3D = sub(grey, mean(grey, [1, 2], true))
  const energies = WAVELENGTHS.flatMap((wavelength) =>
    Array.from({ length: ORIENTATIONS }, (_, o) =>
      flat(gaborAmplitude(centred, wavelength, (Math.PI * o) / ORIENTATIONS)),
    ),
  )
  const thumbnails = images.planes.map((plane) => flat(resized(plane, THUMBNAIL_SIDE)))
  return concat([...energies, ...thumbnails], 1)
}

/**
 * Amplitude of one quadrature pair, averaged over blocks. A Gabor filter with a round window is the product of a complex
 * filter along each axis, so that filtering is two matrix products. [images, 7, 7]
 */
function gaborAmplitude(x: Tensor3D, wavelength: number, angle: number): Tensor3D {
  const across = lineFilter(wavelength, Math.cos(angle))
  const down = lineFilter(wavelength, Math.sin(angle))
  const [re, im] = [onColumns(x, across.cos), onColumns(x, across.sin)]
  const real = sub(onRows(re, down.cos), onRows(im, down.sin))
  const imaginary = add(onRows(re, down.sin), onRows(im, down.cos))
  return resized(sqrt(add(square(real), square(imaginary))), THUMBNAIL_SIDE)
}

/** One axis of a Gabor filter as matrices [56, 56] that are multiplied with a line of pixels; zeros lie beyond the rim. */
function lineFilter(wavelength: number, share: number): { readonly cos: Tensor2D; readonly sin: Tensor2D } {
  const sigma = WINDOW * wavelength
  const frequency = (2 * Math.PI * share) / wavelength
  const matrix = (wave: (phase: number) => number): Tensor2D =>
    tensor2d(
      Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
        const distance = (i % SIDE) - Math.floor(i / SIDE)
        return Math.exp(-(distance ** 2) / (2 * sigma ** 2)) * wave(frequency * distance)
      }),
      [SIDE, SIDE],
    )
  return { cos: matrix(Math.cos), sin: matrix(Math.sin) }
}

/** Multiplies each row of each image: out[p, y, i] = sum over x of in[p, y, x] m[i, x]. */
function onColumns(x: Tensor3D, m: Tensor2D): Tensor3D {
  const [images, height, width] = x.shape
  return reshape(matMul(reshape(x, [images * height, width]), m, false, true), [images, height, m.shape[0]])
}

const swapped = (x: Tensor3D): Tensor3D => transpose(x, [0, 2, 1])
const onRows = (x: Tensor3D, m: Tensor2D): Tensor3D => swapped(onColumns(swapped(x), m))

/** Images [n, h, w] brought to a square by means over the area that each new cell covers. [n, side, side] */
const resized = (x: Tensor3D, side: number): Tensor3D =>
  onRows(onColumns(x, areaMeans(x.shape[2], side)), areaMeans(x.shape[1], side))

/** Weights [to, from] of the mean over the stretch of the old cells that each new cell covers. */
function areaMeans(from: number, to: number): Tensor2D {
  const step = from / to
  const weights = Float32Array.from({ length: to * from }, (_, i) => {
    const [cell, old] = [Math.floor(i / from), i % from]
    const overlap = Math.min((cell + 1) * step, old + 1) - Math.max(cell * step, old)
    return Math.max(0, overlap)
  })
  return tidy(() => {
    const m = tensor2d(weights, [to, from])
    return div<Tensor2D>(m, sum(m, 1, true))
  })
}
