import { TEST_ACCURACY, metricKey } from '../../../src-shared/contract/metric-keys.ts'
import type { Lineage, Relative } from '../../../src-shared/contract/run-answers.ts'
import type { RunSummary } from '../../../src-shared/contract/run.ts'
import { diffConfigs } from '../../../src-shared/schema/diff.ts'
import type { RunStore } from '../../store/run-store.ts'

/** Scores by which people say that a run is better, in this order. */
const HEADLINES = [
  ...TEST_ACCURACY,
  metricKey('FinalTest', 'v1', 'eval'),
  metricKey('FinalTest', 'v4', 'eval'),
]

/** Where a run comes from and what came of it: options changed and shared scores, from parent to child. */
export function lineageOf(store: RunStore, id: string): Lineage {
  const run = store.summary(id)
  const { runs } = store.list()
  const known = new Map(runs.filter((r) => r.readable).map((r) => [r.id, r]))
  const parent = run.parent === null ? undefined : known.get(run.parent)
  return {
    parent: parent === undefined ? null : relative(store, parent, run, parent),
    missingParent: parent === undefined ? run.parent : null,
    children: [...known.values()]
      .filter((r) => r.parent === id)
      .sort((a, b) => a.createdAt - b.createdAt)
      .map((child) => relative(store, run, child, child)),
  }
}

function relative(store: RunStore, parent: RunSummary, child: RunSummary, shown: RunSummary): Relative {
  const configs = [parent, child].map(({ id }) => store.read(id).config)
  const takenOver = configs[1]?.parent ?? null
  return {
    run: shown,
    fromEpoch: takenOver?.epoch ?? null,
    changes: diffConfigs(configs)
      // The parent's name in the child is the relation itself.
      .filter(({ path }) => path !== 'parent' && !path.startsWith('parent.'))
      .map(({ path, values: [from, to] }) => ({ path, from: from ?? null, to: to ?? null })),
    scores: HEADLINES.flatMap((key) => {
      const [from, to] = [parent.scores[key] ?? null, child.scores[key] ?? null]
      return from === null || to === null ? [] : [{ key, from, to }]
    }),
  }
}
