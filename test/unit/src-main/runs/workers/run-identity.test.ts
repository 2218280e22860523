import { describe, expect, it } from 'vitest'
import { identify } from '../../../../../src-main/runs/workers/run-identity.ts'
import { smallConfig } from '../../../../support/lab.ts'

const DATA = { data: 'd'.repeat(64), weightsFile: null, repetition: 0 }
const idOf = (changes: Record<string, unknown>, ingredients: Partial<typeof DATA> = {}, seed = 1): string =>
  identify(smallConfig(seed, changes), { ...DATA, ...ingredients }).id

describe('the id of a run', () => {
  it('does not depend on labels, order of keys, or defaults written out', () => {
    const id = idOf({})
    expect(idOf({ name: 'other', comment: 'x', tags: ['a'] })).toBe(id)
    expect(idOf({ trainer: { fn: 'cotrainer', config: { max_iter: 100, patience: 10 } } })).toBe(
      idOf({ trainer: { fn: 'cotrainer', config: { patience: 10.0, max_iter: 100 } } }),
    )
    expect(id).toMatch(/^[0-9a-f]{64}$/)
  })

  it('depends on every setting, the seeds, the data, the weights and the repetition', () => {
    const ids = [
      idOf({}),
      idOf({}, {}, 2),
      idOf({ data_seed: 7 }),
      idOf({ trainer: { fn: 'cotrainer', config: { max_iter: 7 } } }),
      idOf({}, { data: 'e'.repeat(64) }),
      idOf({}, { weightsFile: 'abc' as never }),
      idOf({}, { repetition: 1 }),
    ]
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('gives runs that differ in the seed only one group', () => {
    const group = (seed: number, changes = {}) => identify(smallConfig(seed, changes), DATA).identity.group
    expect(group(1)).toBe(group(2))
    expect(group(1)).not.toBe(group(1, { data_seed: 5 }))
  })
})
