import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { experimentOn } from '../../../../../../src-renderer/features/data/set/experiment-yaml.ts'
import { plainFacts, span } from '../../../../../../src-renderer/features/data/parts/set-facts.ts'
import { unitColumnNames, unitRows } from '../../../../../../src-renderer/features/data/set/unit-columns.ts'
import { parseRunConfig } from '../../../../../../src-shared/schema/run-config.ts'

const set = {
  id: 'a'.repeat(64),
  name: 'my: set',
  kind: 'images' as const,
  origin: '/data/x',
  fingerprint: 'a',
  addedAt: 0,
  bytes: 1,
  summary: '',
  facts: [
    { label: 'Layout', value: 'mnist' },
    { label: 'Images, training', value: '9' },
    { label: 'Classes', value: '3' },
  ],
  findings: [],
  present: true,
}
const part = {
  name: 'train',
  images: 9,
  height: 28,
  width: 28,
  channels: 1,
  mean: [1],
  std: [1],
  grey: 9,
  perClass: { least: 3, most: 3 },
}
const session = {
  session: 's1',
  area: 'V4',
  units: 2,
  trials: 8,
  tiers: [],
  images: 4,
  repeats: { least: 2, mean: 2, most: 2 },
  meanResponse: 1,
  fano: 1,
  missing: 0,
  oracle: null,
  explainableVariance: null,
}

describe('an experiment on one set', () => {
  it('is a config that the schema takes, for images and for both areas', () => {
    const sets = [
      { ...set, parts: [part] },
      { ...set, kind: 'neural' as const, sessions: [session] },
      { ...set, kind: 'neural' as const, sessions: [{ ...session, area: 'V1', meanResponse: -0.1 }] },
    ]
    for (const given of sets) {
      const parsed = parseRunConfig(parse(experimentOn(given) ?? ''))
      expect(parsed.ok ? [] : parsed.problems).toEqual([])
      expect(JSON.stringify(parsed)).toContain('my: set')
    }
  })

  it('takes another loss than Poisson for one negative response, and what was decided for the set', () => {
    const recording = { ...set, kind: 'neural' as const, options: { test_frac: 0.2, test_seed: 1 } }
    const asked = (least: number) =>
      parse(experimentOn({ ...recording, sessions: [{ ...session, least }] }) ?? '')
    expect(asked(-0.5).trainer.config.loss_functions).toEqual({ v4: 'MSELoss' })
    expect(asked(0).trainer.config.loss_functions).toEqual({ v4: 'PoissonLoss' })
    expect(asked(0).dataset.config).toMatchObject({ test_frac: 0.2, test_seed: 1 })
  })

  it('is none where there is nothing to train on', () => {
    expect(experimentOn({ ...set, parts: [{ ...part, name: 'test' }] })).toBeNull()
  })
})

it('leaves out facts that the tables show', () => {
  expect(plainFacts({ ...set, parts: [part] }).map((f) => f.label)).toEqual(['Layout'])
  expect(plainFacts(set)).toHaveLength(3)
  expect([span(4, 4), span(1000, 2000)]).toEqual(['4', '1,000 to 2,000'])
})

it('makes a row of each unit with its flag, columns in reading order', () => {
  const columns = { mean: [1, null], oracle: [0.5, null] }
  const tables = [{ session: 's1', area: 'V1', units: ['a', 'b'], flags: ['', 'dead'], columns }]
  expect(unitColumnNames(tables)).toEqual(['oracle', 'mean'])
  expect(unitRows(tables)).toMatchObject([
    { key: 's1 a', flag: '', values: { oracle: 0.5, mean: 1 } },
    { key: 's1 b', flag: 'dead', values: { oracle: null, mean: null } },
  ])
})
