import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { cast, equal, getBackend, maxPool as coreMaxPool, mul, reshape } from '@tensorflow/tfjs-core'
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
  // bfloat16 has real ties, which the mask would pay twice; on the wasm backend comparing maps with their windows is what takes the time.
  const isMasked = convPrecision() !== 'bfloat16' && getBackend() !== 'wasm'
  if (options.afterRelu && isMasked && size === 2 && stride === 2 && padding === 0 && even)
    return maxPoolByMask(x)
  return coreMaxPool(padEvenly(x, { padding }, Number.NEGATIVE_INFINITY), size, stride, 'valid')
}

/** 2 x 2 pooling whose gradient goes to every cell that equals its window's maximum: a fifth of the time of MaxPoolGrad on large maps. */
function maxPoolByMask(x: Tensor4D): Tensor4D {
  const [batch, height, width, channels] = x.shape
  // Rows and columns in pairs: against a pair stands one value of its window.
  const [rows, columns] = [(batch * height) / 2, width / 2]
  const cells = (t: Tensor4D): Tensor => reshape(t, [rows, 2, columns, 2, channels])
  const windows = (t: Tensor4D): Tensor => reshape(t, [rows, 1, columns, 1, channels])
  return differentiable<Tensor4D, [Tensor4D, Tensor4D]>(
    { x },
    (save) => {
      const y = coreMaxPool(x, 2, 2, 'valid')
      save([x, y])
      return y
    },
    (dy, [savedX, y]) => ({
      x: () => {
        const wins = cast(equal(cells(savedX), windows(y)), 'float32')
        return reshape<Rank.R4>(mul(windows(dy), wins), x.shape)
      },
    }),
  )
}
