import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, dispose, engine, mul, sum } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import {
  countParameters,
  fromPublished,
  initialValues,
  toPublished,
} from '../../../../../src-main/engine/model/index.ts'
import { createParamStore, valueAndGrads } from '../../../../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, Route } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import { configuredModel, images } from '../../../../support/configured-model.ts'
import { expectNoLeak, normals } from '../../../../support/tensors.ts'

beforeAll(() => useBackend())

const shapes = (size: number, channels = 1, units = 3): ModelShapes => ({
  inputs: { v1: images(size, channels) },
  sessions: [
    {
      area: 'v1',
      key: 'a',
      units,
      meanResponse: Float32Array.from({ length: units }, () => 0.5),
      sourceGrid: { values: Float32Array.from({ length: 2 * units }, (_, i) => i * i), dimensions: 2 },
      matchIds: Int32Array.from({ length: units }, (_, i) => 7 - i),
    },
    { area: 'v1', key: 'b', units: 2, sourceGrid: { values: [0, 1, 2, 3], dimensions: 2 }, matchIds: [7, 6] },
  ],
  classes: null,
})
const coreSize = (model: Model): number =>
  countParameters(model.specs.filter((s) => s.block === 'core')).values
const mapOf = (model: Model): readonly number[] | undefined =>
  model.layers.findLast((r) => r.block === 'core')?.outputShape

describe('sizes of the published models', () => {
  test.each([
    [1, 28_228],
    [3, 65_092],
  ])('the paper’s single-task core with %i channels has %i parameters', (channels, count) => {
    expect(coreSize(configuredModel('neural_cnn_builder', {}, shapes(64, channels)))).toBe(count)
  })

  test('its even kernel leaves 41 x 41 of 64 and 70 x 70 of 93 pixels, and a unit costs 99 parameters', () => {
    const model = configuredModel('neural_cnn_builder', {}, shapes(64))
    expect(mapOf(model)).toEqual([41, 41, 32])
    expect(mapOf(configuredModel('neural_cnn_builder', {}, shapes(93)))).toEqual([70, 70, 32])
    const readout = model.specs.filter((s) => s.name.startsWith('readout.a'))
    expect(countParameters(readout).values).toBe(3 * 99)
  })

  test('nnvision’s defaults have 24,129 parameters and stack three layers to 96 channels', () => {
    const model = configuredModel('se_core_gauss_readout', {}, shapes(64))
    expect(coreSize(model)).toBe(24_129)
    expect(model.specs.find((s) => s.name === 'readout.a.features')?.shape).toEqual([96, 3])
    expect(mapOf(model)).toEqual([52, 52, 32])
  })

  test('a padded even kernel adds a pixel', () => {
    const model = configuredModel('neural_cnn_builder', { pad_input: true }, shapes(64))
    expect(mapOf(model)).toEqual([65, 65, 32])
  })

  test('the VGG core keeps eleven modules of vgg16 frozen behind a trained norm', () => {
    const model = configuredModel('vgg_core_gauss_readout', {}, shapes(64))
    expect(mapOf(model)).toEqual([16, 16, 256])
    const trained = model.specs.filter((s) => s.block === 'core' && s.kind === 'parameter' && !s.frozen)
    expect(trained.map((s) => s.torch.name)).toEqual([
      'core.features.OutBatchNorm.weight',
      'core.features.OutBatchNorm.bias',
    ])
  })
})

const SMALL_SE = { hidden_channels: 4, input_kern: 5, layers: 2, se_reduction: 2 }
const PREDICTOR = { grid_mean_predictor: { hidden_layers: 1, hidden_features: 3, final_tanh: true } }
const VARIANTS: readonly (readonly [string, PlainConfig])[] = [
  ['neural_cnn_builder', { ...SMALL_SE, hidden_kern: 3, layers: 3 }],
  ['neural_cnn_builder', { ...SMALL_SE, readout_type: 'gauss', hidden_kern: 3 }],
  ['se_core_gauss_readout', { ...SMALL_SE, skip: 2, layers: 3, pad_input: true }],
  ['se_core_point_readout', { ...SMALL_SE, pool_steps: 1 }],
  ['se_core_full_gauss_readout', SMALL_SE],
  ['se_core_full_gauss_readout', { ...SMALL_SE, gauss_type: 'isotropic', ...PREDICTOR }],
  [
    'se_core_full_gauss_readout',
    { ...SMALL_SE, gauss_type: 'uncorrelated', share_features: true, share_grid: true },
  ],
  ['se_core_spatialXfeature_readout', SMALL_SE],
  [
    'stacked2d_core_gaussian_readout',
    { hidden_channels: [4, 6], input_kern: 5, layers: 2, gamma_hidden: 0.1, stack: -1 },
  ],
  [
    'stacked2d_core_gaussian_readout',
    { hidden_channels: 4, input_kern: 5, layers: 2, attention_conv: true, pad_input: true },
  ],
  [
    'stacked2d_core_gaussian_readout',
    {
      hidden_channels: 4,
      input_kern: 5,
      layers: 2,
      batch_norm_scale: false,
      hidden_conv_bias: true,
      input_stride: 2,
      stack: [1],
    },
  ],
  ['vgg_core_full_gauss_readout', { vgg_type: 'vgg11_bn', model_layer: 3, fine_tune: true }],
]
const ROUTES: readonly Route[] = ['a', 'b'].map((session) => ({ task: 'v1', session }))
const context = (training: boolean): ForwardContext => ({
  training,
  rng: createRng(2),
  frozenNorms: new Set(),
})

describe.each(VARIANTS)('%s %j', (fn, config) => {
  const model = configuredModel(fn, config, shapes(20))

  test('predicts a response per unit and gives every trained tensor a gradient, and leaves none behind', async () => {
    const store = createParamStore(initialValues(model.specs, createRng(1)))
    const x = normals([2, 20, 20, 1], 3) as Tensor4D
    const trained = model.specs.filter((s) => s.kind === 'parameter' && !s.frozen).map((s) => s.name)
    const loss = (p: ReadonlyMap<string, Tensor>): Scalar =>
      ROUTES.map((route) => {
        const { output } = model.apply(p, x, route, context(true))
        expect(output.shape).toEqual([2, route.task === 'v1' && route.session === 'a' ? 3 : 2])
        return add<Scalar>(sum(mul(output, output)), model.penalty(p, route))
      }).reduce((a, b) => add(a, b))
    await expectNoLeak(() => {
      const { value, grads } = valueAndGrads(loss, store.tensors, trained)
      expect(trained.filter((name) => !grads.has(name))).toEqual([])
      expect(Number.isFinite(value.dataSync()[0])).toBe(true)
      dispose([value, ...grads.values()])
      engine().startScope()
      model.apply(store.tensors, x, ROUTES[0] as Route, context(false))
      engine().endScope()
    })
    store.dispose()
    x.dispose()
  })

  test('goes out to published names and back bit for bit', () => {
    const values = initialValues(model.specs, createRng(1))
    const { arrays, report } = fromPublished(model.specs, toPublished(model.specs, values))
    expect(arrays).toEqual(values)
    expect(report.unused).toEqual([])
    expect(new Set(model.specs.map((s) => s.torch.name)).size).toBe(model.specs.length)
  })
})

describe('published names', () => {
  const names = (fn: string, config: PlainConfig): readonly string[] =>
    configuredModel(fn, config, shapes(20)).specs.map((s) => s.torch.name)

  test('of the squeeze-excitation model are nnvision’s', () => {
    const found = names('neural_cnn_builder', { ...SMALL_SE, hidden_kern: 3 })
    for (const name of [
      'core.features.layer0.conv.weight',
      'core.features.layer1.ds_conv.spatial_conv.weight',
      'core.features.layer1.norm.running_var',
      'core.features.layer1.seg_ex_block.se.3.bias',
      'core._input_weights_regularizer.laplace.filter',
      'readout.a.grid',
    ]) {
      expect(found).toContain(name)
    }
  })

  test('of the full Gaussian readout are neuralpredictors’', () => {
    const found = names('se_core_full_gauss_readout', { ...SMALL_SE, ...PREDICTOR, share_features: true })
    for (const leaf of [
      '_features',
      'scales',
      'source_grid',
      'mu_transform.0.weight',
      'mu_transform.2.bias',
      'feature_sharing_index',
      'sigma',
    ]) {
      expect(found).toContain(`readout.a.${leaf}`)
    }
    expect(found).not.toContain('readout.b._features')
  })

  test('of a shared tensor are listed for every session that reads it', () => {
    const model = configuredModel(
      'se_core_full_gauss_readout',
      { ...SMALL_SE, share_features: true, share_grid: true },
      shapes(20),
    )
    const published = toPublished(model.specs, initialValues(model.specs, createRng(1)))
    for (const leaf of ['_features', '_mu']) {
      expect(published.get(`readout.b.${leaf}`)).toEqual(published.get(`readout.a.${leaf}`))
    }
    expect(fromPublished(model.specs, published).report.unused).toEqual([])
  })
})

test('a predictor needs cortical coordinates', () => {
  const bare: ModelShapes = { ...shapes(20), sessions: [{ area: 'v1', key: 'a', units: 2 }] }
  expect(() => configuredModel('se_core_full_gauss_readout', { ...SMALL_SE, ...PREDICTOR }, bare)).toThrow(
    'session a does not give the cortical coordinates',
  )
})

test('options of the other readout are refused', () => {
  expect(() =>
    configuredModel('neural_cnn_builder', { readout_type: 'gauss', pool_steps: 1 }, shapes(64)),
  ).toThrow('model.config.pool_steps: this option has no effect')
})
