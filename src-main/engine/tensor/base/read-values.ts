import type { Tensor } from '@tensorflow/tfjs-core'
import { clone, keep, tidy } from '@tensorflow/tfjs-core'

/**
 * Values that `compute` works out, in the order of memory. Everything that is read from a device is read by promise: some
 * devices know no other way. The work is issued before this returns, so that its inputs may be freed at once.
 */
export async function readValues(compute: () => Tensor): Promise<Float32Array> {
  const values = tidy(() => keep(clone(compute())))
  try {
    return await values.data<'float32'>()
  } finally {
    values.dispose()
  }
}

/** The number that `compute` works out, or the first of several. */
export const readNumber = async (compute: () => Tensor): Promise<number> => (await readValues(compute))[0]!
