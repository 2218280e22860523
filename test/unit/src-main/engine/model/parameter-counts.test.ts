import { expect, test } from 'vitest'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import { countParameters } from '../../../../../src-main/engine/model/index.ts'
import { configuredModel as model, images } from '../../../../support/configured-model.ts'

const classified = (size: number, classes: number): ModelShapes => ({
  inputs: { img_classification: images(size) },
  sessions: [],
  classes,
})

test('the shared network of the paper has 46,033,245 parameters in 78 tensors', () => {
  const { specs, layers } = model(
    'mtl_builder',
    {},
    {
      inputs: { img_classification: images(64), v1: images(64, 1) },
      sessions: [
        { area: 'v1', key: 's1', units: 10 },
        { area: 'v1', key: 's2', units: 7 },
      ],
      classes: 200,
    },
  )
  expect(countParameters(specs)).toEqual({ values: 46_033_245, tensors: 78 })
  expect(layers.reduce((sum, row) => sum + row.parameters, 0)).toBe(46_033_245)
})

test.each([
  ['vgg11', 'dense', 64, 200, 35_213_896],
  ['vgg11_bn', 'dense', 64, 200, 35_219_400],
  ['vgg13', 'conv', 64, 200, 29_106_952],
  ['vgg13_bn', 'dense', 64, 200, 35_404_296],
  ['vgg16', 'dense', 64, 200, 40_708_104],
  ['vgg16_bn', 'conv', 64, 200, 34_425_096],
  ['vgg19', 'conv', 64, 200, 39_726_344],
  ['vgg19_bn', 'dense', 64, 200, 46_028_808],
  ['vgg19_bn', 'dense', 224, 1000, 143_678_248],
])(
  '%s with %s readout for %i px and %i classes has %i parameters',
  (type, readout_type, size, classes, count) => {
    const { specs } = model('classification_cnn_builder', { type, readout_type }, classified(size, classes))
    expect(countParameters(specs).values).toBe(count)
  },
)

test('average pooling decides the input of the dense readout', () => {
  const { specs } = model('classification_cnn_builder', { avg_pool: true }, classified(64, 200))
  expect(specs.find((s) => s.name === 'classifier.fc6.weight')?.shape).toEqual([25_088, 4096])
})

test('the width factor scales channels and a head without hidden units is one linear layer', () => {
  const { specs } = model(
    'classification_cnn_builder',
    { width: 0.25, readout_hidden: 0 },
    classified(64, 10),
  )
  expect(specs[0]?.shape).toEqual([3, 3, 3, 16])
  expect(specs.filter((s) => s.block === 'readout').map((s) => s.shape)).toEqual([[512, 10], [10]])
})

test('V1 behind layer 17 of vgg19_bn sees 24 pixels on a 16 x 16 map', () => {
  const shapes: ModelShapes = {
    inputs: { v1: images(64, 1) },
    sessions: [{ area: 'v1', key: 's', units: 458 }],
    classes: null,
  }
  const { specs, layers } = model('mtl_builder', { classification: false }, shapes)
  expect(countParameters(specs).values).toBe(676_146)
  const last = layers.findLast((row) => row.block === 'v1_block')
  expect(last).toMatchObject({ outputShape: [16, 16, 256], receptiveField: 24 })
})

test('a frozen shared block keeps its parameters in the count', () => {
  const shapes: ModelShapes = {
    inputs: { v1: images(64, 1) },
    sessions: [{ area: 'v1', key: 's', units: 1 }],
    classes: null,
  }
  const { specs } = model('mtl_builder', { classification: false, v1_fine_tune: false }, shapes)
  const frozen = specs.filter((s) => s.frozen && s.kind === 'parameter')
  expect(countParameters(frozen).values).toBe(556_608)
})
