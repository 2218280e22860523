import { compareRuns } from '../runs/compare-runs.ts'
import { exportComparison } from '../runs/export-run.ts'
import { neuronPairs } from '../runs/neuron-pairs.ts'
import type { Feature, ServiceDeps } from './feature.ts'

export function compareMethods({
  workspace: { store },
}: ServiceDeps): Feature<'compare.table' | 'compare.neurons' | 'compare.export'> {
  const full = (id: string): string => store.resolve(id)
  const compare = (ids: readonly string[], baseline: string | null) =>
    compareRuns(store, ids.map(full), baseline === null ? null : full(baseline))
  return {
    'compare.table': ({ ids, baseline }) => compare(ids, baseline),
    'compare.neurons': ({ a, b, column }) => neuronPairs(store, full(a), full(b), column),
    'compare.export': ({ ids, baseline, format }) => exportComparison(compare(ids, baseline), format),
  }
}
