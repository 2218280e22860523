import type { Tensor4D } from '@tensorflow/tfjs-core'
import { addN, avgPool, mul } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import { routeOf } from '../base/routes.ts'
import { asOne } from '../trace/as-one.ts'
import { putTap, takeTap, windowTaps } from '../conv/strided-taps.ts'

/** Mean of each window of x [batch, height, width, channels], without padding; incomplete windows at the end are dropped. */
export function meanPool(x: Tensor4D, size: number, stride = size): Tensor4D {
  const isOwn = routeOf('AvgPool') === 'own' || routeOf('AvgPoolGrad') === 'own'
  return asOne('meanPool', { x }, { size, stride }, () =>
    isOwn ? ownMeanPool(x, size, stride) : avgPool(x, size, stride, 'valid'),
  )
}

function ownMeanPool(x: Tensor4D, size: number, stride: number): Tensor4D {
  const [, rows, columns] = x.shape
  const taps = windowTaps(x, size, stride)
  const share = 1 / taps.length
  return differentiable<Tensor4D>(
    { x },
    () => mul(addN(taps.map((tap) => takeTap(x, tap))), share),
    (dy) => ({
      x: () => addN(taps.map((tap) => putTap(mul(dy, share), tap, [rows, columns]))),
    }),
  )
}
