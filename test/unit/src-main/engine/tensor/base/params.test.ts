import { memory, scalar, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  adamNumbers,
  applyAdam,
  applyMomentum,
  createParamStore,
  nativeHandleCount,
} from '../../../../../../src-main/engine/tensor/index.ts'
import { testedBackends, useBackend } from '../../../../../support/backend.ts'
import { array, relativeError } from '../../../../../support/tensors.ts'

/** Adam as the PyTorch documentation states it, in float64. */
function adam64(steps: number, grad: (t: number) => number, amsgrad: boolean): number {
  let [p, m, v, vMax] = [1, 0, 0, 0]
  for (let t = 1; t <= steps; t++) {
    const g = grad(t)
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    vMax = Math.max(v, vMax)
    const second = (amsgrad ? vMax : v) / (1 - 0.999 ** t)
    p -= ((0.01 / (1 - 0.9 ** t)) * m) / (Math.sqrt(second) + 1e-3)
  }
  return p
}

describe.each(await testedBackends())('a parameter store on %s', (backend) => {
  beforeAll(() => useBackend(backend).then(() => undefined))

  it('returns what was loaded and assigned, and frees everything', async () => {
    const before = { tensors: memory().numTensors, handles: nativeHandleCount() }
    const store = createParamStore(
      new Map([
        ['a', array([2, 2], [1, 2, 3, 4])],
        ['b', array([], [7])],
      ]),
    )
    const value = tensor([5, 6, 7, 8], [2, 2])
    tidy(() => store.assign('a', value))
    value.dispose()
    const read = await store.read()
    expect([...(read.get('a')?.data ?? [])]).toEqual([5, 6, 7, 8])
    expect(read.get('b')).toEqual(array([], [7]))
    store.dispose()
    expect({ tensors: memory().numTensors, handles: nativeHandleCount() }).toEqual(before)
  })

  it('refuses a value of another shape by name', () => {
    const store = createParamStore(new Map([['conv.weight', array([2], [1, 2])]]))
    const value = tensor([1, 2, 3])
    expect(() => store.assign('conv.weight', value)).toThrow('conv.weight is float32 [2], got float32 [3]')
    value.dispose()
    store.dispose()
  })

  it.each([false, true])('applies Adam like PyTorch (amsgrad %s)', async (amsgrad) => {
    const params = createParamStore(new Map([['p', array([1], [1])]]))
    const state = createParamStore(new Map(['m', 'v', 'vMax'].map((n) => [n, array([1], [0])])))
    const gradAt = (t: number): number => Math.sin(3 * t) * 0.01
    for (let step = 1; step <= 20; step++) {
      const grad = tensor([gradAt(step)])
      const update = { name: 'p', m: 'm', v: 'v', grad, ...(amsgrad ? { vMax: 'vMax' } : {}) }
      const settings = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-3, step }
      const numbers = adamNumbers(settings).map((n) => scalar(n))
      applyAdam(params, state, update, settings, numbers)
      for (const one of [grad, ...numbers]) one.dispose()
    }
    const p = params.tensors.get('p')
    expect(p && relativeError(p, [adam64(20, gradAt, amsgrad)])).toBeLessThan(1e-6)
    params.dispose()
    state.dispose()
  })

  it.each([
    [false, 1 - 0.1 * 1 - 0.1 * (0.9 + 2)],
    [true, 1 - 0.1 * (1 + 0.9) - 0.1 * (2 + 0.9 * 2.9)],
  ])('applies momentum (nesterov %s)', (nesterov, expected) => {
    const params = createParamStore(new Map([['p', array([1], [1])]]))
    const state = createParamStore(new Map([['u', array([1], [0])]]))
    for (const g of [1, 2]) {
      const [grad, rate] = [tensor([g]), scalar(0.1)]
      const settings = { momentum: 0.9, nesterov }
      applyMomentum(params, state, { name: 'p', velocity: 'u', grad }, settings, rate)
      grad.dispose()
      rate.dispose()
    }
    const p = params.tensors.get('p')
    expect(p && relativeError(p, [expected])).toBeLessThan(1e-6)
    params.dispose()
    state.dispose()
  })
})
