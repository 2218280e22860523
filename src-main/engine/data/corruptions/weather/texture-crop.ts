import { borderIndex } from '../../image/border.ts'
import type { RgbImage } from '../base/types.ts'
import { addStretches, stretches } from '../blur/weighted-rows.ts'

/** Taps at -1, 0, 1, 2 around a position. */
type Taps = readonly [number, number, number, number]

/** OpenCV's bicubic sharpness. */
const CUBIC_A = -0.75

function cubicTaps(t: number): Taps {
  const near = (x: number): number => ((CUBIC_A + 2) * x - (CUBIC_A + 3)) * x * x + 1
  const far = (x: number): number => ((CUBIC_A * x - 5 * CUBIC_A) * x + 8 * CUBIC_A) * x - 4 * CUBIC_A
  const [a, b, c] = [far(t + 1), near(t), near(1 - t)]
  return [a, b, c, 1 - a - b - c]
}

const linearTaps = (t: number): Taps => [0, 1 - t, t, 0]

/** Weights as OpenCV rounds them for bytes. */
const FIXED = 2048

export interface CropOfScaled {
  /** Size of the scaled texture the crop is cut from. */
  readonly scaledWidth: number
  readonly scaledHeight: number
  readonly interpolation: 'linear' | 'cubic'
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

interface Axis {
  readonly index: Int32Array
  readonly weight: Float64Array
}

function axisOf(
  inSize: number,
  scaled: number,
  start: number,
  count: number,
  taps: (t: number) => Taps,
): Axis {
  const index = new Int32Array(count * 4)
  const weight = new Float64Array(count * 4)
  for (let i = 0; i < count; i++) {
    const at = Math.fround(((start + i + 0.5) * inSize) / scaled - 0.5)
    const low = Math.floor(at)
    taps(at - low).forEach((w, k) => {
      index[i * 4 + k] = borderIndex(low - 1 + k, inSize, 'nearest')
      weight[i * 4 + k] = Math.round(w * FIXED)
    })
  }
  return { index, weight }
}

/** Rows of the texture resampled along the columns' axis, for the rows that `down` needs: [rows, width, 3] from row `first` on. */
function resampledRows(texture: RgbImage, across: Axis, first: number, last: number): Float64Array {
  const width = across.index.length / 4
  const out = new Float64Array((last - first + 1) * width * 3)
  for (let y = first, to = 0; y <= last; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++, to++) {
        let sum = 0
        for (let k = 4 * x; k < 4 * x + 4; k++) {
          sum += across.weight[k]! * texture.data[(y * texture.width + across.index[k]!) * 3 + c]!
        }
        out[to] = sum
      }
    }
  }
  return out
}

/** A crop of the texture as scaled by OpenCV's resize (no antialiasing), without scaling the rest; levels rounded to bytes. */
export function cropOfScaled(texture: RgbImage, crop: CropOfScaled): Uint8Array {
  const taps = crop.interpolation === 'cubic' ? cubicTaps : linearTaps
  const across = axisOf(texture.width, crop.scaledWidth, crop.left, crop.width, taps)
  const down = axisOf(texture.height, crop.scaledHeight, crop.top, crop.height, taps)
  const first = down.index.reduce((a, b) => Math.min(a, b))
  const rows = resampledRows(
    texture,
    across,
    first,
    down.index.reduce((a, b) => Math.max(a, b)),
  )
  const line = crop.width * 3
  const four = stretches(4)
  const sums = new Float64Array(crop.height * line)
  for (let y = 0; y < crop.height; y++) {
    for (let k = 0; k < 4; k++) {
      four.starts[k] = (down.index[4 * y + k]! - first) * line
      four.weights[k] = down.weight[4 * y + k]! / (FIXED * FIXED)
    }
    addStretches(rows, four, sums, y * line, line)
  }
  // the sums are exact multiples of 2^-22; halves go up
  return new Uint8Array(new Uint8ClampedArray(sums.map((v) => Math.floor(v + 0.5))))
}
