import { memory } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { excitingInputs } from '../../../../../src-main/engine/analysis/exciting-inputs.ts'
import { constrained } from '../../../../../src-main/engine/analysis/image-steps.ts'
import type { UnitField } from '../../../../../src-main/engine/analysis/receptive-field.ts'
import { receptiveFields } from '../../../../../src-main/engine/analysis/receptive-field.ts'
import { responsesTo } from '../../../../../src-main/engine/analysis/responder.ts'
import type { UnitTuning } from '../../../../../src-main/engine/analysis/tuning.ts'
import { tuningOf } from '../../../../../src-main/engine/analysis/tuning.ts'
import { gaborPatch, placePatch } from '../../../../../src-main/engine/data/in-silico/gabor.ts'
import { useBackend } from '../../../../support/backend.ts'
import type { Generator } from '../../../../support/generator-responder.ts'
import { generatorResponder } from '../../../../support/generator-responder.ts'

/** Control by truth: what analyses find in the simulated neurons themselves is what these were made of. */
const UNITS = 8
const SIZE = 40
const SCALE = { grey: 0, sd: 1, black: -3, white: 3 }
const CONTRAST = 0.3
let truth: Generator
let fields: readonly UnitField[]
let tuning: readonly UnitTuning[]

beforeAll(async () => {
  await useBackend()
  truth = await generatorResponder(UNITS, SIZE, 96)
  fields = await receptiveFields(truth.responder, truth.images)
  const options = {
    ...{ orientations: 12, frequencies: 8, lowest: 2, highest: 16, phases: 8, contrast: 0.5 },
    ...{ sizes: 8, contrasts: 8, draws: 50 },
  }
  const places = fields.map(({ place }) => place)
  tuning = await tuningOf(truth.responder, places, options, SCALE, createRng(1))
})
afterAll(() => truth.close())

describe('the receptive field', () => {
  it('lies within 3 px of the place that the neuron was given', () => {
    const away = truth.neurons.map(({ x0, y0 }, i) =>
      Math.hypot(fields[i]!.place!.x - x0, fields[i]!.place!.y - y0),
    )
    expect(Math.max(...away)).toBeLessThan(3)
  })

  it('has the filter of a simple cell as its mean and first component, and both partners of a complex cell as two', () => {
    truth.fields.forEach((field, i) => {
      const { components, shares, mean } = fields[i]!
      const filters = [field.filter, field.quadrature].flatMap((patch) => {
        if (patch === null) return []
        const whole = new Float32Array(SIZE * SIZE)
        placePatch(patch, whole, 0, SIZE)
        return [whole]
      })
      const along = (a: ArrayLike<number>, b: Float32Array): number =>
        b.reduce((sum, v, k) => sum + v * a[k]!, 0)
      for (const filter of filters) {
        const spanned = components.slice(0, filters.length).map((c) => along(c, filter) ** 2)
        expect(spanned.reduce((a, b) => a + b, 0)).toBeGreaterThan(0.8)
      }
      if (filters.length > 1) expect(shares[1]! / shares[0]!).toBeGreaterThan(0.4)
      else expect(along(mean, filters[0]!) / Math.sqrt(along(mean, mean))).toBeGreaterThan(0.9)
    })
  })
})

describe('gratings', () => {
  it('tell the orientation within 10 degrees', () => {
    const away = truth.neurons.map(({ theta }, i) => {
      const d = tuning[i]!.preferred!.theta.value - theta
      return Math.abs(d - Math.PI * Math.round(d / Math.PI)) * (180 / Math.PI)
    })
    expect(Math.max(...away)).toBeLessThan(10)
  })

  it('tell the spatial frequency within 0.3 octaves', () => {
    const away = truth.neurons.map(({ frequency }, i) =>
      Math.abs(Math.log2(tuning[i]!.preferred!.frequency!.value / (frequency * SIZE))),
    )
    expect(Math.max(...away)).toBeLessThan(0.3)
  })

  it('tell simple from complex cells by F1 / F0', () => {
    const found = tuning.map(({ preferred }) => preferred!.modulation! < 1)
    expect(found).toEqual(truth.neurons.map(({ isComplex }) => isComplex))
  })

  it('find a half contrast for responses that saturate as the neurons do', () => {
    for (const { preferred } of tuning) {
      expect(preferred!.halfContrast).toBeGreaterThan(0)
      expect(preferred!.exponent).toBeGreaterThan(1.5)
      expect(preferred!.exponent).toBeLessThan(2.5)
    }
  })
})

describe('most exciting inputs', () => {
  it('reach the response to the best Gabor of the same contrast within 10 %, and the least exciting ones nothing', async () => {
    const options = { contrast: CONTRAST, steps: 60, starts: 2, stepSize: 0.3, blur: 0.7, jitter: 0 }
    const before = memory().numTensors
    const found = await excitingInputs(truth.responder, options, SCALE, createRng(3))
    expect(memory().numTensors).toBe(before)
    const best = await bestGabors()
    found.units.forEach(({ most, least }, i) => {
      expect(most.response / best[i]!).toBeGreaterThan(0.9)
      expect(least.response).toBeLessThan(0.1 * best[i]!)
      expect(most.course.at(-1)).toBe(most.response)
    })
  })
})

/** Largest response of each neuron to its own Gabor function, over phases and sizes, at the contrast of the inputs. */
async function bestGabors(): Promise<readonly number[]> {
  const tried: Float32Array[] = []
  for (const neuron of truth.neurons)
    for (const scale of [0.6, 0.8, 1, 1.25, 1.6])
      for (const turn of [0, 1, 2, 3]) {
        const place = { ...neuron, sigmaU: scale * neuron.sigmaU, sigmaV: scale * neuron.sigmaV }
        const whole = new Float32Array(SIZE * SIZE)
        placePatch(gaborPatch(place, neuron.phase + (turn * Math.PI) / 4, SIZE), whole, 0, SIZE)
        tried.push(constrained(whole, CONTRAST, SCALE))
      }
  const values = Float32Array.from(tried.flatMap((t) => [...t]))
  const answers = await responsesTo(truth.responder, { count: tried.length, values })
  return truth.neurons.map((_, i) => Math.max(...tried.map((__, k) => answers[k * UNITS + i]!)))
}
