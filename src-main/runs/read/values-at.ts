import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { KeySeries, RunSeries } from '../../store/history/run-series.ts'

/** Curves that no metric describes are left out: thousands of them must not become thousands of columns. */
export const describedKeys = ({ keys }: RunSeries): readonly string[] =>
  [...keys.keys()].filter((key) => metricInfo(key).label !== key).sort()

/** The value of the last row of a curve that is not after `step`; null where there is none after the epoch `since`, or it was not finite. */
export function valueAt(
  { rows, value }: KeySeries,
  { step, epoch }: RunSeries,
  place: { readonly step: number; readonly since?: number },
): number | null {
  const { since = -Infinity } = place
  let found = NaN
  for (const [i, row] of rows.entries()) {
    if (step[row]! > place.step) break
    if (epoch[row]! > since) found = value[i]!
  }
  return Number.isFinite(found) ? found : null
}
