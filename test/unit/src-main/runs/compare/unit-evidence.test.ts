import { describe, expect, it } from 'vitest'
import { neuronTables } from '../../../../../src-main/runs/read/run-arrays.ts'
import { unitDifference, unitEvidence } from '../../../../../src-main/runs/compare/unit-evidence.ts'
import { leavesOutZero } from '../../../../../src-shared/contract/answer.ts'
import type { Rng } from '../../../../../src-shared/util/rng.ts'
import { createRng } from '../../../../../src-shared/util/rng.ts'
import { labs } from '../../../../support/lab.ts'
import { makeFinishedRun } from '../../../../support/made-runs.ts'
import { shippedConfig } from '../../../../support/shipped-config.ts'

const lab = labs()
const COLUMN = 'avg_correlation'

async function settings() {
  const { store } = lab()
  const make = (name: string, seed: number, skill: number) =>
    makeFinishedRun(store, {
      config: shippedConfig('demo-cotrained', { name, seed, trainer: { lr_decay: skill } }),
      skill,
      points: 24,
    })
  const base = [await make('base', 1, 0.2), await make('base', 2, 0.2)]
  const own = [await make('own', 1, 0.8), await make('own', 2, 0.8), await make('own', 7, 0.8)]
  const values = (id: string): number[] => (neuronTables(store, id)[0]?.columns[COLUMN] ?? []).map(Number)
  return { store, base, own, values }
}

describe('unitEvidence', () => {
  it('pairs seeds and units, and has the mean of their differences within its interval', async () => {
    const { store, base, own, values } = await settings()
    const found = unitEvidence(store, { ids: own, baseline: base, area: 'v1', column: COLUMN })
    const differences = [0, 1].flatMap((i) => {
      const other = values(base[i] as string)
      return values(own[i] as string).map((v, k) => v - (other[k] as number))
    })
    expect(found).toMatchObject({ seeds: 2, units: 60, paired: true })
    expect(found?.mean).toBeCloseTo(differences.reduce((a, b) => a + b, 0) / differences.length, 6)
    expect(found?.low).toBeLessThan(found?.mean ?? NaN)
    expect(found?.high).toBeGreaterThan(found?.mean ?? NaN)
  })

  it('answers nothing with one seed on a side, and nothing without units', async () => {
    const { store, base, own } = await settings()
    const wish = { ids: own, baseline: base, area: 'v1', column: COLUMN }
    expect(unitEvidence(store, { ...wish, ids: own.slice(2) })).toBeNull()
    expect(unitEvidence(store, { ...wish, area: 'v4' })).toBeNull()
    expect(unitEvidence(store, { ...wish, column: 'unheard_of' })).toBeNull()
  })
})

describe('unitDifference', () => {
  /** Networks whose units move together (correlation 0.5 within a network), without any difference between the settings. */
  const network = (rng: Rng, units: readonly number[]): Map<string, number> => {
    const shift = rng.normal()
    return new Map(units.map((level, i) => [`v1/s/${i}`, level + shift + rng.normal()]))
  }
  const share = (seeds: number, isPaired: boolean): number => {
    const rng = createRng(7 + seeds)
    const rounds = isPaired ? 1500 : 300
    let wrong = 0
    for (let round = 0; round < rounds; round++) {
      const units = Array.from({ length: 20 }, () => rng.normal())
      const side = (first: number) =>
        new Map(Array.from({ length: seeds }, (_, i) => [first + i, network(rng, units)]))
      const found = unitDifference(side(0), side(isPaired ? 0 : seeds))
      if (found !== null && leavesOutZero(found.low, found.high)) wrong++
    }
    return wrong / rounds
  }

  it('is wrong in about 5 of 100 null cases at most, though units of a network move together', () => {
    for (const seeds of [2, 3, 5])
      for (const isPaired of [true, false]) expect(share(seeds, isPaired)).toBeLessThan(0.075)
    // It is careful, not blind.
    expect(share(5, true)).toBeGreaterThan(0.02)
  })
})
