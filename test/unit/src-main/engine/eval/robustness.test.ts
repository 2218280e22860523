import { describe, expect, it } from 'vitest'
import {
  averageRuns,
  gaussianCurveArea,
  isAtChance,
  mceAgainstAlexNet,
  scoreRobustness,
  type RobustnessRun,
} from '../../../../../src-main/engine/eval/robustness.ts'

const run = (clean: number, corrupted: Readonly<Record<string, readonly number[]>>): RobustnessRun => ({
  clean,
  corrupted: new Map(
    Object.entries(corrupted).map(([name, values]) => [name, new Map(values.map((a, i) => [i + 1, a]))]),
  ),
})

const baseline = run(80, { fog: [60, 40], snow: [40, 20] })
const model = run(70, { fog: [60, 50], snow: [50, 40] })

describe('scoreRobustness', () => {
  it('gives 1 and 100 to the baseline itself', () => {
    const scores = scoreRobustness(baseline, baseline)
    expect([scores.relativeRobustness, scores.mce, scores.relativeMce]).toEqual([1, 100, 100])
  })

  it('follows the definitions', () => {
    const scores = scoreRobustness(model, baseline)
    expect(scores.meanCorruptedAccuracy).toBe((55 + 45) / 2)
    expect(scores.relativeRobustness).toBeCloseTo((55 / 50 + 45 / 30) / 2, 12)
    expect(scores.cleanNormalised).toBeCloseTo((55 / 70 + 45 / 70) / 2, 12)
    expect(scores.mce).toBeCloseTo(100 * ((90 / 100 + 110 / 140) / 2), 12)
    expect(scores.relativeMce).toBeCloseTo(100 * ((15 / 30 + 25 / 50) / 2), 12)
    expect(scores.groups.weather).toEqual({ accuracy: 50, relative: scores.relativeRobustness })
    expect(scores.groups.noise.accuracy).toBeNaN()
  })

  it('leaves out relative errors where the baseline hardly degrades', () => {
    const sturdy = run(80, { fog: [79.5, 79.5], snow: [40, 20] })
    const scores = scoreRobustness(model, sturdy)
    expect(scores.perCorruption.get('fog')?.relativeError).toBeNaN()
    expect(scores.relativeMce).toBeCloseTo(50, 12)
  })

  it('takes a point of degradation for one', () => {
    const { perCorruption } = scoreRobustness(model, run(80, { fog: [79, 79] }))
    expect(perCorruption.get('fog')?.relativeError).toBe(15)
  })

  it('compares only what both runs were tested on', () => {
    const partial = run(80, { fog: [60] })
    const scores = scoreRobustness(model, partial)
    expect([...scores.perCorruption.keys()]).toEqual(['fog'])
    expect(scores.relativeRobustness).toBe(1)
  })

  it('needs no baseline for the plain scores', () => {
    const scores = scoreRobustness(model, null)
    expect(scores.meanCorruptedAccuracy).toBe(50)
    expect(scores.relativeRobustness).toBeNaN()
    expect([scores.leftOut, scores.perCorruption.get('fog')?.leftOut]).toEqual([0, []])
  })
})

describe('accuracy at chance', () => {
  it('is what guessing may give: up to the 95 % bound around one in so many classes', () => {
    expect(isAtChance(10, 10, 500)).toBe(true)
    expect(isAtChance(12.6, 10, 500)).toBe(true)
    expect(isAtChance(12.7, 10, 500)).toBe(false)
    expect(isAtChance(2.9, 200, 20)).toBe(true)
  })

  const guessing = (r: RobustnessRun, cells: Readonly<Record<string, readonly number[]>>): RobustnessRun => ({
    ...r,
    atChance: new Map(Object.entries(cells).map(([name, at]) => [name, new Set(at)])),
  })

  it('leaves cells out of the scores against the baseline only where both guess', () => {
    const base = guessing(run(80, { fog: [60, 10] }), { fog: [2] })
    const both = scoreRobustness(guessing(run(80, { fog: [60, 12] }), { fog: [2] }), base)
    expect([both.relativeRobustness, both.mce, both.leftOut]).toEqual([1, 100, 1])
    expect(both.meanCorruptedAccuracy).toBe(36)
    const better = scoreRobustness(run(80, { fog: [60, 40] }), base)
    expect([better.relativeRobustness, better.leftOut]).toEqual([100 / 70, 0])
  })

  it('has no score for a corruption at which both guess everywhere, and goes on with the others', () => {
    const cells = { fog: [1, 2] }
    const base = guessing(run(80, { fog: [10, 10], snow: [40, 40] }), cells)
    const scores = scoreRobustness(guessing(run(80, { fog: [11, 9], snow: [60, 60] }), cells), base)
    expect(scores.perCorruption.get('fog')?.relative).toBeNaN()
    expect(scores.relativeRobustness).toBe(1.5)
  })

  it('holds for an average over seeds only where every seed guesses', () => {
    const seeds = [guessing(baseline, { fog: [1, 2] }), guessing(model, { fog: [2] })]
    expect(averageRuns(seeds).atChance?.get('fog')).toEqual(new Set([2]))
  })
})

describe('other scores of one run', () => {
  it('averages accuracy over noise by trapezoids, levels in any order', () => {
    expect(
      gaussianCurveArea(
        new Map([
          [1, 0],
          [0, 80],
          [0.5, 40],
        ]),
      ),
    ).toBeCloseTo(40, 12)
    expect(gaussianCurveArea(new Map([[0, 80]]))).toBeNaN()
    expect(gaussianCurveArea(new Map())).toBeNaN()
    const away = [
      [2.5, 20],
      [0.5, 60],
    ] as const
    expect(gaussianCurveArea(new Map(away))).toBe(40)
  })

  it('is 100 against AlexNet for AlexNet', () => {
    const own = {
      gaussian_noise: [11.4],
      fog: [18.1],
      brightness: [43.5],
      pixelate: [28.2],
      speckle_noise: [15.5],
    }
    expect(mceAgainstAlexNet(run(60, own))).toBeCloseTo(100, 9)
  })

  it('is half of that for half of its errors, over the corruptions that AlexNet was tested on', () => {
    expect(
      mceAgainstAlexNet(run(60, { fog: [59.05], jpeg_compression: [69.65], rotation: [0] })),
    ).toBeCloseTo(50, 9)
  })
})

describe('averageRuns', () => {
  it('averages what all runs have', () => {
    const mean = averageRuns([baseline, run(60, { fog: [20] })])
    expect(mean.clean).toBe(70)
    expect(mean.corrupted).toEqual(new Map([['fog', new Map([[1, 40]])]]))
    expect(mean.atChance).toEqual(
      new Map([
        ['fog', new Set()],
        ['snow', new Set()],
      ]),
    )
  })

  it('refuses to average nothing', () => {
    expect(() => averageRuns([])).toThrow('there is no run to average')
  })
})
