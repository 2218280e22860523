import { describe, expect, it } from 'vitest'
import { identify } from '../../../../../src-main/runs/workers/run-identity.ts'
import { smallConfig } from '../../../../support/lab.ts'

const DATA = { data: 'd'.repeat(64), weightsFile: null, repetition: 0 }
const idOf = (changes: Record<string, unknown>, ingredients: Partial<typeof DATA> = {}, seed = 1): string =>
  identify(smallConfig(seed, changes), { ...DATA, ...ingredients }).id

/** Ids that the release before `tf32` and `deterministic` gave, in float32 and in bfloat16. */
const BEFORE = [
  '909104ab966958cd53968c922038105c2849c0bcae74e8b983661f279c46a765',
  '87b3b57f05fbd69f81b68ff2b6eeac6194caea9a9e28cb4192424b304942b6d2',
]

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

  it('is what it was before for number formats and repeats of earlier versions', () => {
    const trainer = (config: Record<string, unknown>) => ({ trainer: { fn: 'cotrainer', config } })
    const id = idOf(trainer({}))
    expect([id, idOf(trainer({ precision: 'bfloat16' }))]).toEqual(BEFORE)
    expect(idOf(trainer({ precision: 'float32', deterministic: false }))).toBe(id)
    const others = [{ precision: 'tf32' }, { deterministic: true }].map((config) => idOf(trainer(config)))
    expect(new Set([...others, ...BEFORE]).size).toBe(4)
  })

  it('is found by the rules of earlier versions too', () => {
    const chosen = smallConfig(1, { trainer: { fn: 'cotrainer', config: { deterministic: false } } })
    const options = { ...chosen.trainer.config } as Record<string, unknown>
    delete options['deterministic']
    const before = { ...chosen, trainer: { fn: 'cotrainer', config: options } } as typeof chosen // as it was stored
    for (const rule of [1, 2] as const)
      expect(identify(chosen, DATA, rule).id).toBe(identify(before, DATA, rule).id)
  })

  it('gives runs that differ in the seed only one group', () => {
    const group = (seed: number, changes = {}) => identify(smallConfig(seed, changes), DATA).identity.group
    expect(group(1)).toBe(group(2))
    expect(group(1)).not.toBe(group(1, { data_seed: 5 }))
  })
})
