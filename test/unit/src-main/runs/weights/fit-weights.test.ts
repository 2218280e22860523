import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { initialValues, toPublished } from '../../../../../src-main/engine/model/index.ts'
import { createParamStore } from '../../../../../src-main/engine/tensor/index.ts'
import type { Model, NamedArray, NamedArrays, Route } from '../../../../../src-main/engine/types.ts'
import { EVALUATION } from '../../../../../src-main/engine/eval/network.ts'
import { readSafetensors, writeSafetensors } from '../../../../../src-main/io/formats/tensors/safetensors.ts'
import { readWeightsFor, writeExchangeFile } from '../../../../../src-main/runs/weights/exchange-file.ts'
import { differencesOf, fitWeights } from '../../../../../src-main/runs/weights/fit-weights.ts'
import { prefixSwap, sharedPrefix } from '../../../../../src-main/runs/weights/name-prefix.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../support/backend.ts'
import { configuredModel, images } from '../../../../support/configured-model.ts'
import { differing, smallModel } from '../../../../support/small-training.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'
import { normals } from '../../../../support/tensors.ts'

const folder = temporaryFolder()
const model = smallModel()
const weights = initialValues(model.specs, createRng(4))

const renamed = (arrays: NamedArrays, rename: (name: string) => string): NamedArrays =>
  new Map([...arrays].map(([name, array]) => [rename(name), array]))

describe('the prefix that names share', () => {
  it('is the longest dotted one of at least 98 % of them', () => {
    expect(sharedPrefix(['a.b.x', 'a.b.y.z', 'a.b.y.w'])).toBe('a.b.')
    const names = Array.from({ length: 49 }, (_, i) => `net.layer${i}.weight`)
    expect(sharedPrefix([...names, 'other.weight'])).toBe('net.')
    expect(sharedPrefix([...names.slice(0, 40), 'other.weight'])).toBe('')
    expect(sharedPrefix([])).toBe('')
  })

  it('is exchanged where file and model differ', () => {
    expect(prefixSwap(['net.a.w', 'net.b.w'], ['core.a.w', 'core.b.w'])).toEqual({
      from: 'net.',
      to: 'core.',
    })
    expect(prefixSwap(['a.w', 'b.w'], ['a.w', 'b.w'])).toBeNull()
  })
})

describe('weights of a file', () => {
  it('are taken under our names, unchanged', () => {
    const fitted = fitWeights(model.specs, weights)
    expect(fitted.names).toBe('own')
    expect(differencesOf(fitted)).toEqual([])
    expect(differing(fitted.arrays, weights)).toEqual([])
  })

  it.each([
    ['published names', (name: string) => name],
    ['a wrapper of one name', (name: string) => `module.${name}`],
    ['a wrapper nobody knows', (name: string) => `student.net.${name}`],
  ])('are taken under %s, bit for bit', (_title, rename) => {
    const fitted = fitWeights(model.specs, renamed(toPublished(model.specs, weights), rename))
    expect(fitted.names).toBe('published')
    expect(differencesOf(fitted)).toEqual([])
    expect(differing(fitted.arrays, weights)).toEqual([])
  })

  it('are taken under our names behind a wrapper', () => {
    const fitted = fitWeights(
      model.specs,
      renamed(weights, (name) => `best.${name}`),
    )
    expect([fitted.names, fitted.prefix]).toEqual(['own', { from: 'best.', to: '' }])
    expect(differing(fitted.arrays, weights)).toEqual([])
  })

  it('are reported one by one: loaded, missing, unused, of another shape', () => {
    const [first = '', second = ''] = model.specs.map((s) => s.name)
    const changed = new Map<string, NamedArray>(weights)
    changed.delete(first)
    changed.set('more', { shape: [1], dtype: 'float32', data: Float32Array.of(1) })
    changed.set(second, { shape: [2, 3], dtype: 'float32', data: new Float32Array(6) })
    const { report } = fitWeights(model.specs, changed)
    expect(report.missing).toEqual([first])
    expect(report.unused).toEqual(['more'])
    expect(report.mismatched).toMatchObject([{ name: second, found: [2, 3] }])
    expect(report.loaded.length).toBe(model.specs.length - 2)
  })

  it('of another network fill the layers that both have', () => {
    const shapes = { inputs: { img_classification: images(32) }, sessions: [], classes: 10 }
    const classifier = configuredModel(
      'classification_cnn_builder',
      { type: 'vgg11_bn', width: 0.125, readout_hidden: 0 },
      shapes,
    )
    const own = {
      vgg_type: 'vgg11_bn',
      width: 0.125,
      readout_hidden: 0,
      v1_model_layer: 7,
      v4_model_layer: -1,
    }
    const shared = configuredModel('mtl_builder', own, {
      ...shapes,
      inputs: { ...shapes.inputs, v1: images(32) },
      sessions: [{ area: 'v1', key: 's', units: 2 }],
    })
    const start = initialValues(classifier.specs, createRng(2))
    const { report } = fitWeights(shared.specs, start)
    expect(report.missing.every((name) => name.startsWith('v1_readout'))).toBe(true)
    expect(report.loaded.length).toBeGreaterThan(40)
  })
})

describe('an exchange file', () => {
  beforeAll(() => useBackend())

  it('gives equal weights and outputs back, under names that PyTorch takes', async () => {
    const path = join(folder, 'model.safetensors')
    await writeExchangeFile(path, model.specs, weights, { fn: 'mtl_builder' })
    const { arrays, metadata } = readSafetensors(path)
    expect(metadata).toEqual({ format: 'pt', config: '{"fn":"mtl_builder"}' })
    const parameters = model.specs.map((s) => s.torch.name)
    const counters = parameters
      .filter((n) => n.endsWith('running_var'))
      .map((n) => n.replace('running_var', 'num_batches_tracked'))
    expect([...arrays.keys()].sort()).toEqual([...parameters, ...counters].sort())
    const back = readWeightsFor(model.specs, path, true)
    expect(differing(back.arrays, weights)).toEqual([])
    expect(answers(model, back.arrays)).toEqual(answers(model, weights))
  })

  it('is refused in full when strict, and taken in part otherwise', async () => {
    const path = join(folder, 'part.safetensors')
    const [first = ''] = weights.keys()
    await writeSafetensors(path, new Map([...weights].filter(([name]) => name !== first)))
    expect(() => readWeightsFor(model.specs, path, true)).toThrow(
      new RegExp(`1 differences.*missing: ${first}`),
    )
    expect(readWeightsFor(model.specs, path, false).report.missing).toEqual([first])
  })

  it('is refused when nothing of it fits', async () => {
    const path = join(folder, 'other.safetensors')
    await writeSafetensors(
      path,
      new Map([['x', { shape: [1], dtype: 'float32' as const, data: Float32Array.of(1) }]]),
    )
    expect(() => readWeightsFor(model.specs, path, false)).toThrow(/none of the 1 tensors/)
  })
})

function answers(of: Model, arrays: NamedArrays): readonly number[][] {
  const store = createParamStore(arrays)
  const inputs = normals([3, 8, 8, 1], 6) as Parameters<Model['apply']>[1]
  const routes: readonly Route[] = [{ task: 'img_classification' }, { task: 'v1', session: 'a' }]
  const out = routes.map((route) => [...of.apply(store.tensors, inputs, route, EVALUATION).output.dataSync()])
  store.dispose()
  return out
}
