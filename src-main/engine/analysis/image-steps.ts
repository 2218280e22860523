import type { InputShape } from '../data/loaders/input-source.ts'
import type { ImageScale } from './gratings.ts'

/** An image moved by (dx, dy) pixels; what leaves on one side enters on the other. */
export function rolled(
  image: Float32Array,
  { height, width, channels }: InputShape,
  dx: number,
  dy: number,
): Float32Array {
  const out = new Float32Array(image.length)
  const wrap = (v: number, n: number): number => ((v % n) + n) % n
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels
      const to = (wrap(y + dy, height) * width + wrap(x + dx, width)) * channels
      for (let c = 0; c < channels; c++) out[to + c] = image[from + c]!
    }
  return out
}

/** An image blurred by a Gaussian of `sd` pixels, reflected at the borders; cut at three sd. */
export function blurred(image: Float32Array, shape: InputShape, sd: number): Float32Array {
  if (sd <= 0) return Float32Array.from(image)
  const reach = Math.max(1, Math.ceil(3 * sd))
  const raw = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sd * sd)))
  const total = raw.reduce((a, b) => a + b, 0)
  const weights = raw.map((w) => w / total)
  return alongAxis(alongAxis(image, shape, weights, 'x'), shape, weights, 'y')
}

function alongAxis(
  image: Float32Array,
  { height, width, channels }: InputShape,
  weights: readonly number[],
  axis: 'x' | 'y',
): Float32Array {
  const out = new Float32Array(image.length)
  const n = axis === 'x' ? width : height
  const stride = (axis === 'x' ? 1 : width) * channels
  const reach = (weights.length - 1) / 2
  const inside = (v: number): number => {
    const at = Math.abs(v) % (2 * n)
    return Math.min(n - 1, at < n ? at : 2 * n - 1 - at)
  }
  for (let i = 0; i < image.length; i++) {
    const place = Math.floor(i / stride) % n
    const start = i - place * stride
    let sum = 0
    for (let k = -reach; k <= reach; k++)
      sum += weights[k + reach]! * image[start + inside(place + k) * stride]!
    out[i] = sum
  }
  return out
}

/** Rounds of scaling and clipping: clipping takes contrast away, which the next round gives back where it can. */
const ROUNDS = 3

/**
 * An image with the mean of the background, this RMS contrast about it, and nothing beyond black and white. Where clipping takes
 * contrast that cannot be given back, the image has less.
 */
export function constrained(
  image: Float32Array,
  contrast: number,
  { grey, sd, black, white }: ImageScale,
): Float32Array {
  let out = image
  for (let round = 0; round < ROUNDS; round++) {
    const mean = out.reduce((a, b) => a + b, 0) / out.length
    const rms = Math.sqrt(out.reduce((sum, v) => sum + (v - mean) ** 2, 0) / out.length)
    const gain = rms > 0 ? (contrast * sd) / rms : 0
    out = out.map((v) => Math.min(white, Math.max(black, grey + gain * (v - mean))))
  }
  return out
}
