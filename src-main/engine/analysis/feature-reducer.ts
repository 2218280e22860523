import type { Rng } from '../../../src-shared/util/rng.ts'
import type { Features } from '../eval/similarity/features.ts'

/** How the outputs of a layer became its features. */
export type Rule = 'all' | 'spatial-mean' | 'projection'

/** Makes features of the outputs of one layer for one image. */
export interface Reducer {
  readonly rule: Rule
  readonly dims: number
  /** `outputs` of one image, channels last; `row` has room for `dims` numbers, all 0. */
  reduce(outputs: Float32Array, row: Float32Array): void
}

/** Rows of the projection that each output goes to: more come closer to dense projections and take longer. */
const ENTRIES = 4

/**
 * Layers with more than `most` outputs are reduced: to the mean over space of each channel, or by a seeded sparse random projection (Kane
 * and Nelson 2014: each output goes with random signs to four features), which keeps inner products of images up to about
 * sqrt(2 / features). The mean over outputs, a feature of its own, is kept exactly. Layers of one size share their projection.
 */
export function reducerOf(
  shape: readonly number[],
  most: number,
  wanted: Exclude<Rule, 'all'>,
  rng: Rng,
): Reducer {
  const outputs = shape.reduce((a, b) => a * b, 1)
  const channels = shape.at(-1) ?? 1
  if (outputs <= most) return { rule: 'all', dims: outputs, reduce: (values, row) => row.set(values) }
  if (wanted === 'projection') return projection(outputs, most, rng.fork('projection'))
  const places = outputs / channels
  return {
    rule: 'spatial-mean',
    dims: channels,
    reduce: (values, row) => {
      for (let i = 0; i < values.length; i++) row[i % channels] = row[i % channels]! + values[i]! / places
    },
  }
}

function projection(outputs: number, most: number, rng: Rng): Reducer {
  const block = Math.max(1, Math.floor((most - 1) / ENTRIES))
  const dims = block * ENTRIES + 1
  const own = rng.fork(outputs).fork(dims)
  // A row in each block, and the sign as that of what is kept.
  const places = Int32Array.from({ length: outputs * ENTRIES }, (_, k) => {
    const place = (k % ENTRIES) * block + own.int(block) + 1
    return own.u32() % 2 === 0 ? place : -place
  })
  const scale = 1 / Math.sqrt(ENTRIES)
  return {
    rule: 'projection',
    dims,
    reduce: (values, row) => {
      const mean = values.reduce((a, b) => a + b, 0) / outputs
      values.forEach((value, i) => {
        for (let e = 0; e < ENTRIES; e++) {
          const place = places[i * ENTRIES + e]!
          const at = Math.abs(place) - 1
          row[at] = row[at]! + (place > 0 ? scale : -scale) * (value - mean)
        }
      })
      row[dims - 1] = mean * Math.sqrt(outputs)
    },
  }
}

/** The features that correlations between images are taken over: the mean over outputs does not count among them. */
export function patternOf(features: Features, rule: Rule): Features {
  if (rule !== 'projection') return features
  const { images, dims, values } = features
  const kept = new Float32Array(images * (dims - 1))
  for (let i = 0; i < images; i++) kept.set(values.subarray(i * dims, (i + 1) * dims - 1), i * (dims - 1))
  return { images, dims: dims - 1, values: kept }
}
