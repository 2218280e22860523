import { beforeAll, describe, expect, it } from 'vitest'
import { generatorDefaults } from '../../../../../../src-shared/schema/dataset/generator-fields.ts'
import { applyPatch, gaborPatch } from '../../../../../../src-main/engine/data/in-silico/gabor.ts'
import type { InSilicoData } from '../../../../../../src-main/engine/data/in-silico/generate.ts'
import { generateInSilico } from '../../../../../../src-main/engine/data/in-silico/generate.ts'
import { drawGrating } from '../../../../../../src-main/engine/data/in-silico/images/grating.ts'
import { drives, standardOf } from '../../../../../../src-main/engine/data/in-silico/rates.ts'
import { receptiveField } from '../../../../../../src-main/engine/data/in-silico/receptive-field.ts'
import { memoryImages } from '../../../../../../src-main/io/images/sources/memory-images.ts'

const options = (given: Parameters<typeof generatorDefaults>[0] = {}) => ({
  ...generatorDefaults({
    image_size: 32,
    images: 'pink_noise',
    n_images: 600,
    n_test: 60,
    n_neurons: 40,
    ...given,
  }),
  seed: 1000,
})

const median = (values: ArrayLike<number>): number =>
  Array.from(values).sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

describe('in-silico population on pink noise', () => {
  let data: InSilicoData
  beforeAll(async () => {
    data = await generateInSilico(options(), null)
  })

  it('has the mean count of each neuron over training trials, within three standard errors for nearly all', () => {
    const neurons = 40
    const training = data.tier.filter((t) => t === 1).length
    const inside = data.truth.neurons.filter((neuron, n) => {
      let sum = 0
      let squares = 0
      for (let t = 0; t < training; t++) {
        const y = data.responses[t * neurons + n] as number
        sum += y
        squares += y * y
      }
      const mean = sum / training
      const error = Math.sqrt((squares / training - mean * mean) / training)
      return Math.abs(mean - neuron.meanCount) <= 3 * error + 0.02 * neuron.meanCount // the cap takes a little off
    })
    expect(inside.length).toBeGreaterThanOrEqual(38)
  })

  it('has Poisson counts: variance over repeats equals the mean', () => {
    const ratios: number[] = []
    const neurons = 40
    for (let image = 0; image < 60; image++) {
      for (let n = 0; n < neurons; n++) {
        const counts = Array.from(
          { length: 10 },
          (_, r) => data.responses[(600 + image * 10 + r) * neurons + n] as number,
        )
        const mean = counts.reduce((a, b) => a + b) / 10
        if (mean < 1) continue
        ratios.push(counts.reduce((a, c) => a + (c - mean) ** 2, 0) / 9 / mean)
      }
    }
    const fano = ratios.reduce((a, b) => a + b) / ratios.length
    expect(ratios.length).toBeGreaterThan(500)
    expect(fano).toBeGreaterThan(0.95)
    expect(fano).toBeLessThan(1.05)
  })

  it('reaches the stored ceilings with its own rates and no more', () => {
    const neurons = 40
    const gaps = data.truth.neurons.map((_, n) => {
      const rate: number[] = []
      const average: number[] = []
      for (let image = 0; image < 60; image++) {
        rate.push(data.truth.rates[(600 + image) * neurons + n] as number)
        let sum = 0
        for (let r = 0; r < 10; r++) sum += data.responses[(600 + image * 10 + r) * neurons + n] as number
        average.push(sum / 10)
      }
      return correlation(rate, average) - (data.truth.repeatCeiling[n] as number)
    })
    expect(Math.abs(median(gaps))).toBeLessThan(0.02)
  })

  it('is the same for the same seed and keeps the earlier neurons when enlarged', async () => {
    const larger = await generateInSilico(options({ n_neurons: 50 }), null)
    expect(larger.truth.neurons.slice(0, 40)).toEqual(data.truth.neurons)
    for (const trial of [0, 599, 800]) {
      expect(larger.responses.slice(trial * 50, trial * 50 + 40)).toEqual(
        data.responses.slice(trial * 40, (trial + 1) * 40),
      )
    }
    const other = await generateInSilico({ ...options(), seed: 1001 }, null)
    expect(other.truth.neurons[0]).not.toEqual(data.truth.neurons[0])
  })

  it('keeps the test images when more training images are asked for', async () => {
    const larger = await generateInSilico(options({ n_images: 700 }), null)
    const each = 32 * 32
    expect(larger.images.pixels.slice(700 * each)).toEqual(data.images.pixels.slice(600 * each))
  })

  it('keeps a tenth of the training images for validation and shows test images ten times', () => {
    const count = (tier: number): number => data.tier.filter((t) => t === tier).length
    expect([count(1), count(2), count(3)]).toEqual([540, 60, 600])
    expect(Array.from(data.repeat.slice(600, 611))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0])
  })
})

describe('options of the population', () => {
  it('lets gain noise raise the variance and lower the ceiling', async () => {
    const plain = await generateInSilico(options({ n_neurons: 10 }), null)
    const noisy = await generateInSilico(options({ n_neurons: 10, gain_noise: 0.4 }), null)
    for (let n = 0; n < 10; n++) {
      expect(noisy.truth.singleTrialCeiling[n]).toBeLessThan(plain.truth.singleTrialCeiling[n] as number)
    }
  })

  it('gives the rates themselves without noise', async () => {
    const data = await generateInSilico(options({ n_neurons: 5, noise: 'none' }), null)
    expect(data.responses.slice(0, 5 * 600)).toEqual(data.truth.rates.slice(0, 5 * 600))
    expect(Array.from(data.truth.repeatCeiling)).toEqual([1, 1, 1, 1, 1])
  })

  it.each(['dead_leaves', 'white_noise', 'gratings'] as const)('shows %s', async (images) => {
    const data = await generateInSilico(options({ n_neurons: 4, images, n_images: 40, n_test: 5 }), null)
    expect(data.images.labels).toBeNull()
    expect(new Set(data.images.pixels).size).toBeGreaterThan(20)
    expect(data.responses.every((y) => Number.isInteger(y) && y >= 0)).toBe(true)
  })

  it('chooses classification images with their labels', async () => {
    const pixels = Uint8Array.from({ length: 60 * 1024 }, (_, i) => (i * 7919) % 251)
    const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3)
    const set = {
      images: memoryImages(pixels, { height: 32, width: 32, channels: 1 }),
      labels,
      classNames: ['a', 'b', 'c'],
    }
    const data = await generateInSilico(
      options({ n_neurons: 3, images: 'classification', n_images: 40, n_test: 10 }),
      set,
    )
    expect(new Set(data.images.origin).size).toBe(50)
    data.images.origin.forEach((from, i) => {
      expect(data.images.labels?.[i]).toBe(labels[from])
      expect(data.images.pixels[i * 1024]).toBe(pixels[from * 1024])
    })
    await expect(
      generateInSilico(options({ images: 'classification', n_images: 60, n_test: 10 }), set),
    ).rejects.toThrow('70')
  })

  it('normalises by a bank of filters when asked to', async () => {
    const energy = await generateInSilico(options({ n_neurons: 5, n_images: 60, n_test: 5 }), null)
    const bank = await generateInSilico(
      options({ n_neurons: 5, n_images: 60, n_test: 5, pool: 'bank' }),
      null,
    )
    expect(bank.truth.rates).not.toEqual(energy.truth.rates)
    expect(bank.truth.rates.every((r) => r > 0 && r <= 60)).toBe(true)
  })
})

describe('receptive fields', () => {
  it('are free of the mean and of unit length', () => {
    const patch = gaborPatch({ x0: 20, y0: 11.4, theta: 0.7, frequency: 0.12, sigmaU: 3, sigmaV: 4 }, 0.3, 40)
    const sum = patch.weights.reduce((a, b) => a + b, 0)
    expect(Math.abs(sum)).toBeLessThan(1e-5)
    expect(patch.weights.reduce((a, b) => a + b * b, 0)).toBeCloseTo(1, 5)
    const grey = new Float32Array(1600).fill(3)
    expect(Math.abs(applyPatch(patch, grey, 0, 40))).toBeLessThan(1e-4)
  })

  it('are recovered as spike-triggered averages of simple cells on white noise', async () => {
    const given = options({
      images: 'white_noise',
      image_size: 24,
      n_neurons: 8,
      frac_complex: 0,
      n_images: 12_000,
      n_test: 0,
      validation_frac: 0,
    })
    const data = await generateInSilico(given, null)
    const each = 24 * 24
    const cosines = data.truth.neurons.map((_, n) => {
      const average = new Float64Array(each)
      for (let t = 0; t < 12_000; t++) {
        const count = data.responses[t * 8 + n] as number
        if (count === 0) continue
        for (let p = 0; p < each; p++)
          average[p] = (average[p] as number) + count * ((data.images.pixels[t * each + p] as number) - 127.5)
      }
      return cosine(average, (data.truth.kernels as Float32Array).subarray(2 * n * each, (2 * n + 1) * each))
    })
    expect(median(cosines)).toBeGreaterThan(0.8)
  })

  it('modulate with the phase of a drifting grating in simple cells and hardly in complex ones', async () => {
    const given = options({ n_neurons: 40, image_size: 48, n_images: 200, n_test: 2 })
    const { truth } = await generateInSilico(given, null)
    const phases = 16
    const modulation = truth.neurons.map((neuron) => {
      const pixels = new Uint8Array(phases * 48 * 48)
      for (let i = 0; i < phases; i++) {
        const grating = {
          theta: neuron.theta,
          frequency: neuron.frequency,
          phase: (2 * Math.PI * i) / phases,
          contrast: 1,
        }
        drawGrating(grating, 48, pixels.subarray(i * 48 * 48, (i + 1) * 48 * 48))
      }
      const response = drives(
        pixels,
        [receptiveField(neuron, given)],
        standardOf(pixels),
        48,
        () => undefined,
      )
      return f1OverF0(response)
    })
    const of = (isComplex: boolean): number[] =>
      modulation.filter((_, n) => truth.neurons[n]?.isComplex === isComplex)
    expect(Math.min(...of(false))).toBeGreaterThan(1)
    expect(Math.max(...of(true))).toBeLessThan(1)
  })
})

function f1OverF0(response: Float32Array): number {
  const n = response.length
  let [re, im, mean] = [0, 0, 0]
  response.forEach((value, i) => {
    re += (2 / n) * value * Math.cos((2 * Math.PI * i) / n)
    im += (2 / n) * value * Math.sin((2 * Math.PI * i) / n)
    mean += value / n
  })
  return Math.hypot(re, im) / mean
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] as number) * (b[i] as number)
    aa += (a[i] as number) ** 2
    bb += (b[i] as number) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const centre = (x: readonly number[]): number[] => {
    const mean = x.reduce((s, v) => s + v, 0) / x.length
    return x.map((v) => v - mean)
  }
  return cosine(centre(a), centre(b))
}
