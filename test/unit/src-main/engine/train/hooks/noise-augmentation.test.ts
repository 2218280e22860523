import type { Tensor4D } from '@tensorflow/tfjs-core'
import { fill } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  addNoise,
  noiseAugmentation,
} from '../../../../../../src-main/engine/train/hooks/noise-augmentation.ts'
import { levelsOfBatch } from '../../../../../../src-main/engine/train/hooks/noise-levels.ts'
import type { TaskName } from '../../../../../../src-main/engine/types.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'
import { differing, eventsOf, train } from '../../../../../support/small-training.ts'

const deviation = (values: ArrayLike<number>): number => {
  const list = Array.from(values)
  const mean = list.reduce((s, v) => s + v, 0) / list.length
  return Math.sqrt(list.reduce((s, v) => s + (v - mean) ** 2, 0) / list.length)
}

const moment = (task: TaskName) => ({ epoch: 1, batch: 0, task, rng: createRng(2) })
const options = { noise_std: { '0.1': 0.25, '0.2': 0.5 }, noise_snr: {}, apply_noise_to_validation: true }

describe('noise levels of a batch', () => {
  it('fall on their shares of the images, rounded down, the rest clean', () => {
    const levels = [...levelsOfBatch({ '0.1': 0.25, '0.2': 0.5 }, 9, createRng(1))]
    const count = (level: number) => levels.filter((l) => Math.abs(l - level) < 1e-6).length
    expect([count(0.1), count(0.2), count(0)]).toEqual([2, 4, 3])
  })

  it('fall on other images in other batches', () => {
    const first = [...levelsOfBatch({ '1': 0.5 }, 20, createRng(1))]
    expect([...levelsOfBatch({ '1': 0.5 }, 20, createRng(2))]).not.toEqual(first)
  })
})

describe('noise augmentation', () => {
  beforeAll(() => useBackend())

  const grey = { mean: [0.5], std: [0.25] }

  it('has the asked deviation on the [0, 1] scale', () => {
    const images = fill([2, 40, 40, 1], 0) as Tensor4D
    const noisy = addNoise(images, Float32Array.of(0.1, 0), 'std', grey, createRng(1)).dataSync()
    expect(deviation(noisy.subarray(0, 1600)) * 0.25).toBeCloseTo(0.1, 2)
    expect(deviation(noisy.subarray(1600))).toBe(0)
  })

  it('has the deviation power / ratio where a ratio is given, as published', () => {
    const images = fill([1, 40, 40, 1], 0.5) as Tensor4D
    const wide = { mean: [0.5], std: [0.05] }
    const noisy = addNoise(images, Float32Array.of(10), 'snr', wide, createRng(1)).dataSync()
    expect(deviation(noisy) * 0.05).toBeCloseTo(0.25 / 10, 2)
  })

  it('stays within black and white of each channel', () => {
    const images = fill([1, 20, 20, 2], 0) as Tensor4D
    const colour = { mean: [0.2, 0.6], std: [0.1, 0.2] }
    const noisy = addNoise(images, Float32Array.of(3), 'std', colour, createRng(1)).dataSync()
    const channel = (c: number) => [...noisy].filter((_v, i) => i % 2 === c)
    expect(Math.min(...channel(0))).toBeCloseTo((0 - 0.2) / 0.1, 5)
    expect(Math.max(...channel(0))).toBeCloseTo((1 - 0.2) / 0.1, 5)
    expect(Math.min(...channel(1))).toBeCloseTo((0 - 0.6) / 0.2, 5)
    expect(Math.max(...channel(1))).toBeCloseTo((1 - 0.6) / 0.2, 5)
  })

  it('leaves the images of neural batches as they were recorded', () => {
    const hook = noiseAugmentation(options, grey)
    const images = fill([8, 4, 4, 1], 0.1) as Tensor4D
    const seen = (task: TaskName) => [...(hook.inputs?.(images, moment(task), {}) as Tensor4D).dataSync()]
    expect(seen('v1')).toEqual([...images.dataSync()])
    expect(seen('img_classification')).not.toEqual([...images.dataSync()])
  })

  it('gives validation the same noise for the same stream', () => {
    const view = noiseAugmentation(options, grey).validationInputs
    const images = fill([8, 4, 4, 1], 0.1) as Tensor4D
    const seen = (seed: number) => [...(view?.(images, createRng(seed)) as Tensor4D).dataSync()]
    expect(seen(1)).toEqual(seen(1))
    expect(seen(2)).not.toEqual(seen(1))
    expect(
      noiseAugmentation({ ...options, apply_noise_to_validation: false }, grey).validationInputs,
    ).toBeUndefined()
  })

  it('changes training, and validation where asked', async () => {
    const noise = (more: object) => ({
      max_iter: 1,
      noise_augmentation: { noise_std: { '0.4': 0.5 }, ...more },
    })
    const clean = await train({ config: { max_iter: 1 } })
    const noisy = await train({ config: noise({}) })
    const cleanView = await train({ config: noise({ apply_noise_to_validation: false }) })
    expect(differing(clean.result.weights, noisy.result.weights).length).toBeGreaterThan(5)
    expect(differing(noisy.result.weights, cleanView.result.weights)).toEqual([])
    const untrained = (run: typeof clean) =>
      eventsOf(run.events, 'metrics')[0]?.values['Validation/img_classification/loss']
    expect(untrained(cleanView)).toBe(untrained(clean))
    expect(untrained(noisy)).not.toBe(untrained(clean))
  })
})
