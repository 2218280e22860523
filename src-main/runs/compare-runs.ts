import type { z } from 'zod'
import type { comparison } from '../../src-shared/contract/views.ts'
import { metricInfo } from '../../src-shared/contract/metrics.ts'
import type { RunSummary } from '../../src-shared/contract/run.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import type { RunConfig } from '../../src-shared/schema/run-config.ts'
import { diffConfigs, leavesOf } from '../../src-shared/schema/diff.ts'
import { createRng } from '../../src-shared/util/rng.ts'
import { pairedBootstrap } from '../engine/eval/paired-statistics.ts'
import { summariseSeeds } from '../engine/eval/seed-summary.ts'
import type { RunStore } from '../store/run-store.ts'
import { isCorrupted, robustnessScores } from './robustness-table.ts'

export type Comparison = z.infer<typeof comparison>
type Scores = Readonly<Record<string, number | null>>

/** The interval must not change from one look to the next. */
const BOOTSTRAP_SEED = 1

/** The runs side by side: only options that differ, every score with its delta to the pinned baseline, groups over seeds. */
export function compareRuns(store: RunStore, ids: readonly string[], baseline: string | null): Comparison {
  const runs = ids.map((id) => store.summary(id))
  const configs = ids.map((id) => store.read(id).config as unknown as RunConfig)
  const base = baseline === null ? null : store.summary(baseline)
  const scores = runs.map((run) => allScores(run, base))
  const baseScores = base === null ? null : allScores(base, base)
  const keys = metricKeys(scores)
  return {
    runs,
    baseline,
    differences: differences(configs),
    metrics: keys.map((key) => {
      const values = scores.map((s) => s[key] ?? null)
      const reference = baseScores?.[key] ?? null
      const deltas = values.map((v) => (v === null || reference === null ? null : v - reference))
      return { key, ...metricInfo(key), values, deltas }
    }),
    groups: groups(runs, scores, keys, base),
  }
}

/** Final scores, the scores against the baseline, and the time; corruptions one by one are a table of their own. */
export function allScores(run: RunSummary, baseline: RunSummary | null): Scores {
  const own = Object.fromEntries(Object.entries(run.scores).filter(([key]) => !isCorrupted(key)))
  const seconds = run.seconds > 0 ? { 'Time/seconds': run.seconds } : {}
  return { ...own, ...robustnessScores(run.scores, baseline?.scores ?? null), ...seconds }
}

/** Test scores first, then validation, then the rest. */
function metricKeys(scores: readonly Scores[]): string[] {
  const order = ['FinalTest', 'Robustness', 'FinalValidation', 'FinalTraining', '']
  const rank = (key: string): number => order.findIndex((start) => key.startsWith(start))
  const keys = [...new Set(scores.flatMap((s) => Object.keys(s)))]
  return keys
    .map((key, i) => ({ key, i }))
    .sort((a, b) => rank(a.key) - rank(b.key) || a.i - b.i)
    .map(({ key }) => key)
}

function differences(configs: readonly RunConfig[]): Comparison['differences'] {
  const defaults = configs.map((config) => leavesOf(defaultsOf(config)))
  return diffConfigs(configs).map(({ path, values }) => ({
    path,
    values: values.map((value) => value ?? null),
    defaults: values.map((value, i) => JSON.stringify(defaults[i]?.get(path)) === JSON.stringify(value)),
  }))
}

/** The same components with nothing set; null when their schema no longer knows them. */
function defaultsOf({ dataset, model, trainer }: RunConfig): unknown {
  const bare = { dataset: { fn: dataset.fn }, model: { fn: model.fn }, trainer: { fn: trainer.fn } }
  const parsed = parseRunConfig(bare)
  return parsed.ok ? parsed.value : null
}

function groups(
  runs: readonly RunSummary[],
  scores: readonly Scores[],
  keys: readonly string[],
  base: RunSummary | null,
): Comparison['groups'] {
  const members = new Map<string, number[]>()
  for (const [index, { groupId }] of runs.entries())
    members.set(groupId, [...(members.get(groupId) ?? []), index])
  const baseMembers = base === null ? [] : (members.get(base.groupId) ?? [])
  const bySeed = (indices: readonly number[], key: string): Map<number, number> => {
    const known = indices.flatMap((i) => {
      const value = scores[i]?.[key]
      return value === null || value === undefined ? [] : [[runs[i]?.seed ?? 0, value] as const]
    })
    return new Map(known)
  }
  return [...members].map(([groupId, indices]) => ({
    groupId,
    name: runs[indices[0] ?? 0]?.name ?? '',
    ids: indices.map((i) => runs[i]?.id ?? ''),
    metrics: keys.map((key) => {
      const own = bySeed(indices, key)
      const { mean, sem, seeds } = summariseSeeds([...own.values()])
      const isBase = base !== null && groupId === base.groupId
      const delta = isBase ? null : groupDelta(own, bySeed(baseMembers, key))
      return { key, n: seeds, mean: finite(mean), sem: finite(sem), delta }
    }),
  }))
}

/** 95 % interval of the difference to the baseline group, over the seeds that both have. */
function groupDelta(own: ReadonlyMap<number, number>, base: ReadonlyMap<number, number>) {
  const shared = [...own].flatMap(([seed, value]) => {
    const other = base.get(seed)
    return other === undefined ? [] : [[value - other]]
  })
  if (shared.length < 2) return null
  const interval = pairedBootstrap(shared, createRng(BOOTSTRAP_SEED))
  return { ...interval, note: `paired over ${shared.length} seeds, 2000 bootstrap draws` }
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null)
