/**
 * Pillow's resampling, bit by bit for bytes: separable, horizontal pass first, antialiased by widening the filter when
 * shrinking, weights as 22-bit fixed point, each pass rounded to 8 bit.
 */
export type ResampleFilter = 'box' | 'bilinear' | 'bicubic'

export interface ByteImage {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly data: Uint8Array
}

/** Part of the input that is resampled, in input pixels. */
export interface Region {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const PRECISION_BITS = 22
const BICUBIC_A = -0.5

function bicubic(x: number): number {
  const t = Math.abs(x)
  if (t < 1) return ((BICUBIC_A + 2) * t - (BICUBIC_A + 3)) * t * t + 1
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * BICUBIC_A
  return 0
}

const FILTERS: Record<ResampleFilter, { readonly support: number; weight(x: number): number }> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: bicubic },
}

/** Taps of every output sample: `count[i]` weights from `first[i]` on, at `i * most`. */
interface Taps {
  readonly most: number
  readonly first: Int32Array
  readonly count: Int32Array
  readonly weights: Int32Array
}

interface Axis {
  readonly inSize: number
  readonly from: number
  readonly to: number
  readonly outSize: number
}

function tapsOf({ inSize, from, to, outSize }: Axis, filter: ResampleFilter): Taps {
  const { support, weight } = FILTERS[filter]
  const scale = (to - from) / outSize
  const widening = Math.max(scale, 1)
  const reach = support * widening
  const most = Math.ceil(reach) * 2 + 1
  const first = new Int32Array(outSize)
  const count = new Int32Array(outSize)
  const weights = new Int32Array(outSize * most)
  for (let i = 0; i < outSize; i++) {
    const centre = from + (i + 0.5) * scale
    const low = Math.max(0, Math.trunc(centre - reach + 0.5))
    const high = Math.min(inSize, Math.trunc(centre + reach + 0.5))
    const real = Array.from({ length: high - low }, (_, k) => weight((k + low - centre + 0.5) / widening))
    const sum = real.reduce((a, b) => a + b, 0)
    first[i] = low
    count[i] = high - low
    real.forEach((w, k) => {
      const fixed = (sum === 0 ? 0 : w / sum) * (1 << PRECISION_BITS)
      weights[i * most + k] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5)
    })
  }
  return { most, first, count, weights }
}

function byteOfFixed(value: number): number {
  const byte = value >> PRECISION_BITS
  return byte < 0 ? 0 : byte > 255 ? 255 : byte
}

const HALF = 1 << (PRECISION_BITS - 1)

function resampleRows(image: ByteImage, taps: Taps): ByteImage {
  const { width, height, channels, data } = image
  const outWidth = taps.first.length
  const out = new Uint8Array(outWidth * height * channels)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      const from = (y * width + taps.first[x]!) * channels
      for (let c = 0; c < channels; c++) {
        let sum = HALF
        for (let k = 0; k < taps.count[x]!; k++) {
          sum += data[from + k * channels + c]! * taps.weights[x * taps.most + k]!
        }
        out[(y * outWidth + x) * channels + c] = byteOfFixed(sum)
      }
    }
  }
  return { width: outWidth, height, channels, data: out }
}

function resampleColumns(image: ByteImage, taps: Taps): ByteImage {
  const { width, channels, data } = image
  const outHeight = taps.first.length
  const line = width * channels
  const out = new Uint8Array(outHeight * line)
  for (let y = 0; y < outHeight; y++) {
    const from = taps.first[y]! * line
    for (let i = 0; i < line; i++) {
      let sum = HALF
      for (let k = 0; k < taps.count[y]!; k++)
        sum += data[from + k * line + i]! * taps.weights[y * taps.most + k]!
      out[y * line + i] = byteOfFixed(sum)
    }
  }
  return { width, height: outHeight, channels, data: out }
}

/** `Image.resize((width, height), filter, box)` of Pillow for 8-bit images of any number of channels. */
export function pilResize(
  image: ByteImage,
  size: { readonly width: number; readonly height: number },
  filter: ResampleFilter,
  region: Region = { left: 0, top: 0, right: image.width, bottom: image.height },
): ByteImage {
  const { left, top, right, bottom } = region
  const keepsWidth = size.width === image.width && left === 0 && right === image.width
  const keepsHeight = size.height === image.height && top === 0 && bottom === image.height
  const across = { inSize: image.width, from: left, to: right, outSize: size.width }
  const down = { inSize: image.height, from: top, to: bottom, outSize: size.height }
  const rows = keepsWidth ? image : resampleRows(image, tapsOf(across, filter))
  return keepsHeight ? rows : resampleColumns(rows, tapsOf(down, filter))
}

/** Input sample of each output sample; the position is added up step by step as Pillow does, which decides ties. */
function nearestSamples(n: number, inSize: number): Int32Array {
  const step = inSize / n
  let at = step / 2
  return Int32Array.from({ length: n }, () => {
    const sample = Math.min(inSize - 1, Math.floor(at))
    at += step
    return sample
  })
}

/** `Image.resize((width, height), NEAREST)` of Pillow. */
export function pilResizeNearest(
  image: ByteImage,
  { width, height }: { readonly width: number; readonly height: number },
): ByteImage {
  const { channels, data } = image
  const columns = nearestSamples(width, image.width)
  const rows = nearestSamples(height, image.height)
  const out = new Uint8Array(width * height * channels)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (rows[y]! * image.width + columns[x]!) * channels
      for (let c = 0; c < channels; c++) out[to++] = data[from + c]!
    }
  }
  return { width, height, channels, data: out }
}
