import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, dispose, engine, relu, sum, tile, zeros } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import type { PlainConfig } from '../../../../../../src-shared/schema/component.ts'
import type { ModelShapes } from '../../../../../../src-main/engine/model/index.ts'
import { frozenNormNames, initialValues } from '../../../../../../src-main/engine/model/index.ts'
import { createParamStore, valueAndGrads } from '../../../../../../src-main/engine/tensor/index.ts'
import type { ForwardContext, Model, Route } from '../../../../../../src-main/engine/types.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { configuredModel, images } from '../../../../../support/configured-model.ts'
import { expectNoLeak, normals } from '../../../../../support/tensors.ts'

beforeAll(() => useBackend())

const SIZE = 32
const SHAPES: ModelShapes = {
  inputs: { img_classification: images(SIZE), v1: images(SIZE, 1) },
  sessions: [
    { area: 'v1', key: 'a', units: 3, meanResponse: [1, 2, 3], firstBatchMean: [4, 5, 6] },
    { area: 'v4', key: 'a', units: 2 },
  ],
  classes: 5,
}
const SMALL = {
  vgg_type: 'vgg11_bn',
  width: 0.0625,
  readout_hidden: 8,
  v1_model_layer: 7,
  v4_model_layer: 14,
}
const V1: Route = { task: 'v1', session: 'a' }
const V4: Route = { task: 'v4', session: 'a' }
const CLASSES: Route = { task: 'img_classification' }

const build = (config: PlainConfig = {}): Model =>
  configuredModel('mtl_builder', { ...SMALL, ...config }, SHAPES)
const open = (model: Model) => createParamStore(initialValues(model.specs, createRng(1)))
const context = (more: Partial<ForwardContext> = {}): ForwardContext => ({
  training: false,
  rng: createRng(2),
  frozenNorms: new Set(),
  ...more,
})
const inputs = (channels = 1) => normals([4, SIZE, SIZE, channels], 3) as Tensor4D
const values = (x: Tensor | undefined): number[] => [...(x?.dataSync() ?? [])]

/** Runs inside a scope: what `f` returns are numbers. */
function scoped<T>(f: () => T): T {
  engine().startScope()
  try {
    return f()
  } finally {
    engine().endScope()
  }
}

describe('forward pass', () => {
  test('grey images equal the same images in three equal channels', () => {
    const model = build()
    const store = open(model)
    scoped(() => {
      const grey = inputs()
      const colour = tile(grey, [1, 1, 1, 3])
      const a = model.apply(store.tensors, grey, V1, context()).output
      expect(values(a)).toEqual(values(model.apply(store.tensors, colour, V1, context()).output))
    })
  })

  test('one pass for several tasks equals a pass for each', () => {
    const model = build({ v1_final_batchnorm: true })
    const store = open(model)
    scoped(() => {
      const both = model.applyBoth?.(store.tensors, inputs(), [V1, V4, CLASSES], context()) ?? []
      const alone = [V1, V4, CLASSES].map((route) => model.apply(store.tensors, inputs(), route, context()))
      expect(both.map((o) => values(o.output))).toEqual(alone.map((o) => values(o.output)))
      expect(both.map((o) => o.output.shape)).toEqual([
        [4, 3],
        [4, 2],
        [4, 5],
      ])
    })
  })

  test('the extra norm changes what the readouts see, not the classification', () => {
    const [plain, extra] = [build(), build({ v1_final_batchnorm: true })]
    const [a, b] = [open(plain), open(extra)]
    scoped(() => {
      const logits = (m: Model, s: typeof a) =>
        values(m.apply(s.tensors, inputs(), CLASSES, context({ training: true })).output)
      const rates = (m: Model, s: typeof a) =>
        values(m.apply(s.tensors, inputs(), V1, context({ training: true })).output)
      expect(logits(extra, b)).toEqual(logits(plain, a))
      expect(rates(extra, b)).not.toEqual(rates(plain, a))
    })
  })

  test('responses are positive', () => {
    const model = build({ v1_readout_bias: false })
    const store = open(model)
    scoped(() => {
      const rates = values(model.apply(store.tensors, inputs(), V1, context()).output)
      expect(Math.min(...rates)).toBeGreaterThan(0)
    })
  })

  test('the same random stream gives the same training pass, another one a different one', () => {
    const model = build({ add_dropout: { shared_block: 0.5 } })
    const store = open(model)
    const run = (seed: number) =>
      scoped(() =>
        values(
          model.apply(store.tensors, inputs(), V1, context({ training: true, rng: createRng(seed) })).output,
        ),
      )
    expect(run(5)).toEqual(run(5))
    expect(run(5)).not.toEqual(run(6))
  })

  test('given draws place the readouts', () => {
    const model = build()
    const store = open(model)
    scoped(() => {
      const zero = zeros([4, 3, 2])
      const still = model.apply(
        store.tensors,
        inputs(),
        V1,
        context({ training: true, readoutNoise: zero, frozenNorms: frozenNormNames(model.specs, 99) }),
      )
      expect(values(still.output)).toEqual(values(model.apply(store.tensors, inputs(), V1, context()).output))
    })
  })

  test('layers and blocks can be captured by our names, published paths and aliases', () => {
    const model = build({ get_intermediate_rep: { 'mtl_vgg_core.v1_block.relu2_1': 'conv_rep' } })
    const store = open(model)
    scoped(() => {
      const names = ['conv_rep', 'mtl_vgg_core.v1_block.bn2_1', 'mtl_vgg_core.v1_block.6', 'v1_block']
      const { representations: seen } = model.apply(
        store.tensors,
        inputs(),
        V1,
        context({ capture: new Set(names) }),
      )
      expect([...seen.keys()].sort()).toEqual([...names].sort())
      expect(values(seen.get('conv_rep'))).toEqual(values(seen.get('v1_block')))
      expect(values(relu(seen.get('mtl_vgg_core.v1_block.bn2_1') as Tensor))).toEqual(
        values(seen.get('conv_rep')),
      )
    })
  })
})

describe('batch norm statistics', () => {
  const reported = (model: Model, frozen: ReadonlySet<string>, route: Route): string[] => {
    const store = open(model)
    const names: string[] = []
    scoped(() =>
      model.apply(
        store.tensors,
        inputs(),
        route,
        context({ training: true, frozenNorms: frozen, onStatistics: (name) => names.push(name) }),
      ),
    )
    return names
  }

  test('are reported for the blocks of the route, frozen parameters included', () => {
    const names = reported(build({ v1_fine_tune: false }), new Set(), V1)
    expect(names).toEqual(
      ['bn1_1', 'bn2_1'].flatMap((n) =>
        ['running_mean', 'running_var'].map((b) => `mtl_vgg_core.v1_block.${n}.${b}`),
      ),
    )
  })

  test('stay as they are below the frozen index of each shared block', () => {
    const model = build()
    const frozen = frozenNormNames(model.specs, 3)
    expect([...frozen]).toEqual(['mtl_vgg_core.v1_block.bn1_1', 'mtl_vgg_core.v4_block.bn3_1'])
    expect(reported(model, frozen, V1).some((n) => n.includes('bn1_1'))).toBe(false)
  })
})

describe('first values', () => {
  test('of one tensor do not depend on the other tensors of the model', () => {
    const one = initialValues(build().specs, createRng(1))
    const other = initialValues(build({ readout_hidden: 16, v1_final_batchnorm: true }).specs, createRng(1))
    for (const name of ['mtl_vgg_core.v1_block.conv1_1.weight', 'v1_readout.a.mu']) {
      expect(other.get(name)).toEqual(one.get(name))
    }
  })

  test('of the readout bias are the mean responses, over the training set or the first batch', () => {
    const bias = (config: PlainConfig) => [
      ...(initialValues(build(config).specs, createRng(1)).get('v1_readout.a.bias')?.data ?? []),
    ]
    expect(bias({})).toEqual([1, 2, 3])
    expect(bias({ bias_init: 'first_batch' })).toEqual([4, 5, 6])
  })
})

test.each<[string, Route]>([
  ['V1', V1],
  ['V4', V4],
  ['classification', CLASSES],
])('forward and gradient of %s end with the tensors that they began with', async (_, route) => {
  const model = build({ add_dropout: { shared_block: 0.1, unshared_block: 0.1 }, v1_final_batchnorm: true })
  const store = open(model)
  const x = inputs()
  const trained = model.specs.filter((s) => s.kind === 'parameter').map((s) => s.name)
  await expectNoLeak(() => {
    scoped(() => model.apply(store.tensors, x, route, context()))
    const { value, grads } = valueAndGrads(
      (p): Scalar =>
        add(sum(model.apply(p, x, route, context({ training: true })).output), model.penalty(p, route)),
      store.tensors,
      trained,
    )
    expect(grads.size).toBeGreaterThan(0)
    dispose([value, ...grads.values()])
  })
})

test('gradients reach exactly the tensors of the route', () => {
  const model = build()
  const store = open(model)
  const trained = model.specs.filter((s) => s.kind === 'parameter').map((s) => s.name)
  const { value, grads } = valueAndGrads(
    (p): Scalar => sum<Scalar>(model.apply(p, inputs(), V1, context({ training: true })).output),
    store.tensors,
    trained,
  )
  const expected = trained.filter((n) => n.includes('v1_block') || n.startsWith('v1_readout'))
  expect([...grads.keys()].sort()).toEqual([...expected].sort())
  dispose([value, ...grads.values()])
})

test.each([
  [
    { v1_model_layer: 14, v4_model_layer: 14 },
    'v4_model_layer: expected more than v1_model_layer (14), got 14.',
  ],
  [{ v1_model_layer: 59 }, 'v1_model_layer'],
  [{ num_classes: 3 }, 'num_classes: expected at least 5'],
  [{ input_size: 64 }, 'input_size: the images of the data set are 32 x 32, the model expects 64.'],
])('refuses %j with a message that names the option', (config, message) => {
  expect(() => build(config)).toThrow(message)
})

test('refuses images that shrink to nothing', () => {
  const small: ModelShapes = { ...SHAPES, inputs: { img_classification: images(16) } }
  expect(() => configuredModel('mtl_builder', SMALL, small)).toThrow(
    'nothing is left behind mtl_vgg_core.unshared_block.pool5',
  )
})
