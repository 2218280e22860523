import { LIVE } from '../../../src-shared/contract/run.ts'
import type { RunRecord } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { Comparison, CompareWish } from './compare-runs.ts'
import { compareRuns } from './compare-runs.ts'

interface Made {
  readonly asked: string
  readonly records: readonly RunRecord[]
  readonly comparison: Comparison
}

/**
 * As {@link compareRuns}; the last comparison is kept. A view asks for its table, the effects of options and files one after the other,
 * all of the same comparison. It is made anew where a run, its notes or its scores have changed, and while a run works.
 */
export function sharedComparison(store: RunStore): (wish: CompareWish) => Comparison {
  let last: Made | null = null
  return (wish) => {
    const { ids, baseline, source = 'final', bootstrap = false } = wish
    const all = baseline === null ? ids : [...ids, baseline]
    const summaries = all.map((id) => store.summary(id))
    const records = all.map((id) => store.read(id))
    const asked = JSON.stringify([ids, baseline, source, bootstrap, summaries])
    const isSame = last?.asked === asked && records.every((record, i) => record === last?.records[i])
    if (last !== null && isSame && !summaries.some(({ status }) => LIVE.has(status))) return last.comparison
    last = { asked, records, comparison: compareRuns(store, wish) }
    return last.comparison
  }
}
