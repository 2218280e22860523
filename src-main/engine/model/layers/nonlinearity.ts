import type { Tensor4D } from '@tensorflow/tfjs-core'
import { add, elu, exp, relu, sigmoid, softplus, sub, tanh } from '@tensorflow/tfjs-core'

/** Nonlinearities without parameters, by the names of neuralpredictors' activations. */
export type Nonlinearity =
  | 'AdaptiveELU'
  | 'ELU'
  | 'Elu1'
  | 'Exp'
  | 'Log1Exp'
  | 'SoftThreshold'
  | 'ReLU'
  | 'Sigmoid'
  | 'Tanh'
  | 'Identity'

/** Shifts of the adaptive ELU: ELU(x - x shift) + y shift. */
export type EluShift = readonly [x: number, y: number]

/** The nonlinearity of a name, elementwise; `shift` moves the adaptive ELU (neuralpredictors). */
export function nonlinearity(name: Nonlinearity, shift: EluShift = [0, 0]): (x: Tensor4D) => Tensor4D {
  switch (name) {
    case 'AdaptiveELU':
      return (x) => shifted(elu(shifted(x, -shift[0])), shift[1])
    case 'ELU':
      return (x) => elu(x)
    case 'Elu1':
      return (x) => add(elu(x), 1)
    case 'Exp':
      return (x) => exp(x)
    case 'Log1Exp':
    case 'SoftThreshold':
      return (x) => softplus(x)
    case 'ReLU':
      return (x) => relu(x)
    case 'Sigmoid':
      return (x) => sigmoid(x)
    case 'Tanh':
      return (x) => tanh(x)
    case 'Identity':
      return (x) => x
  }
}

const shifted = (x: Tensor4D, by: number): Tensor4D => (by === 0 ? x : by < 0 ? sub(x, -by) : add(x, by))
