import type { Comparison } from '../../../../src-renderer/features/compare/base/comparison.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import { demoRuns } from '../../../support/fake-renderer/made-up-runs.ts'

export const ACCURACY = 'FinalTest/img_classification/eval'
export const V1 = 'FinalTest/v1/eval'

const [first] = demoRuns()
if (first === undefined) throw new Error('there are demo runs')

const run = (id: string, name: string, seed: number, scores: RunSummary['scores']): RunSummary => ({
  ...first.summary,
  id,
  shortId: id,
  name,
  seed,
  groupId: `group of ${name}`,
  scores,
  tags: [],
  note: '',
})

/** Two settings of two seeds each, with numbers that can be worked out by hand. */
export const RUNS = [
  run('aaaaaaaaa1', 'plain', 1, { [ACCURACY]: 94 }),
  run('aaaaaaaaa2', 'plain', 2, { [ACCURACY]: 95 }),
  run('bbbbbbbbb1', 'joint', 1, { [ACCURACY]: 96, [V1]: 0.5 }),
  run('bbbbbbbbb2', 'joint', 2, { [ACCURACY]: 97, [V1]: 0.6 }),
]
const nothing = { n: 0, mean: null, sem: null, sd: null, interval: null, range: null, delta: null }

/** Compared with the plain run of seed 1. */
export const COMPARISON: Comparison = {
  runs: RUNS,
  baseline: 'aaaaaaaaa1',
  source: 'final',
  differences: [
    { path: 'trainer.config.patience', values: [5, 5, 9, 9], defaults: [true, true, false, false] },
    { path: 'seed', values: [1, 2, 1, 2], defaults: [false, false, false, false] },
  ],
  metrics: [
    {
      key: ACCURACY,
      label: 'Classification accuracy (test)',
      unit: '%',
      goal: 'max',
      values: [94, 95, 96, 97],
      deltas: [0, 1, 2, 3],
    },
    {
      key: V1,
      label: 'V1 single-trial correlation (test)',
      unit: '',
      goal: 'max',
      values: [null, null, 0.5, 0.6],
      deltas: [null, null, null, null],
    },
  ],
  groups: [
    {
      groupId: 'group of plain',
      name: 'plain',
      ids: ['aaaaaaaaa1', 'aaaaaaaaa2'],
      metrics: [
        { key: ACCURACY, n: 2, mean: 94.5, sem: 0.5, sd: 0.707, range: [94, 95], delta: null },
        { key: V1, ...nothing },
      ],
    },
    {
      groupId: 'group of joint',
      name: 'joint',
      ids: ['bbbbbbbbb1', 'bbbbbbbbb2'],
      metrics: [
        {
          key: ACCURACY,
          n: 2,
          mean: 96.5,
          sem: 0.5,
          sd: 0.707,
          range: [96, 97],
          delta: {
            mean: 2,
            low: 0.5,
            high: 3.5,
            note: 'paired over 2 seeds',
            paired: true,
            seeds: 2,
            outlook: { kind: 'settled', more: 0 },
          },
        },
        { key: V1, n: 2, mean: 0.55, sem: 0.05, sd: 0.0707, range: [0.5, 0.6], delta: null },
      ],
    },
  ],
}

/** All words of an element, blanks as one. */
export const words = (element: Element | null | undefined): string =>
  (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim()

/** The cells of all rows of a table. */
export const cells = (table: Element): string[][] =>
  [...table.querySelectorAll('tr')].map((row) => [...row.children].map(words))
