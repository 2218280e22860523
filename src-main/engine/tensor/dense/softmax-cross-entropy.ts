import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { cast, expandDims, logSoftmax, mul, neg, oneHot, sum } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import { attr, onNative, runNative } from '../base/native-ops.ts'
import { routeOf } from '../base/routes.ts'

const DT_INT32 = 3

/** -log softmax(logits)[label] per example; logits [batch, classes], labels int32 [batch]. [batch] */
export function softmaxCrossEntropy(logits: Tensor2D, labels: Tensor1D): Tensor1D {
  if (!onNative() || routeOf('SparseSoftmaxCrossEntropyWithLogits') === 'own') {
    const chosen = cast(oneHot(labels, logits.shape[1]), 'float32')
    return neg(sum(mul(logSoftmax(logits), chosen), 1))
  }
  return differentiable<Tensor1D, [Tensor2D]>(
    { logits },
    (save) => {
      const attrs = [attr.type('T'), attr.type('Tlabels', DT_INT32)]
      const name = 'SparseSoftmaxCrossEntropyWithLogits'
      const [losses, gradient] = runNative<[Tensor1D, Tensor2D]>(name, attrs, [logits, labels], 2)
      save([gradient])
      return losses
    },
    (dy, [gradient]) => ({ logits: () => mul(gradient, expandDims(dy, 1)) }),
  )
}
