import { describe, expect, it } from 'vitest'
import { patternOf, reducerOf } from '../../../../../src-main/engine/analysis/feature-reducer.ts'
import {
  foldsOf,
  heldOutCorrelations,
  medianOverUnits,
} from '../../../../../src-main/engine/analysis/layer-regression.ts'
import { centredGram, debiasedCka } from '../../../../../src-main/engine/eval/similarity/cka.ts'
import type { Features } from '../../../../../src-main/engine/eval/similarity/features.ts'
import { rdm } from '../../../../../src-main/engine/eval/similarity/rdm.ts'
import { compareRdms } from '../../../../../src-main/engine/eval/similarity/rsa.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'

const IMAGES = 120
const random = (dims: number, seed: number): Features => {
  const rng = createRng(seed)
  return { images: IMAGES, dims, values: Float32Array.from({ length: IMAGES * dims }, () => rng.normal()) }
}
/** Features through a random linear map and a rectifier: the next layer. */
function layerOn({ dims, values }: Features, units: number, seed: number): Features {
  const rng = createRng(seed)
  const weights = Float64Array.from({ length: dims * units }, () => rng.normal() * Math.sqrt(2 / dims))
  const made = Float32Array.from({ length: IMAGES * units }, (_, k) => {
    const [i, u] = [Math.floor(k / units), k % units]
    let sum = 0
    for (let d = 0; d < dims; d++) sum += weights[u * dims + d]! * values[i * dims + d]!
    return Math.max(0, sum)
  })
  return { images: IMAGES, dims: units, values: made }
}

describe('the regression from layers to neurons', () => {
  it('finds the layer that the neurons read', () => {
    const rng = createRng(7)
    const layers = [random(30, 1)]
    for (let l = 1; l < 5; l++) layers.push(layerOn(layers[l - 1]!, 30, l + 1))
    const folds = foldsOf(IMAGES, 3, createRng(1))
    for (const read of [1, 3]) {
      const seen = layers[read]!
      const weights = Float64Array.from({ length: 30 * 6 }, () => rng.normal())
      const responses: Features = {
        ...{ images: IMAGES, dims: 6 },
        values: Float64Array.from({ length: IMAGES * 6 }, (_, k) => {
          const [i, u] = [Math.floor(k / 6), k % 6]
          let sum = 0.5 * rng.normal()
          for (let d = 0; d < 30; d++) sum += weights[u * 30 + d]! * seen.values[i * 30 + d]!
          return sum
        }),
      }
      const profile = layers.map((layer) =>
        medianOverUnits(heldOutCorrelations(centredGram(layer), responses, folds), createRng(2))!,
      )
      const best = profile.reduce((a, b, i) => (b.median > profile[a]!.median ? i : a), 0)
      expect(best).toBe(read)
      expect(profile[read]!.median).toBeGreaterThan(0.9)
      expect(profile[read]!.low).toBeLessThanOrEqual(profile[read]!.median)
      expect(profile[read]!.n).toBe(6)
    }
  })

  it('is about 0 for a layer that has nothing to do with the neurons', () => {
    const scores = heldOutCorrelations(
      centredGram(random(40, 1)),
      random(20, 2),
      foldsOf(IMAGES, 3, createRng(1)),
    )
    expect(Math.abs(medianOverUnits(scores, createRng(1))!.median)).toBeLessThan(0.15)
  })

  it('holds every image out once', () => {
    const folds = foldsOf(23, 5, createRng(1))
    expect(folds.flatMap((fold) => [...fold]).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 23 }, (_, i) => i),
    )
    expect(folds.map((fold) => fold.length)).toEqual([5, 5, 5, 4, 4])
  })
})

describe('a reduced layer', () => {
  const [height, width, channels] = [10, 10, 12]
  // A layer of little dimension, as layers of networks are.
  const whole = layerOn(random(10, 3), height * width * channels, 4)

  const reduced = (most: number, how: 'projection' | 'spatial-mean') => {
    const reducer = reducerOf([height, width, channels], most, how, createRng(1))
    const values = new Float32Array(IMAGES * reducer.dims)
    for (let i = 0; i < IMAGES; i++)
      reducer.reduce(
        (whole.values as Float32Array).subarray(i * whole.dims, (i + 1) * whole.dims),
        values.subarray(i * reducer.dims, (i + 1) * reducer.dims),
      )
    return { rule: reducer.rule, features: { images: IMAGES, dims: reducer.dims, values } }
  }

  it('is kept whole where it has few outputs', () => {
    const { rule, features } = reduced(1200, 'projection')
    expect(rule).toBe('all')
    expect(features.values).toEqual(whole.values)
  })

  it('is like itself after a projection to a third, and so are its dissimilarities', () => {
    const { rule, features } = reduced(400, 'projection')
    expect(rule).toBe('projection')
    expect(features.dims).toBeLessThanOrEqual(400)
    expect(debiasedCka(features, whole)).toBeGreaterThan(0.97)
    expect(compareRdms(rdm(patternOf(features, rule)), rdm(whole))).toBeGreaterThan(0.95)
  })

  it('becomes the mean of each channel over space', () => {
    const { features } = reduced(400, 'spatial-mean')
    expect(features.dims).toBe(channels)
    let sum = 0
    for (let p = 0; p < height * width; p++) sum += whole.values[p * channels + 3]!
    expect(features.values[3]).toBeCloseTo(sum / (height * width), 5)
  })
})
