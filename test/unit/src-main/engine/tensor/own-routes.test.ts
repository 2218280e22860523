import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, sum, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  addBias,
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  LIBRARY,
  maxPool,
  meanPool,
  OWN_ROUTES,
  setRoutes,
  softmaxCrossEntropy,
  valueAndGrads,
} from '../../../../../src-main/engine/tensor/index.ts'
import { REFUSED_WHEN_DETERMINISTIC } from '../../../../../src-main/engine/tensor/base/routes.ts'
import { nativeAvailable, useBackend } from '../../../../support/backend.ts'
import { countIssued } from '../../../../support/counted-binding.ts'
import { expectNoLeak, normals, relativeError } from '../../../../support/tensors.ts'

const NATIVE = await nativeAvailable()
const TOLERANCE = 2e-5
type Inputs = Readonly<Record<string, Tensor>>

/** Value and gradients of an operation, its output weighed by fixed random numbers. */
function results(inputs: Inputs, run: (p: ReadonlyMap<string, Tensor>) => Tensor): Tensor[] {
  const { grads } = valueAndGrads(
    (p) => {
      const y = run(p)
      return sum(mul(y, normals(y.shape, 9))) as Scalar
    },
    new Map(Object.entries(inputs)),
    Object.keys(inputs),
  )
  return [run(new Map(Object.entries(inputs))), ...grads.values()]
}

/** Largest difference between all own routes and all of the library's kernels. */
function differences(
  inputs: Inputs,
  run: (p: ReadonlyMap<string, Tensor>) => Tensor,
  ownRoutes: readonly string[] = OWN_ROUTES,
): number[] {
  return tidy(() => {
    setRoutes(LIBRARY)
    const library = results(inputs, run)
    setRoutes({ ownRoutes, bfloat16Sums: 'library' })
    const own = results(inputs, run)
    return own.map((t, i) => relativeError(t, library[i] as Tensor))
  })
}

const near = (errors: readonly number[]): void => errors.forEach((e) => expect(e).toBeLessThan(TOLERANCE))

// Channel counts at which kernels of libraries were found wrong (one in and one out, odd counts) have their own tests
// against plain loops; here both ways must agree.
const window = fc.record({
  batch: fc.constantFrom(1, 2, 3),
  side: fc.integer({ min: 5, max: 9 }),
  inputs: fc.constantFrom(2, 3, 8),
  outputs: fc.constantFrom(2, 5, 8),
  kernel: fc.constantFrom(1, 2, 3, 5),
  stride: fc.constantFrom(1, 2, 3),
  padding: fc.constantFrom(0, 1, 2),
  dilation: fc.constantFrom(1, 1, 2),
})

describe.skipIf(!NATIVE)('own routes of native operations', () => {
  beforeAll(() => useBackend('native'))
  afterEach(() => setRoutes(LIBRARY))

  it('convolve and give both gradients as the library does', () => {
    fc.assert(
      fc.property(window, ({ batch, side, inputs, outputs, kernel, stride, padding, dilation }) => {
        fc.pre((kernel - 1) * dilation + 1 <= side + 2 * padding && padding <= kernel / 2)
        const x = normals([batch, side, side + 1, inputs], 1)
        const weight = normals([kernel, kernel, inputs, outputs], 2)
        near(
          differences({ x, weight }, (p) =>
            conv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D, { stride, padding, dilation }),
          ),
        )
      }),
      { numRuns: 25, seed: 5 },
    )
  })

  it('leave all but single channels to the library where those alone are at fault', () => {
    setRoutes({ ownRoutes: ['Conv2D (one channel)'], bfloat16Sums: 'library' })
    const operations = ([1, 2] as const).map((outputs) =>
      tidy(() => {
        const x = normals([2, 6, 6, 1], 1) as Tensor4D
        const weight = normals([3, 3, 1, outputs], 2) as Tensor4D
        const { issued, stop } = countIssued()
        conv2d(x, weight, { padding: 1 })
        stop()
        return issued.operations
      }),
    )
    expect(operations[1]).toBe(1)
    expect(operations[0]).toBeGreaterThan(9) // a product for each tap
  })

  it('convolve channel by channel as the library does', () => {
    fc.assert(
      fc.property(window, ({ batch, side, inputs, kernel, stride, padding }) => {
        fc.pre(kernel <= side + 2 * padding)
        const x = normals([batch, side, side + 1, inputs], 1)
        const weight = normals([kernel, kernel, inputs, 2], 2)
        near(
          differences({ x, weight }, (p) =>
            depthwiseConv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D, { stride, padding }),
          ),
        )
      }),
      { numRuns: 15, seed: 5 },
    )
  })

  it.each([
    { size: 2, stride: 2, padding: 0 },
    { size: 3, stride: 2, padding: 1 },
    { size: 3, stride: 1, padding: 0 },
  ])('pool maxima of $size by $stride as the library does', (options) => {
    const x = normals([2, 8, 7, 3], 1)
    near(differences({ x }, (p) => maxPool(p.get('x') as Tensor4D, options)))
  })

  it.each([
    [2, 2],
    [3, 2],
    [3, 1],
  ])('pool means of %i by %i as the library does', (size, stride) => {
    const x = normals([2, 8, 7, 3], 1)
    near(differences({ x }, (p) => meanPool(p.get('x') as Tensor4D, size, stride)))
  })

  it('gives the gradient of a tie to the first winner, as the library does', () => {
    const x = tensor4d(
      Array.from({ length: 32 }, (_, i) => (i % 3 === 0 ? 1 : 0)),
      [1, 4, 4, 2],
    )
    near(differences({ x }, (p) => maxPool(p.get('x') as Tensor4D)))
  })

  it('normalise, add biases and score classes as the library does', () => {
    const [gamma, beta, bias] = [normals([4], 2), normals([4], 3), normals([4], 4)]
    const x = normals([6, 3, 3, 4], 1)
    const stats = { mean: tensor1d([0.1, 0, -0.2, 0.3]), variance: tensor1d([1, 2, 0.5, 1.5]) }
    for (const statistics of ['batch', 'running'] as const)
      near(
        differences({ x, gamma, beta }, (p) => {
          const norm = { ...stats, gamma: p.get('gamma') as Tensor1D, beta: p.get('beta') as Tensor1D }
          return batchNorm(p.get('x') as Tensor4D, norm, { statistics, activation: 'relu' }).output
        }),
      )
    near(differences({ x, bias }, (p) => addBias(p.get('x') as Tensor, p.get('bias') as Tensor1D)))
    const rows = normals([5, 3], 6)
    near(
      differences({ rows, weight: normals([3, 4], 7), bias }, (p) =>
        dense(p.get('rows') as Tensor2D, p.get('weight') as Tensor2D, {
          bias: p.get('bias') as Tensor1D,
          activation: 'relu',
        }),
      ),
    )
    const labels = tensor1d([0, 2, 1, 1, 0], 'int32')
    near(differences({ rows }, (p) => softmaxCrossEntropy(p.get('rows') as Tensor2D, labels)))
  })

  it('stand in for what a card refuses when repeats must be equal, value and gradients', () => {
    const [gamma, beta, bias] = [normals([4], 2), normals([4], 3), normals([4], 4)]
    const stats = { mean: tensor1d([0.1, 0, -0.2, 0.3]), variance: tensor1d([1, 2, 0.5, 1.5]) }
    for (const x of [normals([6, 3, 3, 4], 1), normals([7, 4], 1)])
      for (const statistics of ['batch', 'running'] as const)
        near(
          differences(
            { x, gamma, beta, bias },
            (p) => {
              const norm = { ...stats, gamma: p.get('gamma') as Tensor1D, beta: p.get('beta') as Tensor1D }
              const options = { statistics, activation: 'relu', bias: p.get('bias') as Tensor1D } as const
              return batchNorm(p.get('x') as Tensor, norm, options).output
            },
            REFUSED_WHEN_DETERMINISTIC,
          ),
        )
    const [image, weight, logits] = [normals([2, 7, 7, 3], 5), normals([3, 3, 3, 2], 6), normals([5, 3], 7)]
    near(
      differences(
        { image, weight },
        (p) => depthwiseConv2d(p.get('image') as Tensor4D, p.get('weight') as Tensor4D),
        REFUSED_WHEN_DETERMINISTIC,
      ),
    )
    const labels = tensor1d([0, 2, 1, 1, 0], 'int32')
    near(
      differences(
        { logits },
        (p) => softmaxCrossEntropy(p.get('logits') as Tensor2D, labels),
        REFUSED_WHEN_DETERMINISTIC,
      ),
    )
  })

  it('leave no tensor and no handle behind', async () => {
    setRoutes({ ownRoutes: OWN_ROUTES, bfloat16Sums: 'library' })
    const [x, weight] = [normals([2, 6, 6, 2], 1), normals([3, 3, 2, 2], 2)]
    const run = (p: ReadonlyMap<string, Tensor>): Tensor =>
      maxPool(conv2d(p.get('x') as Tensor4D, p.get('weight') as Tensor4D, { stride: 2, padding: 1 }))
    await expectNoLeak(() => tidy(() => void results({ x, weight }, run)))
  })
})
