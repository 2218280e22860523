import { square, sub } from '@tensorflow/tfjs-core'
import type { Loss } from '../types.ts'
import type { Reduction } from './present.ts'
import { presentOf, reducePresent } from './present.ts'

/** Squared difference, mean or sum over batch and units. */
export function squaredError(reduction: Reduction): Loss {
  return (output, target) => {
    const present = presentOf(target)
    return reducePresent(square(sub(output, present.target)), present, reduction)
  }
}
