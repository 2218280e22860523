import { bilinearSample } from './bilinear-sample.ts'
import { type Image, type Pixels, zerosLike } from './image.ts'
import { roundHalfEven } from './round-half-even.ts'

/** Pixels cut off at each side: [[top, bottom], [left, right]]. */
export type Margins = readonly [readonly [number, number], readonly [number, number]]

/** The `crop` option as it is written: one number cuts all four sides. */
export const marginsOf = (crop: number | Margins): Margins =>
  typeof crop === 'number'
    ? [
        [crop, crop],
        [crop, crop],
      ]
    : crop

/** Rows top..height-bottom and columns left..width-right, every `step`-th of them (neural_cotraining Crop). */
export function croppedAndThinned<P extends Pixels>(
  image: Image<P>,
  [[top, bottom], [left, right]]: Margins,
  step: number,
): Image<P> {
  const { channels, data } = image
  const width = Math.ceil((image.width - left - right) / step)
  const height = Math.ceil((image.height - top - bottom) / step)
  if (width <= 0 || height <= 0) {
    throw new RangeError(`crop: nothing is left of ${image.width} x ${image.height} pixels; cut less.`)
  }
  const out = zerosLike(data, width * height * channels)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((top + y * step) * image.width + left + x * step) * channels
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!
    }
  }
  return { width, height, channels, data: out }
}

export interface RescaleOptions {
  readonly scale: number
  /** How bytes become whole again; the published code truncates. */
  readonly rounding: 'truncate' | 'round'
}

/** Positions of the samples of one axis in the input. */
const samples = (inSize: number, outSize: number): Float64Array =>
  Float64Array.from({ length: outSize }, (_, i) => (i + 0.5) * (inSize / outSize) - 0.5)

/**
 * scikit-image `rescale` as the published loaders call it: bilinear, no antialiasing, border reflected without its edge,
 * values keep their range and type. Sizes are rounded half to even.
 */
export function rescaled<P extends Pixels>(image: Image<P>, { scale, rounding }: RescaleOptions): Image<P> {
  const { channels } = image
  const width = roundHalfEven(image.width * scale)
  const height = roundHalfEven(image.height * scale)
  if (width === image.width && height === image.height) return image
  const across = samples(image.width, width)
  const down = samples(image.height, height)
  const positions = {
    rows: Float64Array.from({ length: width * height }, (_, p) => down[Math.floor(p / width)]!),
    columns: Float64Array.from({ length: width * height }, (_, p) => across[p % width]!),
  }
  const values = bilinearSample({ ...image, data: new Float64Array(image.data) }, positions, 'mirror')
  const out = zerosLike(image.data, values.length)
  const half = rounding === 'round' && out instanceof Uint8Array ? 0.5 : 0
  for (let i = 0; i < values.length; i++) out[i] = values[i]! + half
  return { width, height, channels, data: out }
}
