import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { mul, sub, sum } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromPublished, initialValues, toPublished } from '../../../../../../src-main/engine/model/index.ts'
import type { ModelShapes } from '../../../../../../src-main/engine/model/index.ts'
import { createParamStore, valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, NamedArrays } from '../../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { configuredModel, images } from '../../../../../support/configured-model.ts'
import { normals } from '../../../../../support/tensors.ts'

beforeAll(() => useBackend())

const shapes = (unitsOfB: number): ModelShapes => ({
  inputs: { v4: images(12, 1) },
  sessions: [
    { area: 'v4', key: 'a', units: 3, meanResponse: [1, 2, 3] },
    { area: 'v4', key: 'b', units: unitsOfB, meanResponse: [2, 2, 2] },
  ],
  classes: null,
})
const CONFIG = {
  stacked: { hidden_channels: 4, input_kern: 3, hidden_kern: 3, layers: 1 },
  clone_readout: true,
  gamma_readout: 0.5,
  rate: { output: 'identity' },
}
const build = (more: object = {}, unitsOfB = 3): Model =>
  configuredModel('composed_neural_model', { ...CONFIG, ...more }, shapes(unitsOfB))
const CONTEXT: ForwardContext = { training: false, rng: createRng(2), frozenNorms: new Set() }
const inA = { task: 'v4', session: 'a' } as const
const inB = { task: 'v4', session: 'b' } as const

describe('a cloned readout', () => {
  it('is the first one times a gain plus an offset of each unit', () => {
    const model = build()
    expect(
      model.specs.filter((s) => s.name.startsWith('readout.b')).map((s) => [s.name, ...s.shape]),
    ).toEqual([
      ['readout.b.alpha', 3],
      ['readout.b.beta', 3],
    ])
    const values = new Map(initialValues(model.specs, createRng(1)))
    const set = (name: string, data: Float32Array): NamedArrays =>
      values.set(name, { shape: [3], dtype: 'float32', data })
    const x = normals([2, 12, 12, 1], 3) as Tensor4D
    const answers = (): Float32Array[] => {
      const store = createParamStore(values)
      const out = [inA, inB].map(
        (route) => model.apply(store.tensors, x, route, CONTEXT).output.dataSync() as Float32Array,
      )
      store.dispose()
      return out
    }
    const [first, second] = answers()
    expect(second).toEqual(first) // starts as a copy
    set('readout.b.alpha', Float32Array.of(2, 1, -1))
    set('readout.b.beta', Float32Array.of(0, 0.5, 1))
    const [same, changed] = answers()
    expect(same).toEqual(first)
    changed?.forEach((v, i) =>
      expect(v).toBeCloseTo((first?.[i] ?? NaN) * [2, 1, -1][i % 3]! + [0, 0.5, 1][i % 3]!, 5),
    )
  })

  it('passes gradients to its own numbers and to the tensors of the first', () => {
    const model = build({ shifter: 'none', encoder: 'gaussian', rate: undefined })
    expect(model.specs.find((s) => s.name === 'readout.b.alpha')?.shape).toEqual([6]) // mean and variance of each unit
    const store = createParamStore(initialValues(model.specs, createRng(1)))
    const x = normals([2, 12, 12, 1], 3) as Tensor4D
    const names = model.specs.filter((s) => s.kind === 'parameter').map((s) => s.name)
    const training = { ...CONTEXT, training: true }
    const { grads } = valueAndGrads(
      (p: ReadonlyMap<string, Tensor>) => {
        const { output } = model.apply(p, x, inB, training)
        return sum(mul(sub(output, 1), sub(output, 1)))
      },
      store.tensors,
      names,
    )
    const idle = names.filter((name) => !grads.has(name))
    expect(idle).toEqual([])
    for (const name of ['readout.b.alpha', 'readout.b.beta', 'readout.a.features'])
      expect(
        grads
          .get(name)
          ?.dataSync()
          .some((v) => v !== 0),
        name,
      ).toBe(true)
    expect(model.penalty(store.tensors, inB).dataSync()).toEqual(model.penalty(store.tensors, inA).dataSync())
    store.dispose()
  })

  it('is exported under the published names of both', () => {
    const model = build()
    const values = initialValues(model.specs, createRng(1))
    const published = toPublished(model.specs, values)
    expect([...published.keys()]).toEqual(
      expect.arrayContaining(['readout.b.alpha', 'readout.a._mu', 'readout.b._source._mu']),
    )
    expect(fromPublished(model.specs, published).arrays).toEqual(values)
  })

  it('is refused for sessions of different units', () => {
    expect(() => build({}, 2)).toThrow(/readout.b has 2 units and readout.a, which it would copy, 3/)
  })
})
