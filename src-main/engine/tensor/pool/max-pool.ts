import type { Tensor4D } from '@tensorflow/tfjs-core'
import { cast, equal, image, maxPool as coreMaxPool, mul } from '@tensorflow/tfjs-core'
import { convPrecision } from '../conv/conv-precision.ts'
import { padEvenly } from '../conv/dilated.ts'
import { differentiable } from '../base/differentiable.ts'
import { ownMaxPool } from './own-max-pool.ts'
import { routeOf } from '../base/routes.ts'
import { asOne } from '../trace/as-one.ts'

export interface PoolOptions {
  /** Side of the window; default 2. */
  readonly size?: number
  /** Default: the size. */
  readonly stride?: number
  /** Cells on each side that never win; default 0. */
  readonly padding?: number
  /** The input comes straight from a ReLU: ties are then between zeros, whose gradient the ReLU removes. */
  readonly afterRelu?: boolean
}

/** Largest value of each window of x [batch, height, width, channels]; incomplete windows at the end are dropped. */
export function maxPool(x: Tensor4D, options: PoolOptions = {}): Tensor4D {
  const { size = 2, stride = size, padding = 0, afterRelu = false } = options
  return asOne('maxPool', { x }, { size, stride, padding }, () =>
    pooled(x, { size, stride, padding, afterRelu }),
  )
}

function pooled(x: Tensor4D, options: Required<PoolOptions>): Tensor4D {
  const { size, stride, padding } = options
  if (routeOf('MaxPool') === 'own' || routeOf('MaxPoolGrad') === 'own')
    return ownMaxPool(padEvenly(x, { padding }, Number.NEGATIVE_INFINITY), size, stride)
  const even = x.shape[1] % 2 === 0 && x.shape[2] % 2 === 0
  // bfloat16 has real ties, which the mask would pay twice.
  const ties = convPrecision() === 'bfloat16'
  if (options.afterRelu && !ties && size === 2 && stride === 2 && padding === 0 && even)
    return maxPoolByMask(x)
  return coreMaxPool(padEvenly(x, { padding }, Number.NEGATIVE_INFINITY), size, stride, 'valid')
}

/** 2 x 2 pooling whose gradient goes to every cell that equals its window's maximum: four times faster than MaxPoolGrad. */
function maxPoolByMask(x: Tensor4D): Tensor4D {
  const size: [number, number] = [x.shape[1], x.shape[2]]
  const enlarge = (t: Tensor4D): Tensor4D => image.resizeNearestNeighbor(t, size)
  return differentiable<Tensor4D, [Tensor4D, Tensor4D]>(
    { x },
    (save) => {
      const y = coreMaxPool(x, 2, 2, 'valid')
      save([x, y])
      return y
    },
    (dy, [savedX, y]) => ({
      x: () => mul(enlarge(dy), cast(equal(savedX, enlarge(y)), 'float32')),
    }),
  )
}
