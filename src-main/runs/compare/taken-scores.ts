import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { ScoreSource } from '../../../src-shared/contract/views.ts'
import type { KeySeries, RunSeries } from '../../store/history/run-series.ts'
import type { RunStore } from '../../store/run-store.ts'

type Scores = Readonly<Record<string, number | null>>

/**
 * The values of the curves of a run at one place, from every recorded point: the last one, the best one of each curve by
 * itself, or the one at the moment of the best validation score (as training marked it). Curves that no metric describes
 * are left out: thousands of them must not become thousands of columns.
 */
export function curveScores(store: RunStore, id: string, source: Exclude<ScoreSource, 'final'>): Scores {
  const { series, marks } = store.history(id).read()
  const best = marks.findLast((m) => m.mark === 'best')
  const keys = [...series.keys.keys()].filter((key) => metricInfo(key).label !== key)
  return Object.fromEntries(
    keys.sort().map((key) => {
      const at = series.keys.get(key)! // its own key
      if (source === 'last') return [key, lastOf(at)]
      if (source === 'best') return [key, bestOf(at, metricInfo(key).goal)]
      return [key, best === undefined ? null : valueAt(at, series, best.step)]
    }),
  )
}

/** Epoch of the best validation score; null where training marked none. */
export function bestEpoch(store: RunStore, id: string): number | null {
  return (
    store
      .history(id)
      .read()
      .marks.findLast((m) => m.mark === 'best')?.epoch ?? null
  )
}

/** The last value, as it is: one that was not finite is no score, and no older one takes its place. */
const lastOf = ({ value }: KeySeries): number | null => finite(value.at(-1) ?? NaN)

function bestOf({ value }: KeySeries, goal: 'max' | 'min' | 'none'): number | null {
  if (goal === 'none') return null
  const better = goal === 'max' ? Math.max : Math.min
  const best = value.filter((v) => Number.isFinite(v)).reduce((a, b) => better(a, b), worst(goal))
  return finite(best)
}

const worst = (goal: 'max' | 'min'): number => (goal === 'max' ? -Infinity : Infinity)

/** The value of the last row that is not after `step`. */
function valueAt(at: KeySeries, series: RunSeries, step: number): number | null {
  let found = NaN
  for (let i = 0; i < at.rows.length; i++) {
    if (series.step[at.rows[i]!]! > step) break
    found = at.value[i]!
  }
  return finite(found)
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
