import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { add, matMul, relu } from '@tensorflow/tfjs-core'
import { differentiable } from '../base/differentiable.ts'
import { attr, onNative, runNative1 } from '../base/native-ops.ts'
import { routeOf } from '../base/routes.ts'
import { asOne } from '../trace/as-one.ts'

export interface DenseOptions {
  readonly bias?: Tensor1D
  readonly activation?: 'relu' | 'none'
}

/** x [batch, in] times weight [in, out], plus bias [out], through a ReLU if asked. [batch, out] */
export const dense = (x: Tensor2D, weight: Tensor2D, options: DenseOptions = {}): Tensor2D =>
  asOne('dense', { x, weight, bias: options.bias }, { relu: options.activation === 'relu' }, () =>
    weighed(x, weight, options),
  )

function weighed(x: Tensor2D, weight: Tensor2D, { bias, activation = 'none' }: DenseOptions): Tensor2D {
  const own = routeOf('BiasAdd') === 'own' || routeOf('BiasAddGrad') === 'own'
  if (onNative() && !own) return nativeDense(x, weight, bias, activation === 'relu')
  const linear: Tensor2D = matMul(x, weight)
  const y: Tensor2D = bias ? add(linear, bias) : linear
  return activation === 'relu' ? relu(y) : y
}

const T = () => [attr.type('T')]

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor2D {
  return runNative1(
    'MatMul',
    [...T(), attr.bool('transpose_a', transposeA), attr.bool('transpose_b', transposeB)],
    [a, b],
  )
}

function nativeDense(x: Tensor2D, weight: Tensor2D, bias: Tensor1D | undefined, withRelu: boolean): Tensor2D {
  return differentiable<Tensor2D, [Tensor2D, Tensor2D, ...Tensor2D[]]>(
    { x, weight, ...(bias ? { bias } : {}) },
    (save) => {
      const linear = product(x, weight, false, false)
      const sum = bias ? runNative1<Tensor2D>('BiasAdd', T(), [linear, bias]) : linear
      const y = withRelu ? runNative1<Tensor2D>('Relu', T(), [sum]) : sum
      save([x, weight, ...(withRelu ? [y] : [])])
      return y
    },
    (dy, [savedX, savedWeight, y]) => {
      const d = y ? runNative1<Tensor2D>('ReluGrad', T(), [dy, y]) : dy
      return {
        x: () => product(d, savedWeight, false, true),
        weight: () => product(savedX, d, true, false),
        bias: () => runNative1('BiasAddGrad', T(), [d]),
      }
    },
  )
}
