import type { RunSummary } from '../../../../src-shared/contract/run.ts'

const CLASSIFIES = /\/img_classification\//
const PREDICTS = /\/(v1|v4)\//

/**
 * The run that others are naturally measured against: of the only setting that classifies alone, among settings that also
 * learn responses. Null where there is none or more than one such setting: then the choice is the reader's.
 */
export function naturalBaseline(runs: readonly RunSummary[]): string | null {
  const scored = runs.filter((r) => Object.keys(r.scores).length > 0)
  const has = (run: RunSummary, pattern: RegExp): boolean =>
    Object.keys(run.scores).some((k) => pattern.test(k))
  const alone = scored.filter((r) => has(r, CLASSIFIES) && !has(r, PREDICTS))
  const both = scored.some((r) => has(r, CLASSIFIES) && has(r, PREDICTS))
  const settings = new Set(alone.map((r) => r.groupId))
  return both && settings.size === 1 ? (alone[0]?.id ?? null) : null
}
