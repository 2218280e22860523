import { tensor4d } from '@tensorflow/tfjs-core'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { createRng } from '../../../src-shared/util/rng.ts'
import { deadLeaves } from '../../engine/data/in-silico/images/dead-leaves.ts'

const PICTURES = 4
const SEED = 1

/** A few pictures of dead leaves with mean 0 and deviation 1, as normalised images have: they need no data. [4, height, width, channels] */
export function examplePictures({
  height,
  width,
  channels,
}: {
  height: number
  width: number
  channels: number
}): Tensor4D {
  const side = Math.max(height, width)
  const out = new Float32Array(PICTURES * height * width * channels)
  const leaves = new Uint8Array(side * side)
  const size = height * width * channels
  for (let picture = 0; picture < PICTURES; picture++) {
    const own = out.subarray(picture * size, (picture + 1) * size)
    for (let channel = 0; channel < channels; channel++) {
      deadLeaves(side, createRng(SEED).fork(picture).fork(channel), leaves)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) own[(y * width + x) * channels + channel] = leaves[y * side + x]!
    }
    standardise(own)
  }
  return tensor4d(out, [PICTURES, height, width, channels])
}

function standardise(values: Float32Array): void {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  values.forEach((v, i) => (values[i] = (v - mean) / deviation))
}
