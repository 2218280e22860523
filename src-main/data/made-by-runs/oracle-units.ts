import type { PredictionOptions } from '../../../src-shared/schema/dataset/prediction-fields.ts'
import { createRng } from '../../../src-shared/util/rng.ts'

/** A simulated neuron: one place of a layer's map, and a few of its channels with random weights. */
interface OracleUnit {
  /** Positions in the flattened map. */
  readonly from: Int32Array
  readonly weights: Float64Array
}

type OracleOptions = Pick<PredictionOptions, 'n_neurons' | 'channels_per_neuron' | 'mean_response'>

/** Draws the units on a map of `places` (height x width) with `channels`; each has a stream of its own. */
export function oracleUnits(
  places: number,
  channels: number,
  options: OracleOptions,
  seed: number,
): readonly OracleUnit[] {
  const count = Math.min(options.channels_per_neuron, channels)
  return Array.from({ length: options.n_neurons }, (_, unit) => {
    const rng = createRng(seed).fork('oracle').fork(unit)
    const place = rng.fork('place').int(places)
    const chosen = rng.fork('channels').permutation(channels).slice(0, count)
    const weight = rng.fork('weights')
    return {
      from: Int32Array.from(chosen, (channel) => place * channels + channel),
      weights: Float64Array.from({ length: count }, () => weight.normal()),
    }
  })
}

/** Drives [batch, units] from flattened activations [batch, width]. */
export function oracleDrives(
  values: Float32Array,
  width: number,
  units: readonly OracleUnit[],
): Float32Array {
  const rows = values.length / width
  const out = new Float32Array(rows * units.length)
  for (let row = 0; row < rows; row++) {
    units.forEach(({ from, weights }, unit) => {
      let sum = 0
      for (let i = 0; i < from.length; i++) sum += weights[i]! * values[row * width + from[i]!]!
      out[row * units.length + unit] = sum
    })
  }
  return out
}

/**
 * Responses [images, units] from drives: standardised over the first `training` images, ELU + 1 as the readouts of the
 * models have it, and scaled so that the mean over those images is the one asked for.
 */
export function oracleResponses(
  drives: Float32Array,
  units: number,
  training: number,
  meanResponse: number,
): Float32Array {
  const out = new Float32Array(drives.length)
  for (let unit = 0; unit < units; unit++) {
    let sum = 0
    let squares = 0
    for (let i = 0; i < training; i++) {
      const value = drives[i * units + unit]!
      sum += value
      squares += value * value
    }
    const mean = sum / training
    const sd = Math.sqrt(Math.max(0, squares / training - mean * mean)) || 1
    let total = 0
    for (let at = unit; at < drives.length; at += units) {
      const z = (drives[at]! - mean) / sd
      const response = z > 0 ? z + 1 : Math.exp(z)
      out[at] = response
      if (at < training * units) total += response
    }
    const scale = (meanResponse * training) / total
    for (let at = unit; at < drives.length; at += units) out[at] = out[at]! * scale
  }
  return out
}
