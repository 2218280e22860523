import type { Rng } from '../../../../src-shared/util/rng.ts'
import type { ResponseMatrix } from './response-matrix.ts'

/**
 * Responses of one session to images that were shown several times, with any number of repeats per image: the trials
 * of image i are the rows offsets[i] .. offsets[i + 1] - 1 of `trials`. A NaN response is missing for that unit alone.
 */
export interface RepeatedResponses {
  readonly trials: ResponseMatrix
  /** [images + 1], ascending, from 0 to the number of trials. */
  readonly offsets: Int32Array
}

/** Trials of one unit by image, missing ones left out. */
export type UnitRepeats = readonly Float64Array[]

/** From nested lists [image][repeat][unit], which may be ragged. */
export function repeatsOfImages(images: readonly (readonly ArrayLike<number>[])[]): RepeatedResponses {
  const rows = images.flat()
  const units = rows[0]?.length ?? 0
  const values = new Float64Array(rows.length * units)
  rows.forEach((row, i) => values.set(Array.from(row), i * units))
  return {
    trials: { rows: rows.length, units, values },
    offsets: offsetsOf(images.map((repeats) => repeats.length)),
  }
}

/** Trials grouped by the image they showed. */
export interface GroupedTrials {
  readonly responses: RepeatedResponses
  /** [images] image identifiers in ascending order. */
  readonly imageIds: Int32Array
  /** [trials] row of the input that became row k of `responses`. */
  readonly order: Int32Array
}

/** Groups trials [trials, units] by image id, images ascending, trials of an image in the order they came. */
export function groupByImage(trials: ResponseMatrix, imageIds: ArrayLike<number>): GroupedTrials {
  const order = Int32Array.from({ length: trials.rows }, (_, i) => i)
  order.sort((a, b) => imageIds[a]! - imageIds[b]! || a - b)
  const ids: number[] = []
  const counts: number[] = []
  const values = new Float64Array(trials.rows * trials.units)
  order.forEach((row, k) => {
    const id = imageIds[row]!
    if (ids.at(-1) === id) counts[counts.length - 1] = counts.at(-1)! + 1
    else {
      ids.push(id)
      counts.push(1)
    }
    values.set(trials.values.subarray(row * trials.units, (row + 1) * trials.units), k * trials.units)
  })
  const responses = { trials: { rows: trials.rows, units: trials.units, values }, offsets: offsetsOf(counts) }
  return { responses, imageIds: Int32Array.from(ids), order }
}

function offsetsOf(counts: readonly number[]): Int32Array {
  const offsets = new Int32Array(counts.length + 1)
  counts.forEach((count, i) => (offsets[i + 1] = offsets[i]! + count))
  return offsets
}

/** One unit's valid trials for every image, in image order; images without any give an empty list. */
export function repeatsOfUnit(responses: RepeatedResponses, unit: number): UnitRepeats {
  const { trials, offsets } = responses
  return Array.from({ length: offsets.length - 1 }, (_, image) => {
    const from = offsets[image]!
    const to = offsets[image + 1]!
    const all = Float64Array.from(
      { length: to - from },
      (_, j) => trials.values[(from + j) * trials.units + unit]!,
    )
    return all.filter((value) => !Number.isNaN(value))
  })
}

/** Reliability needs at least two looks at an image; fewer say nothing about the noise. */
export const withRepeats = (repeats: UnitRepeats): UnitRepeats =>
  repeats.filter((trials) => trials.length > 1)

/** Predictions per image [images, units] -> one row per trial [trials, units]. */
export function repeatPerTrial(perImage: ResponseMatrix, responses: RepeatedResponses): ResponseMatrix {
  const { trials, offsets } = responses
  const values = new Float64Array(trials.rows * perImage.units)
  for (let image = 0; image < perImage.rows; image++) {
    const row = perImage.values.subarray(image * perImage.units, (image + 1) * perImage.units)
    for (let t = offsets[image]!; t < offsets[image + 1]!; t++) values.set(row, t * perImage.units)
  }
  return { rows: trials.rows, units: perImage.units, values }
}

/** Mean over the valid repeats of each image [images, units]; NaN where a unit has none. */
export function meanPerImage(responses: RepeatedResponses): ResponseMatrix {
  const { trials, offsets } = responses
  const rows = offsets.length - 1
  const values = new Float64Array(rows * trials.units)
  for (let image = 0; image < rows; image++) {
    for (let unit = 0; unit < trials.units; unit++) {
      let sum = 0
      let count = 0
      for (let t = offsets[image]!; t < offsets[image + 1]!; t++) {
        const value = trials.values[t * trials.units + unit]!
        if (Number.isNaN(value)) continue
        sum += value
        count++
      }
      values[image * trials.units + unit] = sum / count
    }
  }
  return { rows, units: trials.units, values }
}

/**
 * At most `limit` repeats of every image (repeat_limit of the published explainable variance): the first ones, or with
 * a generator a random choice without replacement.
 */
export function limitRepeats(
  responses: RepeatedResponses,
  limit: number,
  rng: Rng | null = null,
): RepeatedResponses {
  const { trials, offsets } = responses
  const images = Array.from({ length: offsets.length - 1 }, (_, image) => {
    const from = offsets[image]!
    const repeats = offsets[image + 1]! - from
    const order =
      rng === null ? Array.from({ length: repeats }, (_, j) => j) : [...rng.fork(image).permutation(repeats)]
    const chosen = order.slice(0, limit).sort((a, b) => a - b)
    return chosen.map((j) => trials.values.subarray((from + j) * trials.units, (from + j + 1) * trials.units))
  })
  return repeatsOfImages(images)
}
