import { metricParts } from '../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { ScoreSource } from '../../../src-shared/contract/compare-views.ts'
import { epochOfSource } from '../../../src-shared/contract/compare-views.ts'
import type { KeySeries, Mark, RunSeries } from '../../store/history/run-series.ts'
import type { RunStore } from '../../store/run-store.ts'
import { describedKeys, valueAt } from '../read/values-at.ts'

type Scores = Readonly<Record<string, number | null>>

/**
 * The values of the curves of a run at one place, from every recorded point: the last one, the best one of each curve by
 * itself, the one at the moment of the best validation score (as training marked it), or the one at the end of an epoch. Curves that no
 * metric describes are left out.
 */
export function curveScores(store: RunStore, id: string, source: Exclude<ScoreSource, 'final'>): Scores {
  const { series, marks } = store.history(id).read()
  const place = placeOf(source, series, marks)
  return Object.fromEntries(
    describedKeys(series).map((key) => {
      const at = series.keys.get(key)! // its own key
      if (source === 'last') return [key, lastOf(at)]
      if (source === 'best') return [key, bestOf(at, metricInfo(key).goal)]
      return [key, place === null ? null : valueAt(at, series, place)]
    }),
  )
}

/** The step that a source names; null for those that name none, and for runs that never got there. */
function placeOf(source: ScoreSource, series: RunSeries, marks: readonly Mark[]): { step: number } | null {
  const epoch = epochOfSource(source)
  if (epoch === null) return marks.findLast((m) => m.mark === 'best') ?? null
  const at = series.epoch.findLastIndex((e) => e <= epoch)
  return at < 0 || !gotTo(series, epoch) ? null : { step: series.step[at]! }
}

const gotTo = ({ epoch }: RunSeries, wanted: number): boolean => (epoch.at(-1) ?? -1) >= wanted

/**
 * The last epoch with a validation at or before the one asked for, of runs that validate nothing the last one with numbers; null for a run
 * that never got that far.
 */
export function loggedEpoch(store: RunStore, id: string, wanted: number): number | null {
  const { series } = store.history(id).read()
  if (!gotTo(series, wanted)) return null
  const validated = [...series.keys].flatMap(([key, { rows }]) =>
    metricParts(key)?.mode === 'Validation' ? [...rows] : [],
  )
  const rows = validated.length > 0 ? validated : [...series.epoch.keys()]
  const epochs = rows.map((row) => series.epoch[row]!).filter((epoch) => epoch <= wanted)
  return epochs.length === 0 ? null : epochs.reduce((a, b) => Math.max(a, b))
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

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
