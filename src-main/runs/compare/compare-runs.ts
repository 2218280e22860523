import { SECONDS } from '../../../src-shared/contract/metric-keys.ts'
import type { z } from 'zod'
import type { comparison, ScoreSource } from '../../../src-shared/contract/compare-views.ts'
import { epochOfSource } from '../../../src-shared/contract/compare-views.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import type { RunSegment, RunSummary } from '../../../src-shared/contract/run.ts'
import { segmentChanges } from '../../../src-shared/contract/segments.ts'
import type { RunConfig } from '../../../src-shared/schema/run-config.ts'
import { type RunRecord, segmentsOf } from '../../store/files/run-record.ts'
import type { RunStore } from '../../store/run-store.ts'
import { askedNumbers } from '../workers/precision-variables.ts'
import { compareGroups } from './compare-groups.ts'
import { differences } from './compare-options.ts'
import { isCorrupted, robustnessScores } from './robustness-table.ts'
import { bestEpoch, curveScores, loggedEpoch } from './taken-scores.ts'

export type Comparison = z.infer<typeof comparison>
type Scores = Readonly<Record<string, number | null>>

export interface CompareWish {
  readonly ids: readonly string[]
  readonly baseline: string | null
  /** Where the scores come from; the final evaluation unless said. */
  readonly source?: ScoreSource
  /** Whether to make bootstrap intervals beside the others. */
  readonly bootstrap?: boolean
}

/** The runs side by side: only options that differ, every score with its delta to the pinned baseline, groups over seeds. */
export function compareRuns(store: RunStore, wish: CompareWish): Comparison {
  const { ids, baseline, source = 'final', bootstrap = false } = wish
  const runs = ids.map((id) => store.summary(id))
  const base = baseline === null ? null : store.summary(baseline)
  const scores = runs.map((run) => scoresFrom(store, run, base, source))
  const baseScores = base === null ? null : scoresFrom(store, base, base, source)
  const keys = metricKeys(scores)
  const records = ids.map((id) => store.read(id))
  const segments = records.map(segmentsOf)
  const wanted = epochOfSource(source)
  return {
    runs,
    baseline,
    source,
    // Histories are long; they are read only for scores that come from them.
    ...(source === 'at-best' ? { bestEpochs: ids.map((id) => bestEpoch(store, id)) } : {}),
    ...(wanted === null ? {} : { loggedEpochs: ids.map((id) => loggedEpoch(store, id, wanted)) }),
    differences: differences(records.map(({ config }) => config)),
    metrics: keys.map((key) => {
      const values = scores.map((s) => s[key] ?? null)
      const reference = baseScores?.[key] ?? null
      const deltas = values.map((v) => (v === null || reference === null ? null : v - reference))
      return { key, ...metricInfo(key), values, deltas }
    }),
    ...computedApart(ids, segments),
    ...formatsOf(records),
    groups: compareGroups({ runs, scores, keys, base, bootstrap, segments }),
  }
}

/** Runs whose later part was computed otherwise than their start. */
function computedApart(
  ids: readonly string[],
  segments: readonly (readonly RunSegment[])[],
): Pick<Comparison, 'continued'> {
  const found = ids.flatMap((id, i) => {
    const changes = segmentChanges(segments[i] ?? [])
    return changes.length === 0 ? [] : [[id, changes.map(({ text }) => text).join('; ')] as const]
  })
  return found.length === 0 ? {} : { continued: Object.fromEntries(found) }
}

/** The format that the record of a run says, which is that of its config where it has none yet. */
function formatsOf(records: readonly RunRecord[]): Pick<Comparison, 'precisions'> {
  const precisions = records.map(
    ({ environment, config }) => environment?.precision ?? askedNumbers(config.trainer).precision,
  )
  return new Set(precisions).size > 1 ? { precisions } : {}
}

export const configsOf = (store: RunStore, ids: readonly string[]): RunConfig[] =>
  ids.map((id) => store.read(id).config)

function scoresFrom(store: RunStore, run: RunSummary, base: RunSummary | null, source: ScoreSource): Scores {
  return source === 'final' ? allScores(run, base) : { ...curveScores(store, run.id, source), ...timeOf(run) }
}

const timeOf = (run: RunSummary): Scores => (run.seconds > 0 ? { [SECONDS]: run.seconds } : {})

/** Final scores, the scores against the baseline, and the time; corruptions one by one are a table of their own. */
function allScores(run: RunSummary, baseline: RunSummary | null): Scores {
  const own = Object.fromEntries(Object.entries(run.scores).filter(([key]) => !isCorrupted(key)))
  return { ...own, ...robustnessScores(run.scores, baseline?.scores ?? null), ...timeOf(run) }
}

/** Test scores first, then validation, then the rest. */
function metricKeys(scores: readonly Scores[]): string[] {
  const order = ['FinalTest', 'Robustness', 'FinalValidation', 'FinalTraining', 'Validation', 'Training', '']
  const rank = (key: string): number => order.findIndex((start) => key.startsWith(start))
  const keys = [...new Set(scores.flatMap((s) => Object.keys(s)))]
  return keys
    .map((key, i) => ({ key, i }))
    .sort((a, b) => rank(a.key) - rank(b.key) || a.i - b.i)
    .map(({ key }) => key)
}
