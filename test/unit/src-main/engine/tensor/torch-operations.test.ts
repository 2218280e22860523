import { readFileSync } from 'node:fs'
import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, sum, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  conv2d,
  convNormRelu,
  elu1,
  lgamma,
  maxPool,
  sampleMap,
  softmaxCrossEntropy,
  valueAndGrads,
} from '../../../../../src-main/engine/tensor/index.ts'
import { testedBackends, useBackend } from '../../../../support/backend.ts'
import { relativeError } from '../../../../support/tensors.ts'

interface Stored {
  readonly shape: number[]
  readonly values: number[]
}
interface Case {
  readonly inputs: Record<string, Stored>
  readonly output: Stored
  readonly cotangent: Stored
  readonly grads: Record<string, Stored>
  readonly before?: { mean: Stored; variance: Stored }
  readonly after?: { mean: Stored; variance: Stored }
}
type Inputs = Readonly<Record<string, Tensor>>

const path = new URL('../../../../fixtures/tensor/operations.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: Record<string, Case> }
const restore = ({ shape, values }: Stored): Tensor => tensor(values, shape, 'float32')

const conv = (options: Parameters<typeof conv2d>[2]) => (i: Inputs) =>
  conv2d(i['x'] as Tensor4D, i['weight'] as Tensor4D, options)
const samples = (alignCorners: boolean, form: 'matmul' | 'gather' | 'loops') => (i: Inputs) =>
  sampleMap(i['x'] as Tensor4D, i['positions'] as Tensor3D, { alignCorners, form })

function normed(statistics: 'batch' | 'running', stored: Case) {
  return (i: Inputs): Tensor => {
    const running = { mean: restore(stored.before!.mean), variance: restore(stored.before!.variance) } as Record<string, Tensor1D> // prettier-ignore
    const norm = { gamma: i['gamma'], beta: i['beta'], ...running } as unknown as Parameters<
      typeof convNormRelu
    >[2]
    const options = { padding: 1, statistics, bias: i['bias'] as Tensor1D } as const
    const { output, batch } = convNormRelu(i['x'] as Tensor4D, i['weight'] as Tensor4D, norm, options)
    for (const name of ['mean', 'variance'] as const) {
      if (!batch) continue
      const updated = add(mul(running[name] as Tensor, 0.9), mul(batch[name], 0.1))
      expect(relativeError(updated, stored.after![name].values), `running ${name}`).toBeLessThan(1e-6)
    }
    return output
  }
}

const RUN: Record<string, readonly [string, (i: Inputs) => Tensor]> = {
  'convolution with stride': ['conv stride 2 padding 3', conv({ stride: 2, padding: 3 })],
  'convolution of the same size': ['conv padding 1', conv({ padding: 1 })],
  'convolution with an even kernel': ['conv even kernel padding 2', conv({ padding: 2 })],
  'dilated convolution': ['conv dilation 2 padding 4', conv({ padding: 4, dilation: 2 })],
  'conv, norm, ReLU in training': [
    'conv norm relu batch',
    normed('batch', cases['conv norm relu batch'] as Case),
  ],
  'conv, norm, ReLU in evaluation': [
    'conv norm relu running',
    normed('running', cases['conv norm relu running'] as Case),
  ],
  'overlapping pools': [
    'pool 3x3 stride 2 padding 1',
    (i) => maxPool(i['x'] as Tensor4D, { size: 3, stride: 2, padding: 1 }),
  ],
  'pools of an odd image': ['pool 2x2', (i) => maxPool(i['x'] as Tensor4D)],
  'samples by matmul, corners': ['samples aligned corners', samples(true, 'matmul')],
  'samples by gather, corners': ['samples aligned corners', samples(true, 'gather')],
  'samples by matmul, edges': ['samples aligned edges', samples(false, 'matmul')],
  'samples by gather, edges': ['samples aligned edges', samples(false, 'gather')],
  'samples by loops, corners': ['samples aligned corners', samples(true, 'loops')],
  'samples by loops, edges': ['samples aligned edges', samples(false, 'loops')],
  'cross entropy': [
    'cross entropy',
    (i) => softmaxCrossEntropy(i['logits'] as Tensor2D, tensor1d([3, 0, 4, 1], 'int32')),
  ],
  lgamma: ['lgamma', (i) => lgamma(i['x'] as Tensor1D)],
  elu1: ['elu1', (i) => elu1(i['x'] as Tensor1D)],
}

/** float32 sums in another order; the stored numbers have eight digits. */
const TOLERANCE = 5e-6

describe.each(await testedBackends())('PyTorch numbers on %s', (backend) => {
  beforeAll(() => useBackend(backend).then(() => undefined))

  it.each(Object.keys(RUN))('%s', (name) => {
    const [key, run] = RUN[name] as (typeof RUN)[string]
    const stored = cases[key] as Case
    tidy(() => {
      const inputs = new Map(Object.entries(stored.inputs).map(([n, v]) => [n, restore(v)]))
      const cotangent = restore(stored.cotangent)
      const { grads } = valueAndGrads(
        (p) => {
          const output = run(Object.fromEntries(p))
          expect(relativeError(output, stored.output.values), 'output').toBeLessThan(TOLERANCE)
          return sum(mul(output, cotangent)) as Scalar
        },
        inputs,
        [...inputs.keys()],
      )
      for (const [n, grad] of grads) {
        const expected = stored.grads[n] as Stored
        // The true gradient of a bias in front of batch statistics is zero; PyTorch's is rounding noise.
        if (n === 'bias' && stored.after) expect(Math.max(...grad.dataSync())).toBe(0)
        else expect(relativeError(grad, expected.values), `gradient of ${n}`).toBeLessThan(TOLERANCE)
      }
      expect(grads.size).toBe(inputs.size)
    })
  })
})
