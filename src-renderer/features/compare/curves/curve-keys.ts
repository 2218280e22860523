import { metricInfo } from '../../../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../../../src-shared/contract/run.ts'

/** Curves that are opened first; thousands of keys must not become thousands of charts. */
const FIRST: readonly string[] = [
  'Validation/img_classification/eval',
  'Validation/v1/eval',
  'Validation/v4/eval',
  'Training/img_classification/loss',
  'Training/v1/loss',
  'Training/v4/loss',
]
const SHOWN_AT_FIRST = 4

/** Keys of curves that at least one run has: the asked-for ones first. */
export function curveKeys(runs: readonly RunSummary[], known: readonly string[]): string[] {
  const present = new Set(
    [...known, ...runs.flatMap((r) => Object.keys(r.latest))].filter(
      (k) => !k.startsWith('Final') && !k.startsWith('Robustness/'),
    ),
  )
  return [
    ...FIRST.filter((k) => present.has(k)),
    ...[...present]
      .filter((k) => !FIRST.includes(k))
      .sort((a, b) => metricInfo(a).label.localeCompare(metricInfo(b).label)),
  ]
}

export const firstKeys = (keys: readonly string[]): readonly string[] => keys.slice(0, SHOWN_AT_FIRST)
