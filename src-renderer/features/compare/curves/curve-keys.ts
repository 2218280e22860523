import { isFinalKey, metricKey } from '../../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'

const TASKS = ['img_classification', 'v1', 'v4'] as const

/** Curves that are opened first; thousands of keys must not become thousands of charts. */
const FIRST: readonly string[] = [
  ...TASKS.map((task) => metricKey('Validation', task, 'eval')),
  ...TASKS.map((task) => metricKey('Training', task, 'loss')),
]
const SHOWN_AT_FIRST = 4

/** Keys of curves that at least one run has: the asked-for ones first. */
export function curveKeys(runs: readonly RunSummary[], known: readonly string[]): string[] {
  const present = new Set(
    [...known, ...runs.flatMap((r) => Object.keys(r.latest))].filter((k) => !isFinalKey(k)),
  )
  return [
    ...FIRST.filter((k) => present.has(k)),
    ...[...present]
      .filter((k) => !FIRST.includes(k))
      .sort((a, b) => metricInfo(a).label.localeCompare(metricInfo(b).label)),
  ]
}

export const firstKeys = (keys: readonly string[]): readonly string[] => keys.slice(0, SHOWN_AT_FIRST)
