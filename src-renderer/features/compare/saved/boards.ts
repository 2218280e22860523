import { ROBUSTNESS } from '../../../../src-shared/contract/metric-keys.ts'
import {
  orderedScoreKeys,
  scoreNamed,
  withMeanCorrupted,
} from '../../../../src-shared/contract/score-keys.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import type { SavedView } from './saved-view.ts'

interface Board {
  readonly name: string
  /** Name of the score in searches. */
  readonly score: string
  /** The score exists only against a baseline; runs are found by the score that it is made from. */
  readonly madeFrom?: string
}

/** Views that are always there: all finished runs by one score, over seeds. */
const BOARDS: readonly Board[] = [
  { name: 'Board: accuracy', score: 'accuracy' },
  { name: 'Board: V1 correlation', score: 'v1' },
  { name: 'Board: mean corrupted accuracy', score: 'corrupted' },
  { name: 'Board: robustness against the baseline', score: 'robustness', madeFrom: 'corrupted' },
]

/** The boards that the runs allow; the oldest setting is the baseline where a score needs one. */
export function boardsOf(runs: readonly RunSummary[]): SavedView[] {
  return BOARDS.flatMap(({ name, score, madeFrom }) => {
    const found = runs.filter((r) => scoreNamed(withMeanCorrupted(r.scores), madeFrom ?? score) !== null)
    const first = found.at(-1)
    if (first === undefined) return []
    const key = madeFrom === undefined ? keyOf(found, score) : ROBUSTNESS
    return [
      {
        name,
        runs: [],
        filter: `${madeFrom ?? score}>=0`,
        baseline: madeFrom === undefined ? null : first.id,
        grouping: 'seeds' as const,
        tab: 'table',
        source: 'final' as const,
        spread: 'sem' as const,
        sort: key === null ? [] : [{ id: key, desc: true }],
        columns: {},
      },
    ]
  })
}

/** The key under which these runs file the score that people call by this name. */
function keyOf(runs: readonly RunSummary[], name: string): string | null {
  const keys = orderedScoreKeys(runs.flatMap((r) => Object.keys(withMeanCorrupted(r.scores))))
  return keys.find((key) => scoreNamed({ [key]: 1 }, name) !== null) ?? null
}
