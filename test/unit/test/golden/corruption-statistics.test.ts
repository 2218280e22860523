import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { corrupt, corruptionStream } from '../../../../src-main/engine/data/corruptions/corrupt.ts'
import { drawsFrom } from '../../../../src-main/engine/data/corruptions/base/draws.ts'
import { fog, type FogConstants } from '../../../../src-main/engine/data/corruptions/weather/fog.ts'
import {
  motionBlur,
  type MotionConstants,
} from '../../../../src-main/engine/data/corruptions/blur/motion-blur.ts'
import {
  gaussianNoise,
  impulseNoise,
  speckleNoise,
} from '../../../../src-main/engine/data/corruptions/noise/noise.ts'
import { SEVERITIES } from '../../../../src-main/engine/data/corruptions/severities.ts'
import type { Corruption, Draws, RgbImage } from '../../../../src-main/engine/data/corruptions/base/types.ts'
import { createRng, type Rng } from '../../../../src-shared/util/rng.ts'
import {
  type Maker,
  type SeverityStatistics,
  statisticsChecks,
  tLimit,
} from '../../../golden/corruption-statistics.ts'
import { goldenTensor, readGolden } from '../../../golden/read-golden.ts'
import { statisticsOf } from '../../../support/image-statistics.ts'

vi.setConfig({ testTimeout: 120_000 }) // hundreds of images; a busy machine takes several times longer

const file = await readGolden(join(import.meta.dirname, '../../../fixtures/golden/corruptions/corruptions'))
const values = file.values as {
  readonly statistics: readonly {
    readonly corruption: string
    readonly severity: readonly SeverityStatistics[]
  }[]
}
const stored = goldenTensor(file, 'image.a')
const image: RgbImage = {
  height: stored.shape[0]!,
  width: stored.shape[1]!,
  data: stored.data as Uint8Array,
}
const SEEDS = 20

const violations = (severity: readonly SeverityStatistics[], make: Maker): readonly string[] =>
  statisticsChecks(image, severity, { seeds: SEEDS, variation: 0.06, make })
    .filter(({ value, limit }) => !(value <= limit))
    .map(({ what }) => what)

const published = (name: string): readonly SeverityStatistics[] =>
  values.statistics.find(({ corruption }) => corruption === name)?.severity ?? []

/** The corruption with other constants or other random numbers. */
const changed =
  <C>(
    corruption: Corruption<C>,
    constants: readonly C[],
    constant: (c: C) => C,
    draws: (d: Draws) => Draws = (d) => d,
  ): Maker =>
  (severity, rng) =>
    corruption(image, constant(constants[severity - 1]!), {
      constants: 'ic',
      draws: draws(drawsFrom(rng)),
      textures: () => [],
    })

const same = <C>(c: C): C => c
const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length
const spread = (list: readonly number[]) => {
  const average = mean(list)
  const square = mean(list.map((v) => (v - average) ** 2)) * (list.length / (list.length - 1))
  return { average, sd_over_seeds: Math.sqrt(square) }
}

/** Statistics as the reference makes them, from other streams. */
function referenceLike(name: string, severity: number, rng: Rng): SeverityStatistics {
  const all = Array.from({ length: SEEDS }, (_, k) =>
    statisticsOf(corrupt(image, name, severity, { rng: corruptionStream(rng, name, severity, k) }), image),
  )
  const channels = (what: 'mean' | 'std') => {
    const each = [0, 1, 2].map((c) => spread(all.map((s) => s[what][c]!)))
    return { average: each.map((s) => s.average), sd_over_seeds: each.map((s) => s.sd_over_seeds) }
  }
  return {
    mean: channels('mean'),
    std: channels('std'),
    psnr: spread(all.map((s) => s.psnr)),
    lag1_horizontal: spread(all.map((s) => s.lag1_horizontal)),
    lag1_vertical: spread(all.map((s) => s.lag1_vertical)),
    histogram16: [0, 1, 2].map((c) =>
      all[0]!.histogram16[c]!.map((_, bin) => mean(all.map((s) => s.histogram16[c]![bin]!))),
    ),
  }
}

describe('the comparison of corruption statistics', () => {
  it.each(['fog', 'motion_blur', 'snow', 'gaussian_noise'])(
    'accepts %s whatever seeds the reference took',
    (name) => {
      const make: Maker = (severity, rng) => corrupt(image, name, severity, { rng })
      for (const seed of [11, 12, 13]) {
        const severities = [1, 2, 3, 4, 5].map((s) => referenceLike(name, s, createRng(seed)))
        expect(violations(severities, make), `seed ${seed}`).toEqual([])
      }
    },
  )

  it.each<[string, string, Maker]>([
    [
      '10 % more noise',
      'gaussian_noise',
      changed(gaussianNoise, SEVERITIES.gaussian_noise.ic, (c) => c * 1.1),
    ],
    [
      '10 % more speckle',
      'speckle_noise',
      changed(speckleNoise, SEVERITIES.speckle_noise.ic, (c) => c * 1.1),
    ],
    [
      '10 % more impulses',
      'impulse_noise',
      changed(impulseNoise, SEVERITIES.impulse_noise.ic, (c) => c * 1.1),
    ],
    [
      'a plasma of one decay for all severities',
      'fog',
      changed<FogConstants>(fog, SEVERITIES.fog.ic, ([amount]) => [amount, 3]),
    ],
    [
      'a plasma from half of the unit interval',
      'fog',
      changed(fog, SEVERITIES.fog.ic, same<FogConstants>, (draws) => ({
        ...draws,
        uniforms: (n) => draws.uniforms(n).map((u) => 0.5 + u / 2),
      })),
    ],
    [
      'motion in another quarter of directions',
      'motion_blur',
      changed(motionBlur, SEVERITIES.motion_blur.ic, same<MotionConstants>, (draws) => ({
        ...draws,
        uniform: () => draws.uniform(0, 90),
      })),
    ],
  ])('sees %s', (_, name, make) => {
    expect(published(name).length).toBe(5)
    expect(violations(published(name), make)).not.toEqual([])
  })

  it('has the quantiles of the t distribution', () => {
    // two-sided 1e-6, from tables
    expect(tLimit(19)).toBeCloseTo(7.07, 1)
    expect(tLimit(95)).toBeCloseTo(5.24, 1)
    expect(tLimit(1e9)).toBeCloseTo(4.892, 2)
  })
})
