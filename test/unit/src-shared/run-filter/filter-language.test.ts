import { describe, expect, it } from 'vitest'
import type { OptionLookup } from '../../../../src-shared/run-filter/fields.ts'
import { filterProblems, filterRuns } from '../../../../src-shared/run-filter/filter-runs.ts'
import { suggestionsFor, withSuggestion } from '../../../../src-renderer/features/runs/filter-suggestions.ts'
import { tokensOf } from '../../../../src-shared/run-filter/terms.ts'
import { groupRuns } from '../../../../src-renderer/features/runs/group-runs.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

const runs = demoRuns().map((r) => r.summary)
const LR = 'trainer.config.optimizer_options.lr'
const FLIP = 'dataset.config.flip'
const options: OptionLookup = {
  paths: [LR, FLIP, 'model.config.lr_scale'],
  value: (id, path) => {
    const at = runs.findIndex((r) => r.id === id)
    return path === LR ? at / 100 : path === FLIP ? at % 2 === 0 : null
  },
}
const at = (text: string): number[] =>
  filterRuns(runs, { text, status: 'all' }, options).map((r) => runs.findIndex((q) => q.id === r.id))

describe('the filter of runs', () => {
  it('compares options by whole path, short path and unique ending', () => {
    expect(at(`${LR}<0.02`)).toEqual([0, 1])
    expect(at('trainer.optimizer_options.lr<0.02')).toEqual([0, 1])
    expect(at('lr=0.03')).toEqual([3])
    expect(at('flip=true lr<=0.02')).toEqual([0, 2])
  })

  it('knows not, or, and words with blanks', () => {
    expect(at('-lr>0.01')).toEqual([0, 1])
    expect(at('lr=0.01,0.02')).toEqual([1, 2])
    expect(at('"shuffled control"')).toHaveLength(1)
    expect(at('-"shuffled control"')).toHaveLength(runs.length - 1)
    expect(tokensOf('a "b c" tag:"d e"')).toEqual(['a', '"b c"', 'tag:"d e"'])
  })

  it('names a field that nothing has and what may be meant, and a value that is no number', () => {
    expect(filterProblems('trainer.optimizer_options.lt>1', runs, options)[0]).toContain(
      'Did you mean trainer.optimizer_options.lr?',
    )
    expect(filterProblems('accuracy>ninety', runs, options)[0]).toContain('needs a number')
    expect(filterProblems('tag:', runs, options)[0]).toContain('needs a value')
    expect(filterProblems('shuffled accuracy>90 seed:1000', runs, options)).toEqual([])
  })

  it('finds nothing by an unknown field, instead of everything', () => {
    expect(at('nonsense>1')).toEqual([])
  })

  it('proposes fields, then values, for the last word', () => {
    const known = [{ path: LR, distinct: 2, samples: ['0.003', '0.01'] }]
    const [field] = suggestionsFor('co-trained optimizer', runs, known)
    expect(field?.insert).toBe('trainer.optimizer_options.lr=')
    expect(withSuggestion('co-trained optimizer', field!)).toBe('co-trained trainer.optimizer_options.lr=')
    expect(suggestionsFor('lr=0.0', runs, known).map((s) => s.insert)).toEqual(['lr=0.003 ', 'lr=0.01 '])
    expect(suggestionsFor('status:fin', runs, known)[0]?.insert).toBe('status:finished ')
  })
})

it('one row for each setting has the mean of its finished runs', () => {
  const [first] = runs.filter((r) => r.status === 'finished')
  const key = Object.keys(first!.scores)[0]!
  const rows = groupRuns([
    { ...first!, id: 'a', seed: 2, scores: { [key]: 1 } },
    { ...first!, id: 'b', seed: 1, scores: { [key]: 3 } },
    { ...first!, id: 'c', seed: 3, scores: {}, status: 'failed' },
  ])
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ members: ['a', 'b', 'c'], seeds: [1, 2, 3], scores: { [key]: 2 } })
})
