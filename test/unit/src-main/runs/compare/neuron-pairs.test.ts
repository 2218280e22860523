import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '../../../../../src-main/disk/atomic-write.ts'
import { neuronPairs } from '../../../../../src-main/runs/compare/neuron-pairs.ts'
import { excludedBy } from '../../../../../src-main/runs/compare/unit-filter.ts'
import { unitValues } from '../../../../../src-main/runs/compare/unit-values.ts'
import type { RunStore } from '../../../../../src-main/store/run-store.ts'
import { openRunStore } from '../../../../../src-main/store/run-store.ts'
import { makeFinishedRun } from '../../../../support/made-runs.ts'
import { shippedConfig } from '../../../../support/shipped-config.ts'

const ALL = { area: '', session: '', leastCeiling: 0, leastFev: 0 }

describe('units of made-up runs', () => {
  let home = ''
  let store: RunStore
  const run = (skill: number, seed: number) =>
    makeFinishedRun(store, { config: shippedConfig('demo-cotrained', { seed }), skill })

  const pairsOf = (a: string[], b: string[], column = 'avg_correlation', filter = ALL) =>
    neuronPairs(store, { a, b, column, filter })

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cotrain-pairs-'))
    store = openRunStore({ home, disk: { writeFile: writeFileAtomic } })
  })
  afterEach(() => {
    store.close()
    rmSync(home, { recursive: true })
  })

  it('counts a unit for the run in which it is higher', async () => {
    const [weak, strong] = [await run(0, 1), await run(1, 2)]
    const answer = pairsOf([weak], [strong])
    expect(answer.n).toBe(60)
    expect(answer.bHigher).toBeGreaterThan(55)
    expect(answer.aHigher + answer.bHigher).toBe(60)
    const turned = pairsOf([strong], [weak])
    expect(turned.aHigher).toBe(answer.bHigher)
    expect(turned.difference?.mean).toBeCloseTo(-(answer.difference?.mean ?? NaN), 12)
    // One network a side: however many units agree, nothing is tested.
    expect(answer.difference).toMatchObject({
      low: null,
      high: null,
      outlook: { kind: 'no-spread', more: 2 },
    })
  })

  it('averages units over seeds and tests the means of networks, repeats of a seed being no further networks', async () => {
    const named = (name: string, seed: number, skill: number) =>
      makeFinishedRun(store, {
        config: shippedConfig('demo-cotrained', { name, seed, trainer: { lr_decay: skill } }),
        skill,
      })
    const a = [await named('a', 1, 0.4), await named('a', 2, 0.4)]
    const b = [await named('b', 1, 0.6), await named('b', 2, 0.6)]
    const answer = pairsOf(a, b)
    const single = [pairsOf(a.slice(0, 1), b.slice(0, 1)), pairsOf(a.slice(1), b.slice(1))]
    const means = single.map(({ difference }) => difference?.mean ?? NaN)
    expect(answer.pairs[3]?.a).toBeCloseTo(
      single.reduce((sum, { pairs }) => sum + (pairs[3]?.a ?? NaN), 0) / 2,
      12,
    )
    expect(answer.difference).toMatchObject({ paired: true, seeds: 2 })
    expect(answer.difference?.mean).toBeCloseTo(((means[0] ?? NaN) + (means[1] ?? NaN)) / 2, 12)
    // Student's t with one degree of freedom: half the distance of the two means times 12.706.
    const half = (Math.abs((means[0] ?? NaN) - (means[1] ?? NaN)) / 2) * 12.7062
    expect((answer.difference?.high ?? NaN) - (answer.difference?.mean ?? NaN)).toBeCloseTo(half, 4)
  })

  it('leaves units out by rule and counts them, in pairs and in distributions alike', async () => {
    const [a, b] = [await run(0.5, 1), await run(0.5, 2)]
    const filter = { ...ALL, leastCeiling: 0.7 }
    const pairs = pairsOf([a], [b], 'avg_correlation', filter)
    expect(pairs.pairs.every((p) => (p.ceiling ?? 0) >= 0.7)).toBe(true)
    expect(pairs.n + pairs.left.ceiling).toBe(60)
    expect(pairs.left.ceiling).toBeGreaterThan(0)
    const [own] = unitValues(store, [a], 'avg_correlation', filter).runs
    expect(own?.values).toEqual(pairs.pairs.map((p) => p.a))
    expect(own?.left).toEqual(pairs.left)
  })

  it('says that a measure is undefined where a run lacks it', async () => {
    const [a, b] = [await run(0.5, 1), await run(0.5, 2)]
    const answer = pairsOf([a], [b], 'feve')
    expect(answer).toMatchObject({ n: 0, difference: null, left: { undefined: 60 } })
  })

  it('names measures and filters, and skips runs without units', async () => {
    const a = await run(0.5, 1)
    const images = await makeFinishedRun(store, {
      config: shippedConfig('demo-baseline', { seed: 1 }),
      skill: 0.5,
    })
    const answer = unitValues(store, [a, images], 'avg_correlation', ALL)
    expect(answer.runs.map((r) => r.id)).toEqual([a])
    expect(answer).toMatchObject({
      areas: ['v1'],
      sessions: ['session-1'],
      ceiling: 'ceiling',
      hasFev: false,
    })
    expect(answer.columns).toContain('correlation')
    expect(answer.runs[0]?.units[0]).toBe('session-1 unit 1')
  })
})

describe('excludedBy', () => {
  const table = {
    session: 's',
    area: 'v1',
    units: ['x', 'y'],
    columns: { oracle: [0.6, null], fev: [0.1, 0.5] },
  }
  it('uses the oracle where no ceiling is known, and excludes units without the number once there is a limit', () => {
    expect(excludedBy(table, 0, { ...ALL, leastCeiling: 0.5 })).toBeNull()
    expect(excludedBy(table, 1, { ...ALL, leastCeiling: 0.5 })).toBe('ceiling')
    expect(excludedBy(table, 1, ALL)).toBeNull()
  })
  it('names the first rule that applies', () => {
    expect(excludedBy(table, 0, { ...ALL, area: 'v4', leastFev: 0.15 })).toBe('elsewhere')
    expect(excludedBy(table, 0, { ...ALL, leastFev: 0.15 })).toBe('fev')
    expect(excludedBy(table, 1, { ...ALL, session: 'other' })).toBe('elsewhere')
  })
})
