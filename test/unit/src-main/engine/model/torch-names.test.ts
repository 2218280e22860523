import { expect, test } from 'vitest'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import type { NamedArray } from '../../../../../src-main/engine/types.ts'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import {
  fromPublished,
  fromRun,
  initialValues,
  toPublished,
} from '../../../../../src-main/engine/model/index.ts'
import { fromTorch, toTorch } from '../../../../../src-main/engine/model/torch-layout.ts'
import { configuredModel, images } from '../../../../support/configured-model.ts'

const SHAPES: ModelShapes = {
  inputs: { img_classification: images(64), v1: images(64, 1) },
  sessions: [{ area: 'v1', key: 'a', units: 3 }],
  classes: 4,
}
const SMALL = { width: 0.0625, readout_hidden: 6 }
const shared = configuredModel(
  'mtl_builder',
  {
    ...SMALL,
    vgg_type: 'vgg11_bn',
    v1_model_layer: 11,
    add_dropout: { shared_block: 0.1, unshared_block: 0.1 },
  },
  SHAPES,
)
const classifier = configuredModel('classification_cnn_builder', { ...SMALL, type: 'vgg11_bn' }, SHAPES)

test('published names carry the indices that dropout shifts', () => {
  const names = new Map(shared.specs.map((s) => [s.name, s.torch.name]))
  expect(names.get('mtl_vgg_core.v1_block.conv2_1.weight')).toBe('mtl_vgg_core.v1_block.5.weight')
  expect(names.get('mtl_vgg_core.unshared_block.bn4_1.running_var')).toBe(
    'mtl_vgg_core.unshared_block.6.running_var',
  )
})

test('export and import give back the same bits', () => {
  const ours = initialValues(shared.specs, createRng(3))
  const published = toPublished(shared.specs, ours)
  expect(published.get('v1_readout.a.features')?.shape).toEqual([1, 16, 1, 3])
  const { arrays, report } = fromPublished(shared.specs, published)
  expect(arrays).toEqual(ours)
  expect([report.missing, report.unused, report.mismatched]).toEqual([[], [], []])
})

test('prefixes of wrappers are dropped', () => {
  const ours = initialValues(shared.specs, createRng(3))
  const wrapped = new Map([...toPublished(shared.specs, ours)].map(([n, a]) => [`module._model.${n}`, a]))
  expect(fromPublished(shared.specs, wrapped).arrays).toEqual(ours)
})

test('each tensor that does not fit is reported', () => {
  const published = new Map(toPublished(shared.specs, initialValues(shared.specs, createRng(3))))
  published.delete('v1_readout.a.mu')
  published.set('extra.weight', { shape: [1], dtype: 'float32', data: new Float32Array(1) })
  published.set('v1_readout.a.bias', { shape: [9], dtype: 'float32', data: new Float32Array(9) })
  const { report } = fromPublished(shared.specs, published)
  expect(report.missing).toEqual(['v1_readout.a.mu'])
  expect(report.unused).toEqual(['extra.weight'])
  expect(report.mismatched).toEqual([{ name: 'v1_readout.a.bias', expected: [3], found: [9] }])
})

test('torchvision names fill the blocks of the shared network', () => {
  const ours = initialValues(classifier.specs, createRng(4))
  const { arrays, report } = fromPublished(shared.specs, toPublished(classifier.specs, ours))
  for (const [name, array] of arrays) {
    const source = name
      .replace(/mtl_vgg_core\.\w+_block/, 'features')
      .replace('classification_readout', 'classifier')
    expect(array).toEqual(ours.get(source))
  }
  expect(report.missing).toEqual(['mu', 'sigma', 'features', 'bias'].map((p) => `v1_readout.a.${p}`))
})

test('weights of a classifier run start the shared network by layer', () => {
  const ours = initialValues(classifier.specs, createRng(4))
  const { arrays, report } = fromRun(shared.specs, ours)
  expect(arrays.get('mtl_vgg_core.unshared_block.conv4_1.weight')).toEqual(
    ours.get('features.conv4_1.weight'),
  )
  expect(report.unused).toEqual([])
})

test('a dense layer behind a map reorders its inputs from channels first to channels last', () => {
  const spec = classifier.specs.find((s) => s.name === 'classifier.fc6.weight')
  if (spec === undefined) throw new Error('no fc6')
  const small = {
    ...spec,
    shape: [12, 1],
    torch: { name: '', layout: { kind: 'flatten-dense', channels: 3, height: 2, width: 2 } as const },
  }
  const published = Float32Array.from({ length: 12 }, (_, i) => i) // c * 4 + h * 2 + w
  const ours = fromTorch(small, published)
  expect([...ours]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
  expect([...toTorch(small, ours)]).toEqual([...published])
})

test('a missing value is an error, not a gap in the file', () => {
  const none: ReadonlyMap<string, NamedArray> = new Map()
  expect(() => toPublished(shared.specs, none)).toThrow('no values for tensor')
})
