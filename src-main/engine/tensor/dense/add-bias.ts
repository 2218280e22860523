import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import { add } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import { attr, onNative, runNative1 } from '../base/native-ops.ts'
import { routeOf } from '../base/routes.ts'

/** x [..., channels] plus bias [channels]. */
export function addBias<T extends Tensor>(x: T, bias: Tensor1D): T {
  const own = routeOf('BiasAdd') === 'own' || routeOf('BiasAddGrad') === 'own'
  if (own || !onNative() || x.rank < 2) return add<T>(x, bias)
  return differentiable<T>(
    { x, bias },
    () => runNative1<T>('BiasAdd', [attr.type('T')], [x, bias]),
    (dy) => ({ x: () => dy.clone(), bias: () => runNative1('BiasAddGrad', [attr.type('T')], [dy]) }),
  )
}
