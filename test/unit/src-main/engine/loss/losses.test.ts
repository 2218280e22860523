import type { Tensor2D } from '@tensorflow/tfjs-core'
import { scalar, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { LossOptions } from '../../../../../src-main/engine/loss/index.ts'
import {
  buildLoss,
  buildWeighedLoss,
  logWeightSpecs,
  neuralObjective,
} from '../../../../../src-main/engine/loss/index.ts'
import type { CotrainError } from '../../../../../src-shared/contract/errors.ts'
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

test('the Stirling term is added for counts above one only, where it is asked for', () => {
  // t log t - t + log(2 pi t) / 2 for t = 3, nothing for 1 and 0 (torch.nn.PoissonNLLLoss, full).
  const term = 3 * Math.log(3) - 3 + 0.5 * Math.log(2 * Math.PI * 3)
  const [y, t] = [tensor2d([[2, 2, 2]]), tensor2d([[3, 1, 0]])]
  const of = (options: Partial<LossOptions>): number =>
    number(() => buildLoss('PoissonLoss', { lossSum: false, avgLoss: false, ...options })(y, t))
  expect(of({ stirling: true }) - of({})).toBeCloseTo(term, 4)
  expect(of({ stirling: false })).toBe(of({}))
})

test.each(['GaussianLoss', 'GammaLoss', 'ZIGLoss', 'ZILLoss'])('%s is summed unless averaged', (name) => {
  const parameters = tensor2d([[0.4, 0.6, 0.5, 0.3, 0.7, 0.2, 0.9, 0.8]])
  const units = name === 'GaussianLoss' || name === 'GammaLoss' ? 4 : 2
  const targets = tensor2d([[1.5, 0.7, 2.5, 0.4].slice(0, units)])
  const of = (avgLoss: boolean): number =>
    number(() => buildLoss(name, { lossSum: false, avgLoss })(parameters, targets))
  expect(of(false)).toBeCloseTo(of(true) * units, 4)
  expect(Math.abs(of(true))).toBeGreaterThan(1e-3)
})

test('a loss that is not known is refused with the one that may be meant, or with all', () => {
  const refusal = (name: string): unknown => {
    try {
      buildLoss(name, MEAN)
    } catch (error) {
      return (error as CotrainError).problems[0]
    }
    return null
  }
  expect(refusal('PoissonLos')).toEqual({
    code: 'config-invalid',
    path: 'trainer.config.loss_functions',
    message: 'no loss is called "PoissonLos".',
    hint: 'Did you mean "PoissonLoss"?',
  })
  expect(refusal('something else entirely')).toMatchObject({
    hint: expect.stringMatching(/^Known: .*CrossEntropyLoss.*ZILLoss/),
  })
})

test('a learned weight is one number that starts at 0, trained like every parameter, under its published name', () => {
  expect(logWeightSpecs(['v1', 'img_classification'])).toEqual(
    ['log_w.v1', 'log_w.img_classification'].map((name) => ({
      name,
      shape: [1],
      init: { kind: 'constant', value: 0 },
      ...{ kind: 'parameter', role: 'loss-weight', block: 'loss', frozen: false },
      torch: { name, layout: { kind: 'same' } },
    })),
  )
})
