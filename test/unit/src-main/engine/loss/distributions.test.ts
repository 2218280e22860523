import type { Tensor2D } from '@tensorflow/tfjs-core'
import { tensor2d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { buildLoss } from '../../../../../src-main/engine/loss/index.ts'
import { valueAndGrads } from '../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../support/backend.ts'

beforeAll(() => useBackend())

const SUM = { lossSum: false, avgLoss: false }
const density = (name: string, parameters: readonly number[], y: number): number =>
  Math.exp(-(buildLoss(name, SUM)(tensor2d([[...parameters]]), tensor2d([[y]])).dataSync()[0] as number))

/** Nothing is left behind the end; thresholds of 0.05 fall between two cells. */
const END = 15
const STEPS = 1200

/** Area and mean under a density. */
function integrate(f: (y: number) => number): { area: number; mean: number } {
  let [area, mean] = [0, 0]
  for (let i = 0; i < STEPS; i++) {
    const y = ((i + 0.5) * END) / STEPS
    const weight = (f(y) * END) / STEPS
    area += weight
    mean += y * weight
  }
  return { area, mean }
}

test.each([
  ['GammaLoss', [3, 2], 1.5],
  ['ZIGLoss', [0.8, 2.5, 0.05, 0.6], 0.4 * 0.025 + 0.6 * (2.5 * 0.8 + 0.05)],
  ['ZILLoss', [0.2, 0.3, 0.05, 0.6], 0.4 * 0.025 + 0.6 * (Math.exp(0.2 + 0.15) + 0.05)],
])('%s is a density whose mean is the predicted one', (name, parameters, expected) => {
  const { area, mean } = integrate((y) => density(name, parameters, y))
  expect(area).toBeCloseTo(1, 2)
  expect(mean).toBeCloseTo(expected, 2)
})

test('the Gaussian loss is the negative log density', () => {
  expect(density('GaussianLoss', [1, 4], 2)).toBeCloseTo(Math.exp(-1 / 8) / Math.sqrt(8 * Math.PI), 6)
})

test.each(['ZIGLoss', 'ZILLoss'])('%s has finite gradients on both sides of the threshold', (name) => {
  const output = tensor2d([[0.8, 0.8, 2.5, 2.5, 0.05, 0.05, 0.6, 0.6]])
  const { grads } = valueAndGrads(
    (p) => buildLoss(name, SUM)(p.get('y') as Tensor2D, tensor2d([[0, 0.05]])),
    new Map([['y', output]]),
    ['y'],
  )
  expect([...(grads.get('y')?.dataSync() ?? [NaN])].every(Number.isFinite)).toBe(true)
})

test('a loss of a distribution refuses a single number per unit', () => {
  const loss = buildLoss('ZIGLoss', SUM)
  expect(() => loss(tensor2d([[1]]), tensor2d([[1]]))).toThrow('ZIGLoss wants 4 numbers per unit')
})
