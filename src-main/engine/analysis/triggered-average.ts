import { matMul, tensor2d } from '@tensorflow/tfjs-core'
import type { Rng } from '../../../src-shared/util/rng.ts'
import { readValues } from '../tensor/index.ts'

/** Recorded responses of some units to images, one row for each image: repeats are averaged before. */
export interface RecordedResponses {
  readonly images: number
  /** Numbers of an image. */
  readonly size: number
  /** [images, size] */
  readonly shown: Float32Array
  readonly units: number
  /** [images, units]; NaN = missing, counts as the mean. */
  readonly responses: Float32Array
}

export interface TriggeredAverage {
  /** [size] covariance of pixel and response, in sd of the response; what a regression on single pixels would find. */
  readonly average: Float32Array
  /** Part of averages of shuffled responses that are as long (with itself among them): chance that there is nothing. */
  readonly chance: number
}

/**
 * Response-weighted average image of each unit (the spike-triggered average of counts), with a permutation test: responses are
 * dealt to images at random, and the length of the average is compared. Neighbouring pixels of natural images vary together, so
 * the average is the field blurred by them; the test holds all the same.
 */
export async function triggeredAverages(
  { images, size, shown, units, responses }: RecordedResponses,
  shuffles: number,
  rng: Rng,
): Promise<readonly TriggeredAverage[]> {
  const x = tensor2d(centredColumns(shown, images, size), [images, size])
  try {
    const found: TriggeredAverage[] = []
    for (let unit = 0; unit < units; unit++) {
      const own = standardised(responses, images, units, unit)
      const rows = new Float32Array((shuffles + 1) * images)
      rows.set(own)
      for (let k = 1; k <= shuffles; k++) {
        const order = rng.fork(unit).fork(k).permutation(images)
        for (let i = 0; i < images; i++) rows[k * images + i] = own[order[i]!]!
      }
      const all = await readValues(() => matMul(tensor2d(rows, [shuffles + 1, images]), x))
      const average = all.slice(0, size).map((v) => v / images)
      found.push({ average, chance: chanceOf(all, size, shuffles) })
    }
    return found
  } finally {
    x.dispose()
  }
}

function chanceOf(rows: Float32Array, size: number, shuffles: number): number {
  const length = (k: number): number => {
    let sum = 0
    for (let d = k * size; d < (k + 1) * size; d++) sum += rows[d]! ** 2
    return sum
  }
  const own = length(0)
  let atLeast = 1
  for (let k = 1; k <= shuffles; k++) if (length(k) >= own) atLeast++
  return atLeast / (shuffles + 1)
}

function centredColumns(values: Float32Array, rows: number, columns: number): Float32Array {
  const means = new Float64Array(columns)
  for (let i = 0; i < values.length; i++) means[i % columns] = means[i % columns]! + values[i]! / rows
  return values.map((value, i) => value - means[i % columns]!)
}

/** Responses of one unit, mean 0 and sd 1; all 0 for a unit that never varies. */
function standardised(responses: Float32Array, rows: number, units: number, unit: number): Float32Array {
  const own = Float64Array.from({ length: rows }, (_, i) => responses[i * units + unit]!)
  const known = own.filter((v) => !Number.isNaN(v))
  const mean = known.reduce((a, b) => a + b, 0) / known.length
  const sd = Math.sqrt(known.reduce((sum, v) => sum + (v - mean) ** 2, 0) / known.length)
  return Float32Array.from(own, (v) => (Number.isNaN(v) || !(sd > 0) ? 0 : (v - mean) / sd))
}
