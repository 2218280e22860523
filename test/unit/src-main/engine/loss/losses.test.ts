import type { Tensor2D } from '@tensorflow/tfjs-core'
import { scalar, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { LossOptions } from '../../../../../src-main/engine/loss/index.ts'
import { buildLoss, buildWeighedLoss, neuralObjective } from '../../../../../src-main/engine/loss/index.ts'
import { valueAndGrads } from '../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../support/backend.ts'
import { expectNoLeak } from '../../../../support/tensors.ts'

beforeAll(() => useBackend())

const MEAN: LossOptions = { lossSum: false, avgLoss: true }
const number = (f: () => { dataSync(): ArrayLike<number> }): number =>
  tidy(() => f().dataSync()[0] as number) as never

test('learned weights: s 0.3 makes 1.409391 of a cross entropy of 1.7 and 0.779696 of such a squared error', () => {
  const targets = tensor1d([0], 'int32')
  const margin = Math.log(Math.exp(1.7) - 1) // logits (0, margin): cross entropy 1.7 for class 0
  const ce = buildWeighedLoss('CrossEntropyLoss', MEAN)
  expect(number(() => ce(tensor2d([[0, margin]]), targets, scalar(0.3)))).toBeCloseTo(1.409391, 5)
  const mse = buildWeighedLoss('MSELoss', MEAN)
  expect(number(() => mse(tensor2d([[Math.sqrt(1.7)]]), tensor2d([[0]]), scalar(0.3)))).toBeCloseTo(
    0.779696,
    5,
  )
})

test.each([
  [0.5, 0, 0.425363],
  [2, 1, 1.442692],
  [3, 5, 2.714198],
])(
  'a Poisson loss with a learned weight is negative binomial: rate %f, count %f',
  (rate, count, expected) => {
    const loss = buildWeighedLoss('PoissonLoss', MEAN)
    expect(number(() => loss(tensor2d([[rate]]), tensor2d([[count]]), scalar(0.3)))).toBeCloseTo(expected, 5)
  },
)

test('the negative binomial loss without a learned weight has dispersion 1', () => {
  const [y, t] = [tensor2d([[2]]), tensor2d([[1]])]
  const plain = buildLoss('NegativeBinomialLoss', MEAN)
  const learned = buildWeighedLoss('NegativeBinomialLoss', MEAN)
  expect(number(() => plain(y, t))).toBeCloseTo(
    number(() => learned(y, t, scalar(0))),
    6,
  )
})

test('the Poisson loss is summed unless averaged, and guards a rate of zero', () => {
  const [y, t] = [tensor2d([[1, 0]]), tensor2d([[2, 1]])]
  const expected = 1 - Math.log(1e-12)
  expect(number(() => buildLoss('PoissonLoss', { lossSum: false, avgLoss: false })(y, t))).toBeCloseTo(
    expected,
    4,
  )
  expect(number(() => buildLoss('PoissonLoss', MEAN)(y, t))).toBeCloseTo(expected / 2, 4)
})

test.each(['PoissonLoss', 'MSELoss', 'NegativeBinomialLoss'])('%s ignores missing responses', (name) => {
  const loss = buildLoss(name, MEAN)
  const complete = number(() => loss(tensor2d([[1, 2]]), tensor2d([[2, 3]])))
  const output = tensor2d([[1, 2, 5]])
  const { value, grads } = valueAndGrads(
    (p) => loss(p.get('y') as Tensor2D, tensor2d([[2, 3, NaN]])),
    new Map([['y', output]]),
    ['y'],
  )
  expect(value.dataSync()[0]).toBeCloseTo(complete, 6)
  expect(grads.get('y')?.dataSync()[2]).toBe(0)
})

test('the neural objective scales the criterion by sqrt(N / B) and leaves the regulariser as it is', () => {
  const options = { scale: true, datasetSize: 400, batchSize: 100 }
  expect(number(() => neuralObjective(scalar(3), scalar(0.5), options))).toBe(6.5)
  expect(number(() => neuralObjective(scalar(3), null, { ...options, scale: false }))).toBe(3)
})

test('an unknown loss is refused with the nearest name', () => {
  expect(() => buildLoss('PoisonLoss', MEAN)).toThrow('Did you mean "PoissonLoss"?')
})

test('losses leave only their value behind', async () => {
  const [y, t] = [tensor2d([[1, 2]]), tensor2d([[2, NaN]])]
  await expectNoLeak(() => {
    for (const name of ['PoissonLoss', 'MSELoss', 'NegativeBinomialLoss']) {
      tidy(() => buildWeighedLoss(name, MEAN)(y, t, scalar(0.1))).dispose()
    }
  })
})
