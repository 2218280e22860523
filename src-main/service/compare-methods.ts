import { allOptions } from '../runs/compare/compare-options.ts'
import type { CompareWish } from '../runs/compare/compare-runs.ts'
import { configsOf } from '../runs/compare/compare-runs.ts'
import { exportComparison } from '../runs/compare/export-comparison.ts'
import { optionEffects } from '../runs/compare/option-effects.ts'
import { neuronPairs } from '../runs/compare/neuron-pairs.ts'
import { unitValues } from '../runs/compare/unit-values.ts'
import { sharedComparison } from '../runs/compare/shared-comparison.ts'
import { unitEvidence } from '../runs/compare/unit-evidence.ts'
import type { Feature, ServiceDeps } from './feature.ts'

export function compareMethods({
  workspace: { store },
}: ServiceDeps): Feature<
  | 'compare.table'
  | 'compare.options'
  | 'compare.effects'
  | 'compare.evidence'
  | 'compare.neurons'
  | 'compare.distributions'
  | 'compare.export'
> {
  const full = (id: string): string => store.resolve(id)
  const shared = sharedComparison(store)
  const compare = (wish: CompareWish) =>
    shared({
      ...wish,
      ids: wish.ids.map(full),
      baseline: wish.baseline === null ? null : full(wish.baseline),
    })
  return {
    'compare.table': (wish) => compare(wish),
    'compare.options': ({ ids }) => allOptions(configsOf(store, ids.map(full))),
    'compare.effects': ({ key, ...wish }) => optionEffects(compare(wish), key),
    'compare.evidence': ({ ids, baseline, area, column }) =>
      unitEvidence(store, { ids: ids.map(full), baseline: baseline.map(full), area, column }),
    'compare.neurons': ({ a, b, column, filter }) =>
      neuronPairs(store, { a: a.map(full), b: b.map(full), column, filter }),
    'compare.distributions': ({ ids, column, filter }) => unitValues(store, ids.map(full), column, filter),
    'compare.export': ({ format, overSeeds, ...wish }) => exportComparison(compare(wish), format, overSeeds),
  }
}
