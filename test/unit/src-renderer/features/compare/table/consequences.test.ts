import { describe, expect, it } from 'vitest'
import {
  foldGroups,
  isConsequence,
  tellingDifferences,
} from '../../../../../../src-renderer/features/compare/table/consequences.ts'
import {
  differenceBlocks,
  differenceColumns,
  differenceSentence,
  patchOf,
} from '../../../../../../src-renderer/features/compare/differences/difference-blocks.ts'
import { compareRuns } from '../../../../../support/fake-renderer/made-up-comparison.ts'
import { demoRuns } from '../../../../../support/fake-renderer/made-up-runs.ts'

const runs = demoRuns().slice(0, 3)
const summaries = runs.map((r) => r.summary)
const d = (path: string, ...values: unknown[]) => ({ path, values, defaults: values.map(() => false) })

describe('isConsequence', () => {
  it('is an option that only the other component has', () => {
    expect(isConsequence(d('dataset.config.shuffle', true, undefined, undefined), summaries)).toBe(true)
  })

  it('is not an option that runs of the same component lack', () => {
    expect(isConsequence(d('dataset.config.x', undefined, 3, undefined), summaries)).toBe(false)
  })

  it('is not an option with different values', () => {
    expect(isConsequence(d('dataset.config.x', undefined, 3, 4), summaries)).toBe(false)
  })
})

describe('foldGroups', () => {
  it('makes one difference of a group that is there or not', () => {
    const folded = foldGroups([1, 2, 3, 4].map((i) => d(`dataset.config.v1.o${i}`, undefined, i, i)))
    expect(folded).toHaveLength(1)
    expect(folded[0]).toMatchObject({
      path: 'dataset.config.v1',
      values: [undefined, 'set (4 options)', 'set (4 options)'],
    })
  })

  it('leaves a group alone in which values differ', () => {
    const list = [
      d('a.config.g.x', 1, 2),
      d('a.config.g.y', undefined, 2),
      d('a.config.g.z', undefined, 3),
      d('a.config.g.w', undefined, 3),
    ]
    expect(foldGroups(list)).toHaveLength(4)
  })
})

it('names the component first and keeps the list short', () => {
  const comparison = compareRuns(runs, summaries[0]!.id)
  const telling = tellingDifferences(comparison)
  expect(telling[0]?.path).toBe('dataset.fn')
  expect(telling.length).toBeLessThan(12)
  expect(comparison.differences.length).toBeGreaterThan(50)
})

it('marks cells that differ from the baseline, in blocks by component', () => {
  const comparison = compareRuns(runs, summaries[1]!.id)
  const wish = { search: '', ignored: new Set<string>(), columns: differenceColumns(comparison, 'runs') }
  const telling = tellingDifferences(comparison)
  const blocks = differenceBlocks(comparison, telling, wish)
  expect(blocks.map((b) => b.title)).toContain('Data set')
  const fn = blocks.flatMap((b) => b.rows).find((r) => r.path === 'dataset.fn')!
  expect(fn.cells.map((c) => c.differs)).toEqual([true, false, false])
  expect(differenceBlocks(comparison, telling, { ...wish, search: 'nothing is called so' })).toEqual([])
  const ignored = new Set(['dataset.fn'])
  const rest = differenceBlocks(comparison, telling, { ...wish, ignored }).flatMap((b) => b.rows)
  expect(rest.map((r) => r.path)).not.toContain('dataset.fn')
})

describe('what differs, in words and as a patch', () => {
  const pair = compareRuns(runs.slice(0, 2), summaries[0]!.id)
  const one = {
    ...pair,
    differences: [
      { path: 'trainer.config.optimizer_options.lr', values: [0.001, 0.002], defaults: [true, false] },
      { path: 'seed', values: [1, 2], defaults: [false, false] },
    ],
  }
  const none = new Set<string>()

  it('names the only differing option with its values', () => {
    expect(differenceSentence(one, 'seeds', none)).toBe(
      'One option differs: Learning rate is 0.001 or 0.002.',
    )
    expect(differenceSentence({ ...one, differences: one.differences.slice(1) }, 'runs', none)).toBe(
      'These runs differ in the seed only.',
    )
    expect(differenceSentence({ ...one, differences: [] }, 'runs', none)).toBe('Every option is the same.')
  })

  it('writes what turns one config into the other, and says what is gone', () => {
    const gone = { path: 'model.config.x', values: [3, null], defaults: [false, true], absent: [false, true] }
    expect(patchOf({ ...one, differences: [...one.differences, gone] }, 1, 0)).toBe(
      'trainer:\n  config:\n    optimizer_options:\n      lr: 0.002\nseed: 2\n# not set: model.config.x\n',
    )
  })
})
