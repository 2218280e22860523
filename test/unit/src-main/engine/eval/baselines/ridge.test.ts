import { memory, tensor2d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { ridgePredictions } from '../../../../../../src-main/engine/eval/baselines/ridge.ts'
import { correlation } from '../../../../../../src-main/engine/eval/measures/correlation.ts'
import { createRng } from '../../../../../../src-shared/util/rng.ts'
import { useBackend } from '../../../../../support/backend.ts'

const rng = createRng(7)
const IMAGES = 80
const FEATURES = 6
const x = Float32Array.from({ length: IMAGES * FEATURES }, () => rng.normal())
const weights = [2, -1, 0, 0.5, 0, 3]
const truth = (row: number): number =>
  weights.reduce((sum, w, f) => sum + w * (x[row * FEATURES + f] as number), 4)
const rows = (from: number, to: number) =>
  tensor2d(x.slice(from * FEATURES, to * FEATURES), [to - from, FEATURES])

describe('ridgePredictions', () => {
  beforeAll(() => useBackend())

  it('finds a linear dependence and leaves no tensor behind', async () => {
    const [train, test] = [rows(0, 60), rows(60, IMAGES)]
    const before = memory().numTensors
    const values = Float32Array.from({ length: 60 }, (_, i) => truth(i))
    const out = await ridgePredictions(train, { units: 1, values }, test)
    expect(memory().numTensors).toBe(before)
    for (let i = 0; i < 20; i++) expect(out[i]).toBeCloseTo(truth(60 + i), 0)
    train.dispose()
    test.dispose()
  })

  it('learns each unit from the images it was recorded for', async () => {
    const [train, test] = [rows(0, 60), rows(60, IMAGES)]
    // Unit 1 is unit 0 with a third of its images missing; wrong values in their place would spoil it.
    const values = Float32Array.from({ length: 120 }, (_, i) =>
      i % 2 === 1 && Math.floor(i / 2) % 3 === 0 ? NaN : truth(Math.floor(i / 2)),
    )
    const out = await ridgePredictions(train, { units: 2, values }, test)
    const of = (unit: number) => Array.from({ length: 20 }, (_, i) => out[2 * i + unit] as number)
    const wanted = Array.from({ length: 20 }, (_, i) => truth(60 + i))
    expect(correlation(of(0), wanted)).toBeGreaterThan(0.99)
    expect(correlation(of(1), wanted)).toBeGreaterThan(0.98)
    train.dispose()
    test.dispose()
  })

  it('prefers a strong penalty for noise and a weak one for a clear dependence', async () => {
    const [train, test] = [rows(0, 60), rows(60, IMAGES)]
    const noise = createRng(3)
    const values = Float32Array.from({ length: 60 }, () => noise.normal())
    const spread = (v: Float32Array): number => Math.max(...v) - Math.min(...v)
    const guessed = await ridgePredictions(train, { units: 1, values }, test)
    const clear = await ridgePredictions(train, { units: 1, values: values.map((_, i) => truth(i)) }, test)
    expect(spread(guessed)).toBeLessThan(spread(values) / 2)
    expect(spread(clear)).toBeGreaterThan(8)
    train.dispose()
    test.dispose()
  })
})
