import { describe, expect, it } from 'vitest'
import { imageInputs } from '../../../../../../src-main/engine/data/loaders/image-inputs.ts'
import { constantNoise, noisePlan } from '../../../../../../src-main/engine/data/loaders/noise.ts'
import { addNoise } from '../../../../../../src-main/engine/data/loaders/noise.ts'
import {
  byteFinisher,
  byteGrey,
  floatFinish,
} from '../../../../../../src-main/engine/data/loaders/normalise.ts'
import { imageTable } from '../../../../../../src-main/engine/data/loaders/image-table.ts'
import type { PipelinePlan } from '../../../../../../src-main/engine/data/loaders/pipeline.ts'
import { memoryImages } from '../../../../../../src-main/io/images/sources/memory-images.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'

const source = { height: 8, width: 8, channels: 3 }
const plan: PipelinePlan = {
  source,
  size: source,
  changes: [],
  noise: null,
  noiseStream: 'noise',
  grey: 'tensor',
  normalisation: { mean: [0.45], std: [0.22] },
  outChannels: 1,
}
const pixels = Uint8Array.from({ length: 6 * 192 }, (_, i) => (i * 31) % 256)
const images = memoryImages(pixels, source)
const request = (stream: number, positions = [0, 1, 2, 3, 4, 5]) => ({
  positions: Int32Array.from(positions),
  draws: new Int32Array(positions.length),
  stream,
})
const prepared = (p: PipelinePlan, stream = 1, positions?: number[]) =>
  imageInputs(images, [p], imageTable()).prepare(request(stream, positions)) as Float32Array

describe('grey conversions', () => {
  it('weighs floats by 0.2989, 0.587, 0.114 and normalises afterwards', () => {
    const out = prepared(plan)
    const [r, g, b] = [pixels[3] as number, pixels[4] as number, pixels[5] as number]
    const grey = (0.2989 * r + 0.587 * g + 0.114 * b) / 255
    expect(out[1]).toBeCloseTo((grey - 0.45) / 0.22, 5)
  })

  it('rounds bytes as Pillow does', () => {
    expect([byteGrey(255, 255, 255), byteGrey(255, 0, 0), byteGrey(0, 255, 0), byteGrey(0, 0, 255)]).toEqual([
      255, 76, 150, 29,
    ])
    const out = prepared({ ...plan, grey: 'byte', normalisation: { mean: [0], std: [1] } })
    expect(out[1]).toBeCloseTo(
      byteGrey(pixels[3] as number, pixels[4] as number, pixels[5] as number) / 255,
      6,
    )
  })

  it('give the same from bytes and from floats', () => {
    const finish = { channels: 3, grey: 'tensor', normalisation: plan.normalisation, outChannels: 1 } as const
    const [fromBytes, fromFloats] = [new Float32Array(64), new Float32Array(64)]
    byteFinisher(finish)(pixels.subarray(0, 192), fromBytes)
    floatFinish(
      Float32Array.from(pixels.subarray(0, 192), (v) => v / 255),
      finish,
      fromFloats,
    )
    fromBytes.forEach((value, i) => expect(value).toBeCloseTo(fromFloats[i] as number, 5))
  })

  it('repeat a grey image over the channels asked for', () => {
    const grey = { height: 2, width: 2, channels: 1 }
    const one = memoryImages(Uint8Array.from([0, 51, 102, 255]), grey)
    const three: PipelinePlan = {
      ...plan,
      source: grey,
      size: grey,
      grey: null,
      normalisation: { mean: [0], std: [1] },
      outChannels: 3,
    }
    const out = imageInputs(one, [three], {}).prepare(request(1, [0])) as Float32Array
    expect(Array.from(out, (v) => Math.round(v * 255))).toEqual([
      0, 0, 0, 51, 51, 51, 102, 102, 102, 255, 255, 255,
    ])
  })
})

describe('noise', () => {
  it('depends on stream and image, not on the batch it comes in', () => {
    const noisy = { ...plan, noise: constantNoise(0.1) }
    const all = prepared(noisy, 5)
    const alone = prepared(noisy, 5, [3])
    expect(alone).toEqual(all.slice(3 * 64, 4 * 64))
    expect(prepared(noisy, 6, [3])).not.toEqual(alone)
  })

  it('has the stated sd before clipping and stays within 0 and 1', () => {
    const image = new Float32Array(20_000).fill(0.5)
    addNoise(image, constantNoise(0.1), createRng(1))
    const mean = image.reduce((a, b) => a + b) / image.length
    const sd = Math.sqrt(image.reduce((a, b) => a + (b - mean) ** 2, 0) / image.length)
    expect(sd).toBeGreaterThan(0.098)
    expect(sd).toBeLessThan(0.102)
    const strong = new Float32Array(1000).fill(0.5)
    addNoise(strong, constantNoise(2), createRng(1))
    expect([Math.min(...strong), Math.max(...strong)]).toEqual([0, 1])
  })

  it('draws levels by their probabilities; -1 leaves the image clean', () => {
    const mixture = noisePlan('std', { '0.2': 0.3, '-1': 0.7 })
    let noisy = 0
    for (let i = 0; i < 2000; i++) {
      const image = Float32Array.from([0.5])
      addNoise(image, mixture, createRng(1).fork(i))
      if (image[0] !== 0.5) noisy++
    }
    expect(noisy / 2000).toBeGreaterThan(0.27)
    expect(noisy / 2000).toBeLessThan(0.33)
  })

  it('reads signal-to-noise ratios as ratios of powers, or by the published formula', () => {
    const sdOf = (legacy: boolean): number => {
      const image = new Float32Array(20_000).fill(0.5)
      addNoise(image, { ...noisePlan('snr', { '25': 1 }), legacySnr: legacy }, createRng(1))
      return Math.sqrt(image.reduce((a, b) => a + (b - 0.5) ** 2, 0) / image.length)
    }
    expect(sdOf(false)).toBeCloseTo(0.1, 2) // sqrt(0.25 / 25)
    expect(sdOf(true)).toBeCloseTo(0.01, 3) // 0.25 / 25
  })
})

describe('paired views', () => {
  it('puts the second view behind the first and shares streams of the same name only', () => {
    const noisy = { ...plan, noise: constantNoise(0.1) }
    const inputs = imageInputs(images, [noisy, { ...noisy, noiseStream: 'noise 2' }], {})
    const out = inputs.prepare(request(1)) as Float32Array
    expect(inputs.views).toBe(2)
    expect(out).toHaveLength(2 * 6 * 64)
    expect(out.slice(0, 384)).not.toEqual(out.slice(384))
    const same = imageInputs(images, [noisy, noisy], {}).prepare(request(1)) as Float32Array
    expect(same.slice(0, 384)).toEqual(same.slice(384))
  })
})

describe('changes of stored images', () => {
  it('cut the middle out of a larger image', () => {
    const size = { height: 4, width: 4 }
    const crop: PipelinePlan = {
      ...plan,
      size,
      changes: [{ kind: 'centre_crop', options: size, stream: '', size }],
      grey: null,
      outChannels: 3,
      normalisation: { mean: [0], std: [1] },
    }
    const out = prepared(crop, 1, [0])
    expect(out).toHaveLength(48)
    expect(Math.round((out[0] as number) * 255)).toBe(pixels[(2 * 8 + 2) * 3])
  })

  it('turn an image by quarters without losing a pixel', () => {
    const turned: PipelinePlan = { ...plan, changes: [{ kind: 'quarter_turn', options: {}, stream: 'turn' }] }
    const sorted = (values: Float32Array): number[] => Array.from(values).sort((a, b) => a - b)
    const results = [1, 2, 3, 4, 5, 6, 7, 8].map((stream) => prepared(turned, stream, [0]))
    results.forEach((out) => expect(sorted(out)).toEqual(sorted(prepared(plan, 1, [0]))))
    expect(new Set(results.map((out) => out.join())).size).toBeGreaterThan(1)
  })

  it('refuse a change that nobody knows', () => {
    const melt = { kind: 'melt', options: {}, stream: '' }
    const wrong = { ...plan, changes: [melt] } as unknown as PipelinePlan // as a thread of another version would send it
    expect(() => prepared(wrong)).toThrow('melt')
  })
})
