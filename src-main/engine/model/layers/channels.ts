import type { Tensor4D } from '@tensorflow/tfjs-core'
import { tile } from '@tensorflow/tfjs-core'

/** A grey image repeated to three channels; other inputs as they are. */
export const toColour = (x: Tensor4D): Tensor4D => (x.shape[3] === 1 ? tile(x, [1, 1, 1, 3]) : x)
