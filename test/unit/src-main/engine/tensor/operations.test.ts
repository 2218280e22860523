import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import { abs, add, mul, sum, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addBias,
  batchNorm,
  conv2d,
  convNormRelu,
  dense,
  depthwiseConv2d,
  elu1,
  lgamma,
  maxPool,
  sampleMap,
  softmaxCrossEntropy,
  stopGradient,
  valueAndGrads,
} from '../../../../../src-main/engine/tensor/index.ts'
import { testedBackends, useBackend } from '../../../../support/backend.ts'
import { expectNoLeak, normals, relativeError } from '../../../../support/tensors.ts'

type Inputs = Readonly<Record<string, Tensor>>

interface Operation {
  readonly shapes: Readonly<Record<string, readonly number[]>>
  /** Inputs whose gradients are compared; the others are constants. */
  readonly constants?: readonly string[]
  readonly prepare?: Readonly<Record<string, (t: Tensor) => Tensor>>
  readonly run: (inputs: Inputs) => readonly Tensor[]
}

const conv = (
  x: readonly number[],
  kernel: readonly number[],
  options: { stride?: number; padding?: number | [number, number]; dilation?: number },
): Operation => ({
  shapes: { x, weight: kernel },
  run: ({ x, weight }) => [conv2d(x as Tensor4D, weight as Tensor4D, options)],
})

const norm = (
  x: readonly number[],
  statistics: 'batch' | 'running',
  activation: 'relu' | 'none',
): Operation => {
  const channels = [x[x.length - 1] as number]
  return {
    shapes: { x, gamma: channels, beta: channels, mean: channels, variance: channels, bias: channels },
    constants: ['mean', 'variance'],
    prepare: { variance: (t) => add(abs(t), 0.5) },
    run: ({ x, gamma, beta, mean, variance, bias }) => {
      const result = batchNorm(
        x as Tensor4D,
        { gamma, beta, mean, variance } as {
          gamma: Tensor1D
          beta: Tensor1D
          mean: Tensor1D
          variance: Tensor1D
        },
        { statistics, activation, bias: bias as Tensor1D },
      )
      return [result.output, ...(result.batch ? [result.batch.mean, result.batch.variance] : [])]
    },
  }
}

const sample = (form: 'matmul' | 'gather' | 'loops', alignCorners: boolean, rows: number): Operation => ({
  shapes: { map: [3, 5, 7, 4], positions: [rows, 6, 2] },
  run: ({ map, positions }) => [sampleMap(map as Tensor4D, positions as Tensor3D, { alignCorners, form })],
})

const OPERATIONS: Readonly<Record<string, Operation>> = {
  'conv 3x3, padding 1': conv([2, 6, 5, 3], [3, 3, 3, 4], { padding: 1 }),
  'conv 3x3, no padding': conv([2, 6, 5, 3], [3, 3, 3, 4], {}),
  'conv 7x7, stride 2, padding 3': conv([2, 11, 12, 3], [7, 7, 3, 4], { stride: 2, padding: 3 }),
  'conv 3x3, stride 2, padding 1, even size': conv([2, 8, 8, 3], [3, 3, 3, 4], { stride: 2, padding: 1 }),
  'conv 1x1, stride 2': conv([2, 8, 7, 3], [1, 1, 3, 4], { stride: 2 }),
  'conv 4x4, padding 2': conv([2, 6, 6, 3], [4, 4, 3, 2], { padding: 2 }),
  'conv 5x5, padding 4, dilation 2': conv([2, 9, 9, 2], [5, 5, 2, 3], { padding: 4, dilation: 2 }),
  'conv 3x3, stride 2, dilation 2, padding 2': conv([1, 9, 9, 2], [3, 3, 2, 3], {
    stride: 2,
    padding: 2,
    dilation: 2,
  }),
  'conv 3x5, padding 0 by 2': conv([2, 6, 6, 2], [3, 5, 2, 3], { padding: [0, 2] }),
  'depthwise 3x3, padding 1': {
    shapes: { x: [2, 6, 5, 3], weight: [3, 3, 3, 1] },
    run: ({ x, weight }) => [depthwiseConv2d(x as Tensor4D, weight as Tensor4D, { padding: 1 })],
  },
  'depthwise 7x7, stride 2, padding 3, multiplier 2': {
    shapes: { x: [2, 9, 9, 3], weight: [7, 7, 3, 2] },
    run: ({ x, weight }) => [depthwiseConv2d(x as Tensor4D, weight as Tensor4D, { padding: 3, stride: 2 })],
  },
  'batch norm by batch statistics': norm([4, 5, 3, 6], 'batch', 'none'),
  'batch norm by batch statistics, ReLU': norm([4, 5, 3, 6], 'batch', 'relu'),
  'batch norm by running statistics': norm([4, 5, 3, 6], 'running', 'none'),
  'batch norm by running statistics, ReLU': norm([4, 5, 3, 6], 'running', 'relu'),
  'batch norm of vectors': norm([8, 6], 'batch', 'none'),
  'batch norm of vectors by running statistics': norm([8, 6], 'running', 'relu'),
  'conv, norm, ReLU': {
    shapes: {
      x: [3, 6, 6, 2],
      weight: [3, 3, 2, 4],
      gamma: [4],
      beta: [4],
      mean: [4],
      variance: [4],
      bias: [4],
    },
    constants: ['mean', 'variance'],
    prepare: { variance: (t) => add(abs(t), 0.5) },
    run: ({ x, weight, gamma, beta, mean, variance, bias }) => {
      const tensors = { gamma, beta, mean, variance } as {
        gamma: Tensor1D
        beta: Tensor1D
        mean: Tensor1D
        variance: Tensor1D
      }
      const options = { padding: 1, statistics: 'batch', bias: bias as Tensor1D } as const
      return [convNormRelu(x as Tensor4D, weight as Tensor4D, tensors, options).output]
    },
  },
  'max pool by mask': {
    shapes: { x: [2, 6, 4, 3] },
    run: ({ x }) => [maxPool(x as Tensor4D, { afterRelu: true })],
  },
  'max pool of an odd image': {
    shapes: { x: [2, 7, 5, 3] },
    run: ({ x }) => [maxPool(x as Tensor4D, { afterRelu: true })],
  },
  'max pool 3x3, stride 2, padding 1': {
    shapes: { x: [2, 8, 7, 3] },
    run: ({ x }) => [maxPool(x as Tensor4D, { size: 3, stride: 2, padding: 1 })],
  },
  dense: {
    shapes: { x: [5, 7], weight: [7, 4], bias: [4] },
    run: ({ x, weight, bias }) => [dense(x as Tensor2D, weight as Tensor2D, { bias: bias as Tensor1D })],
  },
  'dense, ReLU': {
    shapes: { x: [5, 7], weight: [7, 4], bias: [4] },
    run: ({ x, weight, bias }) => [
      dense(x as Tensor2D, weight as Tensor2D, { bias: bias as Tensor1D, activation: 'relu' }),
    ],
  },
  'bias of an image': {
    shapes: { x: [2, 3, 4, 5], bias: [5] },
    run: ({ x, bias }) => [addBias(x as Tensor4D, bias as Tensor1D)],
  },
  'softmax cross entropy': {
    shapes: { logits: [4, 6] },
    run: ({ logits }) => [softmaxCrossEntropy(logits as Tensor2D, tensor1d([3, 0, 5, 1], 'int32'))],
  },
  elu1: { shapes: { x: [3, 4] }, run: ({ x }) => [elu1(x as Tensor2D)] },
  lgamma: {
    shapes: { x: [40] },
    prepare: { x: (t) => add(mul(abs(t), 3), 0.1) },
    run: ({ x }) => [lgamma(x as Tensor1D)],
  },
  'samples, matmul, aligned corners': sample('matmul', true, 3),
  'samples, matmul, aligned edges': sample('matmul', false, 3),
  'samples, gather, aligned corners': sample('gather', true, 3),
  'samples, gather, aligned edges, one row of positions': sample('gather', false, 1),
  'samples, loops, aligned corners': sample('loops', true, 3),
  'samples, loops, one row of positions': sample('loops', false, 1),
  'samples, matmul, one row of positions': sample('matmul', true, 1),
}

/** Outputs of an operation, then the gradients of a weighted sum of the outputs, as plain arrays. */
function measure(operation: Operation): Float32Array[] {
  return tidy(() => {
    const values = Object.entries(operation.shapes).map(([name, shape], i) => {
      const value = normals(shape, i + 1)
      return [name, operation.prepare?.[name]?.(value) ?? value] as const
    })
    const inputs = new Map(values)
    const outputs: Float32Array[] = []
    const weighted = (results: readonly Tensor[]): Scalar => {
      outputs.push(...results.map((t) => Float32Array.from(t.dataSync())))
      const parts = results.map((t, i) => sum(mul(t, normals(t.shape, 100 + i))))
      return parts[0] as Scalar // statistics go nowhere: they carry no gradient in training either
    }
    const trainable = [...inputs.keys()].filter((name) => !operation.constants?.includes(name))
    const { grads } = valueAndGrads((p) => weighted(operation.run(Object.fromEntries(p))), inputs, trainable)
    expect([...grads.keys()]).toEqual(trainable)
    return [...outputs, ...[...grads.values()].map((g) => Float32Array.from(g.dataSync()))]
  })
}

const expected = new Map<string, Float32Array[]>()

// The plain JavaScript backend runs the composed operations with TensorFlow.js's own gradients: the reference.
beforeAll(async () => {
  await useBackend('cpu')
  for (const [name, operation] of Object.entries(OPERATIONS)) expected.set(name, measure(operation))
})

describe.each(await testedBackends())('on %s', (backend) => {
  beforeAll(() => useBackend(backend).then(() => undefined))

  it.each(Object.keys(OPERATIONS))('%s agrees with composed operations in value and gradients', (name) => {
    const actual = measure(OPERATIONS[name] as Operation)
    const reference = expected.get(name) as Float32Array[]
    expect(actual.length).toBe(reference.length)
    const errors = actual.map((a, i) => relativeError(tensor1d(a), reference[i] as Float32Array))
    expect(Math.max(...errors), `errors ${errors.join(' ')}`).toBeLessThan(1e-5)
  })

  it.each(Object.keys(OPERATIONS))('%s leaves no tensor and no handle behind', async (name) => {
    await expectNoLeak(() => void measure(OPERATIONS[name] as Operation))
  })

  it('runs an operation without a tape and leaves no handle behind', async () => {
    await expectNoLeak(() => {
      tidy(() => {
        const x = normals([2, 4, 4, 3], 1) as Tensor4D
        const ones = tensor1d([1, 1, 1])
        const norms = { gamma: ones, beta: ones, mean: ones, variance: ones }
        convNormRelu(x, normals([3, 3, 3, 3], 2) as Tensor4D, norms, { padding: 1, statistics: 'batch' })
        convNormRelu(x, normals([3, 3, 3, 3], 2) as Tensor4D, norms, { padding: 1, statistics: 'running' })
        softmaxCrossEntropy(normals([2, 3], 3) as Tensor2D, tensor1d([0, 1], 'int32'))
      })
    })
  })

  it('leaves a parameter that took no part out of the gradients', () => {
    const a = tensor1d([1, 2])
    const b = tensor1d([3, 4])
    const params = new Map([['a', a], ['b', b]]) // prettier-ignore
    const used = valueAndGrads((p) => sum(mul(p.get('a') as Tensor, 3)) as Scalar, params, ['a', 'b'])
    expect([...used.grads.keys()]).toEqual(['a'])
    const cut = valueAndGrads((p) => sum(mul(stopGradient(p.get('a') as Tensor), 3)) as Scalar, params, [
      'a',
      'b',
    ])
    expect(cut.grads.size).toBe(0)
    expect(cut.value.dataSync()[0]).toBe(9)
  })

  it('frees what a failed forward pass had saved', async () => {
    await expectNoLeak(() => {
      const x = normals([2, 4, 4, 3], 1)
      const weight = normals([3, 3, 3, 3], 2)
      const failing = (): unknown =>
        valueAndGrads(
          (p) => {
            conv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D, { padding: 1 })
            throw new Error('stop here')
          },
          new Map([['x', x], ['weight', weight]]), // prettier-ignore
          ['weight'],
        )
      expect(failing).toThrow('stop here')
      x.dispose()
      weight.dispose()
    })
  })
})
