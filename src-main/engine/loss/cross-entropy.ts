import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import { mean, sum } from '@tensorflow/tfjs-core'
import { softmaxCrossEntropy } from '../tensor/index.ts'
import type { Loss } from '../types.ts'
import type { Reduction } from './present.ts'

/** -log softmax(logits)[label], mean or sum over the batch; labels int32 [batch]. */
export function crossEntropy(reduction: Reduction): Loss {
  return (logits, labels) => {
    const terms = softmaxCrossEntropy(logits, labels as Tensor1D) // classification targets are labels
    return reduction === 'sum' ? sum<Scalar>(terms) : mean<Scalar>(terms)
  }
}
