import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core'
import { add, dispose, engine, mul, sum, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PlainConfig } from '../../../../../src-shared/schema/component.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { zigEncoder } from '../../../../../src-main/engine/model/encoders/distributions.ts'
import type { ModelShapes } from '../../../../../src-main/engine/model/index.ts'
import { fromPublished, initialValues, toPublished } from '../../../../../src-main/engine/model/index.ts'
import { createParamStore, valueAndGrads } from '../../../../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, Route } from '../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../support/backend.ts'
import { configuredModel, images } from '../../../../support/configured-model.ts'
import { expectNoLeak, normals } from '../../../../support/tensors.ts'

beforeAll(() => useBackend())

const SIZE = 16
const SHAPES: ModelShapes = {
  inputs: { v4: images(SIZE, 1) },
  sessions: [
    {
      area: 'v4',
      key: 'a',
      units: 3,
      meanResponse: [1, 2, 3],
      sourceGrid: { values: [0, 1, 2, 3, 4, 9], dimensions: 2 },
    },
  ],
  classes: null,
}
const ROUTE: Route = { task: 'v4', session: 'a' }
const STACK = { stacked: { hidden_channels: 4, input_kern: 5, hidden_kern: 3, layers: 2 } }
const build = (config: PlainConfig): Model =>
  configuredModel('composed_neural_model', { ...STACK, ...config }, SHAPES)

const VARIANTS: readonly PlainConfig[] = [
  {},
  { readout: 'gaussian' },
  { readout: 'point_pooled', point_pooled: { pool_steps: 1 } },
  { readout: 'factorized' },
  { readout: 'remapped_gaussian', remapped_gaussian: { init_mu_range: 0.2 } },
  { readout: 'attention', attention: { attention_layers: 2, attention_kernel: '3' } },
  { readout: 'deterministic_gaussian', deterministic_gaussian: { init_sigma: 0.3 } },
  { readout: 'point_pyramid', point_pyramid: { scale_n: 2 } },
  { readout: 'point_pyramid', point_pyramid: { scale_n: 2, downsample: false, type: 'gauss3x3' } },
  { readout: 'ultra_sparse', ultra_sparse: { num_filters: 2 } },
  { readout: 'ultra_sparse', ultra_sparse: { num_filters: 2, shared_mean: true } },
  {
    core: 'squeeze_excitation',
    stacked: undefined,
    squeeze_excitation: { hidden_channels: 4, input_kern: 5, hidden_kern: 3, layers: 2, se_reduction: 2 },
  },
  {
    core: 'rotation_equivariant',
    stacked: undefined,
    rotation_equivariant: {
      hidden_channels: 2,
      input_kern: 5,
      hidden_kern: 3,
      layers: 2,
      num_rotations: 4,
      gamma_input: 1,
      gamma_hidden: 1,
    },
  },
  { core: 'vgg', stacked: undefined, vgg: { vgg_type: 'vgg11', model_layer: 2, fine_tune: true } },
  { encoder: 'gaussian' },
  { encoder: 'gamma', gamma: { max_concentration: 100 } },
  { encoder: 'zig' },
  { encoder: 'zil' },
  { encoder: 'zig', zero_inflated: { zero_threshold: 0.05 } },
  { shifter: 'mlp', modulator: 'mlp', encoder: 'rate', rate: { output: 'softplus' } },
  {
    shifter: 'static_affine',
    affine_shifter: { gamma_shifter: 1 },
    modulator: 'mlp',
    mlp_modulator: { gain: 'elu1', gamma_modulator: 1 },
    encoder: 'zig',
  },
]
const NUMBERS: Readonly<Record<string, number>> = { gaussian: 2, gamma: 2, zig: 4, zil: 4 }
const defined = (config: PlainConfig): PlainConfig =>
  Object.fromEntries(Object.entries({ ...STACK, ...config }).filter(([, value]) => value !== undefined))

describe.each(VARIANTS)('parts %j', (config) => {
  const model = configuredModel('composed_neural_model', defined(config), SHAPES)
  const inputs = (training: boolean): ForwardContext => ({
    training,
    rng: createRng(2),
    frozenNorms: new Set(),
    pupil: tensor2d([
      [0.1, -0.2],
      [0.3, 0.1],
    ]),
    behavior: tensor2d([
      [1, 0.5, 0.2],
      [0.1, 2, 0.4],
    ]),
  })

  test('predict a response per unit, give every trained tensor a gradient, and leave none behind', async () => {
    const store = createParamStore(initialValues(model.specs, createRng(1)))
    const x = normals([2, SIZE, SIZE, 1], 3) as Tensor4D
    const trained = model.specs.filter((s) => s.kind === 'parameter' && !s.frozen).map((s) => s.name)
    const numbers = NUMBERS[String(config['encoder'])] ?? 1
    const loss = (p: ReadonlyMap<string, Tensor>, context: ForwardContext): Scalar => {
      const { output } = model.apply(p, x, ROUTE, context)
      expect(output.shape).toEqual([2, 3 * numbers])
      return add(sum(mul(output, output)), model.penalty(p, ROUTE))
    }
    await expectNoLeak(() => {
      const context = inputs(true)
      const { value, grads } = valueAndGrads((p) => loss(p, context), store.tensors, trained)
      expect(trained.filter((name) => !grads.has(name))).toEqual([])
      expect(Number.isFinite(value.dataSync()[0])).toBe(true)
      dispose([value, ...grads.values(), context.pupil as Tensor, context.behavior as Tensor])
      engine().startScope()
      const mean = model.apply(store.tensors, x, ROUTE, inputs(false)).output
      expect(mean.shape).toEqual([2, 3])
      expect(mean.dataSync().every(Number.isFinite)).toBe(true)
      engine().endScope()
    })
    store.dispose()
    x.dispose()
  })

  test('go out to published names and back bit for bit', () => {
    const values = initialValues(model.specs, createRng(1))
    expect(fromPublished(model.specs, toPublished(model.specs, values)).arrays).toEqual(values)
  })
})

test('a shifter without eye positions says what is missing', () => {
  const model = build({ shifter: 'mlp' })
  const store = createParamStore(initialValues(model.specs, createRng(1)))
  const x = normals([1, SIZE, SIZE, 1], 3) as Tensor4D
  const context = { training: false, rng: createRng(2), frozenNorms: new Set<string>() }
  expect(() => model.apply(store.tensors, x, ROUTE, context)).toThrow(
    'model.config.shifter: the batches hold no eye positions.',
  )
})

test('a distribution needs a readout of several numbers', () => {
  expect(() => build({ encoder: 'zig', readout: 'gaussian' })).toThrow(
    'the gaussian readout gives one number per unit',
  )
})

test('options of parts that are not chosen are refused', () => {
  expect(() => build({ readout: 'gaussian', attention: { attention_layers: 2 } })).toThrow(
    'attention: this option has no effect',
  )
})

test('gains of the published modulator never fall below 1, those of elu1 do', () => {
  const least = (gain: string): number => {
    const model = build({
      modulator: 'mlp',
      mlp_modulator: { gain, layers: 1 },
      rate: { output: 'identity' },
      readout_bias: true,
    })
    const store = createParamStore(initialValues(model.specs, createRng(5)))
    const x = normals([1, SIZE, SIZE, 1], 3) as Tensor4D
    const run = (behavior: Tensor2D): Float32Array =>
      model
        .apply(store.tensors, x, ROUTE, {
          training: false,
          rng: createRng(2),
          frozenNorms: new Set(),
          behavior,
        })
        .output.dataSync() as Float32Array
    const plainStore = build({ rate: { output: 'identity' } })
    const plain = plainStore
      .apply(store.tensors, x, ROUTE, { training: false, rng: createRng(2), frozenNorms: new Set() })
      .output.dataSync()
    const behaviours = [
      [-5, 1, 3],
      [5, -2, 1],
      [1, 4, -6],
    ].map((b) => run(tensor2d([b])))
    return Math.min(...behaviours.flatMap((r) => [...r].map((v, i) => v / (plain[i] as number))))
  }
  expect(least('relu_elu1')).toBeGreaterThanOrEqual(1 - 1e-5)
  expect(least('elu1')).toBeLessThan(0.9)
})

describe('the threshold of silence', () => {
  const located = (config: PlainConfig) => build(config).specs.find((s) => s.name.endsWith('logloc'))

  test('is learned for each unit, or fixed where it is given', () => {
    expect(located({ encoder: 'zig' })).toMatchObject({ frozen: false, shape: [3] })
    expect(located({ encoder: 'zil', zero_inflated: { zero_threshold: 0.2 } })).toMatchObject({
      frozen: true,
      init: { kind: 'constant', value: Math.log(0.2) },
      torch: { name: 'logloc.a' },
    })
    expect(() => build({ zero_inflated: { zero_threshold: 0.2 } })).toThrow('this option has no effect')
  })

  test('given, lets the slab have any shape, with the published mean', () => {
    const meanOf = (threshold: number | null): number => {
      const encoder = zigEncoder(threshold).session(
        { name: 'encoder.a', torch: 'encoder.a', block: 'encoder' },
        1,
      )
      const params = new Map([['encoder.a.logloc', tensor1d([Math.log(0.3)])]])
      const z = tensor2d([[0.4, -0.5, 0.2]])
      const context = { training: false, rng: createRng(1), frozenNorms: new Set<string>() }
      return encoder.respond(z, params, context).dataSync()[0] as number
    }
    const q = 0.99999 / (1 + Math.exp(-0.4)) + 1e-6
    const theta = Math.exp(-0.5) + 1e-6
    const k = 1.2 + 1e-6
    const mean = (shape: number): number => ((1 - q) * 0.3) / 2 + q * (shape * theta + 0.3)
    expect(meanOf(0.3)).toBeCloseTo(mean(k), 5)
    expect(meanOf(null)).toBeCloseTo(mean(k + 1.1), 5)
  })
})
