import { borderIndices } from '../../image/border.ts'
import { canny, type GreyImage } from './canny.ts'
import { distanceTransform } from './distance-transform.ts'

const CANNY_LOW = 50
const CANNY_HIGH = 150
/** Distances from a drop's outline are capped here (pixels). */
const FARTHEST = 20
/** Lights the drops from one corner. */
const RELIEF = [-2, -1, 0, -1, 1, 1, 0, 1, 2]
const MEAN = Array.from({ length: 9 }, () => 1 / 9)

/** 3x3 correlation, border mirrored without its edge. */
function correlate3(
  data: ArrayLike<number>,
  width: number,
  height: number,
  kernel: readonly number[],
): Float64Array {
  const rows = borderIndices(height, 1, 1, 'mirror').map((row) => row * width)
  const columns = borderIndices(width, 1, 1, 'mirror')
  const out = new Float64Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      let sum = 0
      for (let k = 0; k < 9; k++) sum += kernel[k]! * data[rows[y + ((k / 3) | 0)]! + columns[x + (k % 3)]!]!
      out[i] = sum
    }
  }
  return out
}

/** Histogram equalisation of bytes: the cumulative share of values above the lowest, times 255. */
function equalised(data: Uint8Array): Uint8Array {
  const histogram = new Uint32Array(256)
  for (const value of data) histogram[value]!++
  const lowest = histogram.findIndex((count) => count > 0)
  const rest = data.length - histogram[lowest]!
  if (rest === 0) return data
  let sum = 0
  const table = Uint8Array.from(histogram, (count, level) => {
    if (level > lowest) sum += count
    return Math.round((sum * 255) / rest)
  })
  return data.map((value) => table[value]!)
}

/**
 * Weight of the water at every pixel: the layer of drops shaded by the distance to their outlines.
 * @param layer 8-bit liquid layer
 * @returns [height, width], not scaled
 */
export function waterDepth(layer: GreyImage): Float64Array {
  const { width, height } = layer
  const edges = canny(layer, CANNY_LOW, CANNY_HIGH)
  const distance = distanceTransform(edges, width, height).map((d) => Math.min(d, FARTHEST))
  const blurred = new Uint8Array(correlate3(distance, width, height, MEAN).map(Math.fround)) // 180 / 9 is 20, not 19.99
  const lit = new Uint8ClampedArray(correlate3(equalised(blurred), width, height, RELIEF))
  const shade = correlate3(lit, width, height, MEAN).map(Math.round)
  return shade.map((s, i) => s * layer.data[i]!)
}
