import {
  MEAN_CORRUPTED,
  MEAN_CORRUPTION_ERROR,
  ROBUSTNESS,
  TEST_ACCURACY,
} from '../../../src-shared/contract/metric-keys.ts'
import type { z } from 'zod'
import type { robustnessTable } from '../../../src-shared/contract/compare-views.ts'
import type { RobustnessRun } from '../../engine/eval/robustness.ts'
import { scoreRobustness } from '../../engine/eval/robustness.ts'

export type RobustnessTable = z.infer<typeof robustnessTable>
type Scores = Readonly<Record<string, number | null>>

/** `fly_c_test fog 3/img_classification/eval`: a set, a corruption, a severity. */
const CORRUPTED = /^(c_test|fly_c_test|imagenet_fly_c_test) (.+) (\d+)\/img_classification\/eval$/
const CLEAN = TEST_ACCURACY

/** Whether a score belongs to the table of corruptions and not among the metrics. */
export const isCorrupted = (key: string): boolean => /^(c_test|fly_c_test|imagenet_fly_c_test) /.test(key)

/** Accuracies of a run by corruption and severity; null when it was not tested on corrupted images. */
export function robustnessRun(scores: Scores): RobustnessRun | null {
  const corrupted = new Map<string, Map<number, number>>()
  // Stored and on-the-fly corruptions are different images: where a run has several sets, the first one in this order counts.
  const found = Object.entries(scores).flatMap(([key, value]) => {
    const match = CORRUPTED.exec(key)
    return match === null || value === null
      ? []
      : [{ set: match[1], name: match[2]!, severity: Number(match[3]), value }]
  })
  const atChance = new Map<string, Set<number>>()
  const set = ['c_test', 'fly_c_test', 'imagenet_fly_c_test'].find((s) => found.some((f) => f.set === s))
  for (const { name, severity, value } of found.filter((f) => f.set === set)) {
    if (!corrupted.has(name)) corrupted.set(name, new Map())
    corrupted.get(name)?.set(severity, value)
    if (scores[`${set} ${name} ${severity}/img_classification/at_chance`] !== 1) continue
    atChance.set(name, (atChance.get(name) ?? new Set()).add(severity))
  }
  return corrupted.size === 0 ? null : { clean: cleanAccuracy(scores) ?? Number.NaN, corrupted, atChance }
}

const cleanAccuracy = (scores: Scores): number | null =>
  CLEAN.map((key) => scores[key]).find((value) => value !== null && value !== undefined) ?? null

/** Mean corrupted accuracy, robustness score and mCE in percent; the two against a baseline are null without one. */
export function robustnessScores(scores: Scores, baseline: Scores | null): Record<string, number | null> {
  return robustnessAgainst(scores, baseline === null ? null : robustnessRun(baseline))
}

/** The same against accuracies that need not be those of one run, as the average over seeds. */
export function robustnessAgainst(
  scores: Scores,
  baseline: RobustnessRun | null,
): Record<string, number | null> {
  const run = robustnessRun(scores)
  if (run === null) return {}
  const score = scoreRobustness(run, baseline)
  return {
    [MEAN_CORRUPTED]: finite(score.meanCorruptedAccuracy),
    [ROBUSTNESS]: finite(100 * score.relativeRobustness),
    [MEAN_CORRUPTION_ERROR]: finite(score.mce),
  }
}

export function tableOf(
  id: string,
  scores: Scores,
  baseline: { id: string; scores: Scores } | null,
): RobustnessTable {
  const run = robustnessRun(scores)
  const other = baseline === null ? null : robustnessRun(baseline.scores)
  const corruptions = [...(run?.corrupted.keys() ?? [])]
  const severities = [...new Set([...(run?.corrupted.values() ?? [])].flatMap((m) => [...m.keys()]))].sort(
    (a, b) => a - b,
  )
  const grid = (of: RobustnessRun | null): (number | null)[][] =>
    corruptions.map((name) => severities.map((severity) => of?.corrupted.get(name)?.get(severity) ?? null))
  return {
    id,
    baseline: baseline?.id ?? null,
    clean: cleanAccuracy(scores),
    corruptions,
    severities,
    accuracy: grid(run),
    baselineAccuracy: other === null ? null : grid(other),
    atChance: corruptions.map((name) =>
      severities.map((severity) => run?.atChance?.get(name)?.has(severity) === true),
    ),
    leftOut: run === null ? 0 : scoreRobustness(run, other).leftOut,
    scores: robustnessScores(scores, baseline?.scores ?? null),
  }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
