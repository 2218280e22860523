import type { Tensor1D } from '@tensorflow/tfjs-core'
import { scalar, tensor, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import {
  adamNumbers,
  applyAdam,
  applyMomentum,
  createParamStore,
  softmaxCrossEntropy,
} from '../../tensor/index.ts'
import { gradientOf } from '../base/gradient-of.ts'
import type { PreparedCase, ProofCase } from '../base/proof-case.ts'
import { byRule, known } from '../base/proof-case.ts'
import { integers, numbers } from '../base/proof-numbers.ts'

const LENGTHS = [1, 7, 33, 576, 20_001]

/** Losses with a kernel of their own, and parameters that are changed in place. */
export function updateCases(): ProofCase[] {
  return [
    ...([[1, 10], [15, 3], [64, 200]] as const).flatMap(([batch, classes]) => [
      crossEntropyCase(batch, classes, false),
      crossEntropyCase(batch, classes, true),
    ]),
    ...LENGTHS.flatMap((length) => [
      updateCase('ResourceApplyAdam', length, (v) => adam(v, false)),
      updateCase('ResourceApplyAdamWithAmsgrad', length, (v) => adam(v, true)),
      updateCase('ResourceApplyMomentum', length, (v) => momentum(v, false)),
      updateCase('ResourceApplyMomentum', length, (v) => momentum(v, true), ', Nesterov'),
      ...['VarHandleOp', 'AssignVariableOp', 'ReadVariableOp', 'DestroyResourceOp'].map((name) =>
        updateCase(name, length, stored),
      ),
    ]),
  ] // prettier-ignore
}

function crossEntropyCase(batch: number, classes: number, isGradient: boolean): ProofCase {
  return {
    operation: 'SparseSoftmaxCrossEntropyWithLogits',
    format: 'float32',
    shape: `logits [${batch},${classes}]${isGradient ? ', gradient' : ''}`,
    product: false,
    prepare: () => {
      const values = numbers(batch * classes, 39, -4, 4)
      const labels = integers(batch, 40, classes)
      const dys = numbers(batch, 41)
      const logits = tensor2d(values, [batch, classes])
      const chosen = tensor1d(labels, 'int32')
      const dy = tensor1d(dys)
      const exponentials = (row: number): Float64Array =>
        Float64Array.from(values.subarray(row * classes, (row + 1) * classes), Math.exp)
      const sumOf = (row: number): number => exponentials(row).reduce((a, b) => a + b, 0)
      const loss = (row: number): number => Math.log(sumOf(row)) - values[row * classes + labels[row]!]!
      const slope = (index: number): number => {
        const row = Math.floor(index / classes)
        const share = exponentials(row)[index % classes]! / sumOf(row)
        return dys[row]! * (share - (labels[row] === index % classes ? 1 : 0))
      }
      return isGradient
        ? {
            run: () => [gradientOf((t) => softmaxCrossEntropy(t, chosen), logits, dy)],
            right: [byRule(batch * classes, slope, 2 * classes)],
          }
        : {
            run: () => [softmaxCrossEntropy(logits, chosen)],
            right: [byRule(batch, loss, classes)],
          }
    },
  }
}

interface UpdateValues {
  readonly p: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
  readonly max: Float32Array
  readonly grad: Float32Array
}

function updateCase(
  operation: string,
  length: number,
  prepare: (values: UpdateValues) => PreparedCase,
  how = '',
): ProofCase {
  const shape = `[${length}]${how}`
  const make = (): UpdateValues => ({
    p: numbers(length, 42),
    m: numbers(length, 43),
    v: numbers(length, 44, 0, 1),
    max: numbers(length, 45, 0, 1),
    grad: numbers(length, 46),
  })
  return { operation, format: 'float32', shape, product: false, prepare: () => prepare(make()) }
}

/** A store with the given values; read back as tensors in the same order. */
function storeOf(values: Readonly<Record<string, Float32Array>>) {
  const arrays = Object.entries(values).map(
    ([name, data]) => [name, { shape: [data.length], dtype: 'float32', data }] as const,
  )
  return createParamStore(new Map(arrays))
}

/** Values go into a variable and come out as they were. */
function stored({ p, m }: UpdateValues): PreparedCase {
  const next = tensor(m)
  return {
    run: () => {
      const store = storeOf({ p })
      try {
        const before = (store.tensors.get('p') as Tensor1D).clone()
        store.assign('p', next)
        return [before, (store.tensors.get('p') as Tensor1D).clone()]
      } finally {
        store.dispose()
      }
    },
    right: [known(p), known(m)],
  }
}

/** Adam as Kingma & Ba 2015 write it, epsilon outside of the bias correction; with AMSGrad's largest second moment. */
function adam({ p, m, v, max, grad }: UpdateValues, amsgrad: boolean): PreparedCase {
  const s = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: 3 }
  const gradient = tensor(grad)
  const momentAt = (i: number): number => s.beta1 * at(m, i) + (1 - s.beta1) * at(grad, i)
  const squareAt = (i: number): number => s.beta2 * at(v, i) + (1 - s.beta2) * at(grad, i) ** 2
  const largestAt = (i: number): number => (amsgrad ? Math.max(at(max, i), squareAt(i)) : squareAt(i))
  const valueAt = (i: number): number => {
    const size = s.learningRate / (1 - s.beta1 ** s.step)
    const deviation = Math.sqrt(largestAt(i)) / Math.sqrt(1 - s.beta2 ** s.step) + s.epsilon
    return at(p, i) - (size * momentAt(i)) / deviation
  }
  return {
    run: () => {
      const params = storeOf({ p })
      const state = storeOf({ m, v, ...(amsgrad ? { max } : {}) })
      try {
        const names = { name: 'p', m: 'm', v: 'v', ...(amsgrad ? { vMax: 'max' } : {}) }
        const shared = adamNumbers(s).map((n) => scalar(n))
        applyAdam(params, state, { ...names, grad: gradient }, s, shared)
        return [params.tensors.get('p'), state.tensors.get('m'), state.tensors.get('v')].map((t) =>
          (t as Tensor1D).clone(),
        )
      } finally {
        params.dispose()
        state.dispose()
      }
    },
    right: [byRule(p.length, valueAt), byRule(p.length, momentAt), byRule(p.length, squareAt)],
  }
}

/** u = momentum * u + g; p -= lr * u, or lr * (g + momentum * u) with Nesterov. */
function momentum({ p, m, grad }: UpdateValues, nesterov: boolean): PreparedCase {
  const s = { momentum: 0.9, nesterov }
  const learningRate = 0.1
  const gradient = tensor(grad)
  const velocityAt = (i: number): number => s.momentum * at(m, i) + at(grad, i)
  const valueAt = (i: number): number =>
    at(p, i) - learningRate * (nesterov ? at(grad, i) + s.momentum * velocityAt(i) : velocityAt(i))
  return {
    run: () => {
      const params = storeOf({ p })
      const state = storeOf({ m })
      try {
        applyMomentum(params, state, { name: 'p', velocity: 'm', grad: gradient }, s, scalar(learningRate))
        return [params.tensors.get('p'), state.tensors.get('m')].map((t) => (t as Tensor1D).clone())
      } finally {
        params.dispose()
        state.dispose()
      }
    },
    right: [byRule(p.length, valueAt), byRule(p.length, velocityAt)],
  }
}

const at = (values: Float32Array, i: number): number => values[i]!
