import type { FamilyDetail } from '../../../../src-shared/contract/calls/family.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import type { Answers } from '../../../support/show.ts'
import { COMPARISON, RUNS } from '../compare/small-comparison.ts'

export const FINISHED: readonly RunSummary[] = RUNS.map((run) => ({
  ...run,
  status: 'finished',
  seconds: 600,
}))

/** A run of no graph. */
export const ALONE = { waitsFor: [], blockedBy: null, seconds: null }

/** Two settings of two seeds, which are the runs of the small comparison. */
export const FAMILY: FamilyDetail = {
  name: 'does-it-help',
  title: 'Does it help?',
  question: 'Is the joint network more accurate?',
  description: '',
  tag: 'Does it help?',
  baseline: 'pictures alone',
  steps: [],
  stopped: false,
  grows: false,
  searches: false,
  published: null,
  settings: ['plain', 'joint'].map((name) => ({
    step: '',
    label: name === 'plain' ? 'pictures alone' : 'co-trained',
    groupId: `group of ${name}`,
    runs: RUNS.filter((r) => r.name === name).map(({ seed, id }) => ({
      seed,
      id,
      status: 'finished' as const,
      ...ALONE,
    })),
  })),
  seeds: [1, 2],
  counts: { finished: 4 },
  problem: null,
  yaml: 'name: Does it help?\n',
  problems: [],
}

/** A home with this family and these runs. */
export const answersWith = (runs: readonly RunSummary[] = FINISHED, family = FAMILY): Answers => ({
  'runs.list': () => ({ total: runs.length, runs: [...runs] }),
  'family.list': () => [family],
  'family.get': () => family,
  'compare.table': () => COMPARISON,
})
