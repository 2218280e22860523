import { tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OptimizerSettings } from '../../../../../src-main/engine/optim/index.ts'
import { createOptimizer } from '../../../../../src-main/engine/optim/index.ts'
import { createParamStore } from '../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../support/backend.ts'
import { array, expectNoLeak } from '../../../../support/tensors.ts'

beforeAll(() => useBackend())

const GRADIENTS = [
  [0.5, 1],
  [-0.2, 0.3],
  [0.1, 0],
]

function follow(settings: OptimizerSettings): number[] {
  const params = createParamStore(new Map([['p', array([2], [1, -2])]]))
  const optimizer = createOptimizer(settings, params, ['p'])
  for (const values of GRADIENTS) {
    const grad = tensor(values)
    optimizer.update(new Map([['p', grad]]))
    grad.dispose()
  }
  const end = [...(params.tensors.get('p')?.dataSync() ?? [])]
  optimizer.dispose()
  params.dispose()
  return end
}

describe('three steps from (1, -2) at rate 0.1 and decay 0.01, as torch takes them', () => {
  const options = { lr: 0.1, weight_decay: 0.01 }
  test.each<[string, OptimizerSettings, number[]]>([
    ['SGD with momentum', { name: 'SGD', options: { ...options, momentum: 0.75 } }, [0.904472, -2.273254]],
    ['Adam', { name: 'Adam', options }, [0.823085, -2.249014]],
    ['AMSGrad', { name: 'Adam', options: { ...options, amsgrad: true } }, [0.823085, -2.248996]],
    ['AdamW', { name: 'AdamW', options }, [0.824738, -2.245436]],
  ])('%s', (_, settings, expected) => {
    follow(settings).forEach((value, i) => expect(value).toBeCloseTo(expected[i] as number, 5))
  })
})

const two = () =>
  createParamStore(
    new Map([
      ['core.w', array([1], [1])],
      ['readout.w', array([1], [1])],
    ]),
  )
const value = (store: ReturnType<typeof two>, name: string): number =>
  store.tensors.get(name)?.dataSync()[0] as number
const NAMES = ['core.w', 'readout.w']
const grads = (...names: string[]) => new Map(names.map((name) => [name, tensor([1])]))

describe('a parameter without a gradient in a step', () => {
  const decaying = { name: 'SGD', options: { lr: 0.1, weight_decay: 0.5, momentum: 0.5 } } as const

  test('keeps decaying and moving once it had one, as published', () => {
    const store = two()
    const optimizer = createOptimizer({ ...decaying, missingGradients: 'zero' }, store, NAMES)
    optimizer.update(grads('core.w', 'readout.w'))
    optimizer.update(grads('core.w'))
    // v1 = 1 + 0.5, p1 = 0.85; v2 = 0.75 + 0.425, p2 = 0.7325
    expect(value(store, 'readout.w')).toBeCloseTo(0.7325, 6)
  })

  test('is left alone before its first gradient', () => {
    const store = two()
    const optimizer = createOptimizer({ ...decaying, missingGradients: 'zero' }, store, NAMES)
    optimizer.update(grads('core.w'))
    expect(value(store, 'readout.w')).toBe(1)
  })

  test('is skipped when asked to', () => {
    const store = two()
    const optimizer = createOptimizer({ ...decaying, missingGradients: 'skip' }, store, NAMES)
    optimizer.update(grads('core.w', 'readout.w'))
    const before = value(store, 'readout.w')
    optimizer.update(grads('core.w'))
    expect(value(store, 'readout.w')).toBe(before)
  })
})

describe('parameter groups', () => {
  const settings: OptimizerSettings = {
    name: 'SGD',
    options: { lr: 0.1 },
    groups: { readout: { params: [], lr: 0.01 }, w: { lr: 0.5 } },
  }

  test('take the first part of the name that matches, with the default group first', () => {
    const store = two()
    const optimizer = createOptimizer(settings, store, NAMES)
    expect(optimizer.rates).toEqual([0.1, 0.01, 0.5])
    optimizer.update(grads('core.w', 'readout.w'))
    expect([value(store, 'core.w'), value(store, 'readout.w')]).toEqual([0.5, Math.fround(0.99)])
  })

  test('leave learned loss weights in the default group', () => {
    const store = createParamStore(new Map([['log_w.v1', array([1], [0])]]))
    const optimizer = createOptimizer(settings, store, ['log_w.v1'])
    optimizer.update(grads('log_w.v1'))
    expect(store.tensors.get('log_w.v1')?.dataSync()[0]).toBeCloseTo(-0.1, 6)
  })

  test('follow the rates of the step, not the configured ones', () => {
    const store = two()
    createOptimizer(settings, store, NAMES).update(grads('core.w', 'readout.w'), [0, 1, 0])
    expect([value(store, 'core.w'), value(store, 'readout.w')]).toEqual([1, 0])
  })

  test('refuse an option that no optimizer has', () => {
    const wrong: OptimizerSettings = { name: 'Adam', options: { weight_decai: 0.1 } }
    expect(() => createOptimizer(wrong, two(), NAMES)).toThrow('Did you mean "weight_decay"?')
  })
})

test('a saved optimizer goes on exactly where it was', async () => {
  const settings: OptimizerSettings = { name: 'Adam', options: { lr: 0.1, amsgrad: true, weight_decay: 0.1 } }
  const store = two()
  const optimizer = createOptimizer(settings, store, NAMES)
  optimizer.update(grads('core.w'))
  const other = createParamStore(await store.read())
  const resumed = createOptimizer(settings, other, NAMES)
  const saved = await optimizer.save()
  resumed.load({ arrays: saved.arrays, counters: JSON.parse(JSON.stringify(saved.counters)) })
  for (const o of [optimizer, resumed]) o.update(grads('core.w', 'readout.w'))
  expect(await other.read()).toEqual(await store.read())
})

test('steps leave no tensors behind', async () => {
  const store = two()
  const optimizer = createOptimizer({ name: 'AdamW', options: { amsgrad: true } }, store, NAMES)
  const grad = tensor([1])
  await expectNoLeak(() => optimizer.update(new Map([['core.w', grad]])))
  grad.dispose()
})
