import { describe, expect, it } from 'vitest'
import { neuronTables } from '../../../../../src-main/runs/read/run-arrays.ts'
import { unitEvidence } from '../../../../../src-main/runs/compare/unit-evidence.ts'
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

  it('says when no seed matches, and answers nothing without units', async () => {
    const { store, base, own } = await settings()
    const apart = { ids: own.slice(2), baseline: base, area: 'v1', column: COLUMN }
    expect(unitEvidence(store, apart)).toMatchObject({ seeds: 1, units: 60, paired: false })
    expect(unitEvidence(store, { ...apart, area: 'v4' })).toBeNull()
    expect(unitEvidence(store, { ...apart, column: 'unheard_of' })).toBeNull()
  })
})
