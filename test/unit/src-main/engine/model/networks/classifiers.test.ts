import type { Scalar, Tensor4D } from '@tensorflow/tfjs-core'
import { dispose, mul, sum } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PlainConfig } from '../../../../../../src-shared/schema/component.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import type { ModelShapes, Shape3 } from '../../../../../../src-main/engine/model/index.ts'
import {
  countParameters,
  fromPublished,
  initialValues,
  toPublished,
} from '../../../../../../src-main/engine/model/index.ts'
import { createParamStore, valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { configuredModel, images } from '../../../../../support/configured-model.ts'
import { expectNoLeak, normals } from '../../../../../support/tensors.ts'

beforeAll(() => useBackend())

const shapes = (input: Shape3, classes = 10): ModelShapes => ({
  inputs: { img_classification: input },
  sessions: [],
  classes,
})
const size = (fn: string, config: PlainConfig, input: Shape3, classes = 10): number =>
  countParameters(configuredModel(fn, config, shapes(input, classes)).specs).values

test.each([
  ['18', 11_173_962],
  ['26', 11_660_362],
  ['34', 21_282_122],
  ['38', 17_590_602],
  ['50', 23_520_842],
  ['101', 42_512_970],
  ['152', 58_156_618],
])('ResNet-%s for 32 px and 10 classes has %i parameters', (type, count) => {
  expect(size('resnet_builder', { type }, images(32))).toBe(count)
})

test.each([
  ['18', 11_689_512],
  ['50', 25_557_032],
])('ResNet-%s with the large stem and 1000 classes has %i parameters', (type, count) => {
  const stem = {
    conv_stem_kernel_size: 7,
    conv_stem_padding: 3,
    conv_stem_stride: 2,
    max_pool_after_stem: true,
    adaptive_pooling: true,
  }
  expect(size('resnet_builder', { type, ...stem }, images(224), 1000)).toBe(count)
})

test('LeNet-5 has 60,074 and LeNet-300-100 266,610 parameters', () => {
  expect(size('lenet_builder', {}, images(28, 1))).toBe(60_074)
  expect(size('lenet_builder', { type: 'lenet300-100' }, images(28, 1))).toBe(266_610)
})

test('the last layer of the perceptron has no bias', () => {
  expect(size('mlp_builder', { layers: 1, size: 7 }, images(3, 1), 2)).toBe(9 * 7 + 7 + 7 * 2)
})

test('images that leave more than one cell are refused with the way out', () => {
  expect(() => size('resnet_builder', { type: '18' }, images(64))).toThrow('Switch adaptive_pooling on')
})

test('blocks that start as the identity have a last norm of zero', () => {
  const { specs } = configuredModel(
    'resnet_builder',
    { type: '18', advanced_init: true, zero_init_residual: true },
    shapes(images(32)),
  )
  const start = (name: string) => specs.find((s) => s.name === name)?.init
  expect(start('layer1.0.bn2.weight')).toEqual({ kind: 'constant', value: 0 })
  expect(start('layer1.0.bn1.weight')).toEqual({ kind: 'constant', value: 1 })
})

const VARIANTS: readonly (readonly [string, PlainConfig, Shape3])[] = [
  ['resnet_builder', { type: '18', width: 0.0625 }, images(32)],
  [
    'resnet_builder',
    { type: '26', width: 0.0625, max_pool_after_stem: true, adaptive_pooling: true, core_stride: 2 },
    images(32, 1),
  ],
  ['lenet_builder', { dropout: 0.2 }, images(14, 1)],
  ['lenet_builder', { core: 'lc' }, images(14, 1)],
  ['lenet_builder', { core: 'fc' }, images(14, 1)],
  ['lenet_builder', { type: 'lenet300-100' }, images(6)],
  ['mlp_builder', { layers: 2, size: 5, activation: 'sin', dropout: 0.5 }, images(4, 1)],
]

describe.each(VARIANTS)('%s %j', (fn, config, input) => {
  const model = configuredModel(fn, config, shapes(input, 3))

  test('gives every trained tensor a gradient and leaves none behind', async () => {
    const store = createParamStore(initialValues(model.specs, createRng(1)))
    const x = normals([2, input.height, input.width, input.channels], 2) as Tensor4D
    const trained = model.specs.filter((s) => s.kind === 'parameter').map((s) => s.name)
    const context = { training: true, rng: createRng(3), frozenNorms: new Set<string>() }
    await expectNoLeak(() => {
      const { value, grads } = valueAndGrads(
        (p): Scalar => {
          const { output } = model.apply(p, x, { task: 'img_classification' }, context)
          expect(output.shape).toEqual([2, 3])
          return sum(mul(output, output))
        },
        store.tensors,
        trained,
      )
      expect(trained.filter((name) => !grads.has(name))).toEqual([])
      dispose([value, ...grads.values()])
    })
    store.dispose()
    x.dispose()
  })

  test('goes out to published names and back bit for bit', () => {
    const values = initialValues(model.specs, createRng(1))
    expect(fromPublished(model.specs, toPublished(model.specs, values)).arrays).toEqual(values)
  })
})
