import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core'
import { add, mul, reshape, scalar, slice, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { EVALUATION } from '../../../../../../src-main/engine/eval/network.ts'
import { createParamStore } from '../../../../../../src-main/engine/tensor/index.ts'
import {
  combined,
  fixedLayerWeights,
  layerWeights,
} from '../../../../../../src-main/engine/train/hooks/layer-weights.ts'
import {
  representationMatching,
  viewDistance,
} from '../../../../../../src-main/engine/train/hooks/representation-matching.ts'
import type { NamedArrays } from '../../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'
import type { SmallRun } from '../../../../../support/small-training.ts'
import { eventsOf, smallData, smallModel, train } from '../../../../../support/small-training.ts'
import { normals } from '../../../../../support/tensors.ts'

const numberOf = (t: Tensor): number => t.dataSync()[0] as number

/** Distance between images and the same with noise, at the end of the core of a trained network. */
async function distanceOf(weights: NamedArrays): Promise<number> {
  const store = createParamStore(weights)
  const images = await testImages()
  const noisy = tidy(() => add(images, mul(normals(images.shape, 4), 0.4)))
  const core = (x: Tensor): Tensor =>
    smallModel()
      .apply(
        store.tensors,
        x as Tensor4D,
        { task: 'img_classification' },
        { ...EVALUATION, capture: new Set(['core']) },
      )
      .representations.get('core') as Tensor
  const out = tidy(() =>
    numberOf(
      viewDistance(
        reshape(core(images), [images.shape[0], -1]),
        reshape(core(noisy), [images.shape[0], -1]),
        'cosine',
      ),
    ),
  )
  store.dispose()
  return out
}

/** Noise of deviation 0.4 after normalisation, far from black and white. */
const WIDE = { ...smallData(), normalisation: { mean: [0.5], std: [0.1] } }
const NOISE = { second_noise_std: { '0.04': 1 } }

async function testImages(): Promise<Tensor4D> {
  for await (const batch of WIDE.test.img_classification?.get('img_classification')?.epoch(createRng(1)) ??
    [])
    return batch.inputs
  throw new Error('no batch')
}

const matching = (lambda: number, more: object = {}): SmallRun => ({
  config: { max_iter: 8, restore_best: false, representation_matching: { lambda, ...more } },
})

describe('matching of representations', () => {
  beforeAll(() => useBackend())

  it('draws two noisy views made from clean images together', async () => {
    const run = (lambda: number) => train({ ...matching(lambda, NOISE), data: WIDE })
    const [off, on] = [await run(0), await run(3)]
    expect(await distanceOf(on.result.weights)).toBeLessThan(0.8 * (await distanceOf(off.result.weights)))
  })

  it('uses the paired views of the loader and reports its loss', async () => {
    const paired = { data: smallData({ pairedViews: true }) }
    const [off, on] = [await train({ ...matching(0), ...paired }), await train({ ...matching(1), ...paired })]
    const losses = eventsOf(on.events, 'metrics').flatMap(
      (e) => e.values['Training/RepresentationMatching/loss'] ?? [],
    )
    expect(losses.length).toBeGreaterThan(10)
    expect(losses.every((loss) => loss > 0)).toBe(true)
    expect(on.result.weights).not.toEqual(off.result.weights)
  })

  it('names the layers when the one to match does not exist', async () => {
    const run = train({
      ...matching(1, { representations: ['cortex'] }),
      data: smallData({ pairedViews: true }),
    })
    await expect(run).rejects.toThrow(/no layer "cortex".*"core"/)
  })

  it('makes second views of clean images only, where asked', () => {
    const options = {
      representations: ['core'],
      criterion: 'mse' as const,
      lambda: 1,
      combine_losses: 'avg' as const,
      second_noise_std: { '0.5': 1 },
      only_for_clean: true,
    }
    const inputs = normals([4, 2, 2, 1], 1) as Tensor4D
    const notes = { noise: Float32Array.of(0, 0.2, 0, 0.1) }
    const moment = { epoch: 1, batch: 0, task: 'img_classification' as const, rng: createRng(1) }
    const views = representationMatching(options).inputs?.(inputs, moment, notes) as Tensor4D
    expect(views.shape).toEqual([6, 2, 2, 1])
    expect(notes).toHaveProperty('pairs', Int32Array.of(0, 2))
    expect([...slice(views, [0, 0, 0, 0], [4, 2, 2, 1]).dataSync()]).toEqual([...inputs.dataSync()])
    const representation = tensor2d([[1], [5], [2], [5], [1], [4]])
    const seen = {
      inputs: views,
      examples: 4,
      output: tensor2d([[0]]),
      representations: new Map([['core', representation]]),
      model: smallModel(),
      params: new Map(),
      route: { task: 'img_classification' as const },
      notes,
    }
    const loss = representationMatching(options).loss?.(seen)
    expect(numberOf(loss as Tensor)).toBeCloseTo(((1 - 1) ** 2 + (2 - 4) ** 2) / 2, 6)
  })
})

describe('distance of views', () => {
  beforeAll(() => useBackend())

  it('is the mean square difference, or one minus the cosine of whole images', () => {
    const a = tensor2d([
      [1, 0],
      [0, 2],
    ])
    const b = tensor2d([
      [1, 0],
      [2, 0],
    ])
    expect(numberOf(viewDistance(a, b, 'mse'))).toBeCloseTo(2, 6)
    expect(numberOf(viewDistance(a, b, 'cosine'))).toBeCloseTo(0.5, 6)
  })

  it('weighs layers equally, by depth or exponentially', () => {
    expect(fixedLayerWeights(2, 'avg')).toEqual([0.5, 0.5])
    expect(fixedLayerWeights(3, 'lin')).toEqual([1 / 6, 2 / 6, 3 / 6])
    expect(fixedLayerWeights(2, 'exp')[1]).toBeCloseTo(Math.E / (1 + Math.E), 12)
  })

  it('weighs layers by learned numbers that sum to one', () => {
    const params = new Map([['representation_matching.layer_weights', tensor1d([1, 3, -1])]])
    const e = [Math.exp(1), Math.exp(3), Math.exp(-1)]
    const all = e.reduce((a, b) => a + b)
    const near = (values: readonly number[]) => values.map((v) => expect.closeTo(v, 5) as unknown)
    expect([...layerWeights(3, 'learned_softmax', params).dataSync()]).toEqual(near(e.map((v) => v / all)))
    const sizes = layerWeights(3, 'learned_normalized', params)
    expect([...sizes.dataSync()]).toEqual(near([0.2, 0.6, 0.2]))
    expect(numberOf(combined([scalar(10), scalar(20), scalar(5)], sizes))).toBeCloseTo(2 + 12 + 1, 5)
  })
})

describe('learned weights of the layers to match', () => {
  beforeAll(() => useBackend())

  const layers = ['mtl_vgg_core.unshared_block.relu2_1', 'core']
  const run = (rule: string, more: SmallRun = {}) => {
    const options = matching(1, { representations: layers, combine_losses: rule })
    return train({ ...options, data: smallData({ pairedViews: true }), ...more })
  }

  it.each(['learned_softmax', 'learned_normalized'])(
    'of %s move, sum to one, are reported and saved',
    async (rule) => {
      const { events, last, result } = await run(rule)
      const reported = (layer: string) =>
        eventsOf(events, 'metrics').flatMap(
          (e) => e.values[`Training/RepresentationMatching/weight ${layer}`] ?? [],
        )
      const [first, second] = layers.map(reported)
      expect(first?.length).toBeGreaterThan(10)
      first?.forEach((w, i) => expect(w + second![i]!).toBeCloseTo(1, 5))
      expect(Math.abs(first!.at(-1)! - 0.5)).toBeGreaterThan(1e-4)
      expect(last.arrays.get('param/representation_matching.layer_weights')?.shape).toEqual([2])
      expect([...result.weights.keys()].some((name) => name.includes('layer_weights'))).toBe(false)
    },
  )

  it('are no tensors of a run with fixed weights', async () => {
    const { last } = await run('lin')
    expect([...last.arrays.keys()].some((name) => name.includes('layer_weights'))).toBe(false)
  })
})
