import { describe, expect, it } from 'vitest'
import { diffConfigs, leavesOf } from '../../../../src-shared/schema/diff.ts'
import type { RunConfig } from '../../../../src-shared/schema/run-config.ts'

const config = (more: object): Partial<RunConfig> => more

describe('leaves of a config', () => {
  it('are its values by dotted path; lists and nothing are values', () => {
    expect([...leavesOf({ a: 1, b: { c: [1, { d: 2 }], e: null, f: {} }, g: 'x' })]).toEqual([
      ['a', 1],
      ['b.c', [1, { d: 2 }]],
      ['b.e', null],
      ['g', 'x'],
    ])
    expect([...leavesOf(3)]).toEqual([['', 3]])
  })
})

describe('differences of configs', () => {
  it('are the options that are not the same in all, sorted, with the value of each', () => {
    const configs = [
      config({ seed: 1, data_seed: 5, trainer: { fn: 'cotrainer', config: { lr: 1, steps: [1, 2] } } }),
      config({ seed: 2, data_seed: 5, trainer: { fn: 'cotrainer', config: { lr: 1, steps: [1, 3] } } }),
      config({ seed: 1, data_seed: 5, trainer: { fn: 'cotrainer', config: { steps: [1, 2] } } }),
    ]
    expect(diffConfigs(configs)).toEqual([
      { path: 'seed', values: [1, 2, 1] },
      { path: 'trainer.config.lr', values: [1, 1, undefined] },
      {
        path: 'trainer.config.steps',
        values: [
          [1, 2],
          [1, 3],
          [1, 2],
        ],
      },
    ])
    expect(diffConfigs(configs.slice(0, 1))).toEqual([])
    expect(diffConfigs([])).toEqual([])
  })

  it('are none where only labels differ, and tell nothing from false and 0', () => {
    const labels = [
      config({ name: 'a', comment: 'b', tags: ['c'] }),
      config({ name: 'd', comment: '', tags: [] }),
    ]
    expect(diffConfigs(labels)).toEqual([])
    const values = [null, false, 0, ''].map((value) => config({ trainer: { config: { value } } }))
    expect(diffConfigs(values)).toEqual([{ path: 'trainer.config.value', values: [null, false, 0, ''] }])
  })
})
