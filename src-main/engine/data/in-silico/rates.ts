import type { ReceptiveField, StandardImages } from './receptive-field.ts'
import { normalisedDrive } from './receptive-field.ts'

/** Images of one block; small enough to stay in the processor's cache while every neuron visits them. */
const BLOCK = 32
/** Highest rate, counts a trial. */
const RATE_CAP = 60

/** First and second moment of the images on the 0..1 scale. */
export interface Standard {
  readonly mean: number
  readonly std: number
}

/** Mean and sd over all pixels of grey byte images, on the 0..1 scale. */
export function standardOf(pixels: Uint8Array): Standard {
  const counts = new Float64Array(256)
  for (const value of pixels) counts[value] = counts[value]! + 1
  let sum = 0
  let squares = 0
  counts.forEach((count, value) => {
    sum += (count * value) / 255
    squares += count * (value / 255) ** 2
  })
  const mean = sum / pixels.length
  return { mean, std: Math.sqrt(Math.max(0, squares / pixels.length - mean ** 2)) }
}

/** Normalised drives [images, neurons] to grey byte images [images, size, size]. */
export function drives(
  pixels: Uint8Array,
  fields: readonly ReceptiveField[],
  standard: Standard,
  size: number,
  progress: (fraction: number) => void,
): Float32Array {
  const each = size * size
  const count = pixels.length / each
  const out = new Float32Array(count * fields.length)
  const block: StandardImages = {
    values: new Float32Array(BLOCK * each),
    squares: new Float32Array(BLOCK * each),
    size,
  }
  for (let start = 0; start < count; start += BLOCK) {
    const n = Math.min(BLOCK, count - start)
    standardise(pixels.subarray(start * each, (start + n) * each), standard, block)
    fields.forEach((field, neuron) => {
      for (let i = 0; i < n; i++)
        out[(start + i) * fields.length + neuron] = normalisedDrive(field, block, i * each)
    })
    progress((start + n) / count)
  }
  return out
}

function standardise(pixels: Uint8Array, standard: Standard, out: StandardImages): void {
  const scale = standard.std > 0 ? 1 / standard.std : 0
  const table = Float32Array.from({ length: 256 }, (_, v) => (v / 255 - standard.mean) * scale)
  for (let i = 0; i < pixels.length; i++) {
    const value = table[pixels[i]!]!
    out.values[i] = value
    out.squares[i] = value * value
  }
}

/** Mean drive of each neuron over the first `count` images. */
export function meanDrives(values: Float32Array, neurons: number, count: number): Float64Array {
  const out = new Float64Array(neurons)
  for (let i = 0; i < count * neurons; i++) out[i % neurons] = out[i % neurons]! + values[i]!
  return out.map((sum) => sum / count)
}

/** Rates [images, neurons], counts a trial: m (beta + (1 - beta) R / <R>), capped. A neuron that nothing drives keeps m beta. */
export function ratesOf(
  drive: Float32Array,
  fields: readonly ReceptiveField[],
  means: Float64Array,
): Float32Array {
  const n = fields.length
  const gain = fields.map((f, i) =>
    means[i]! > 0 ? (f.neuron.meanCount * (1 - f.neuron.baseline)) / means[i]! : 0,
  )
  const floor = fields.map((f) => f.neuron.meanCount * f.neuron.baseline)
  return drive.map((value, at) => Math.min(RATE_CAP, floor[at % n]! + gain[at % n]! * value))
}
