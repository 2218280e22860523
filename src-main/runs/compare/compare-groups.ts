import { ROBUSTNESS } from '../../../src-shared/contract/metric-keys.ts'
import type { z } from 'zod'
import type { comparison } from '../../../src-shared/contract/compare-views.ts'
import type { RunSegment, RunSummary } from '../../../src-shared/contract/run.ts'
import { mixedEngines } from '../../../src-shared/contract/segments.ts'
import { createRng } from '../../../src-shared/util/rng.ts'
import { mean, variance } from '../../engine/eval/measures/moments.ts'
import { pairedBootstrap, quantile } from '../../engine/eval/paired-statistics.ts'
import { averageRuns } from '../../engine/eval/robustness.ts'
import { meanInterval } from '../../engine/eval/student-intervals.ts'
import { robustnessAgainst, robustnessRun } from './robustness-table.ts'
import type { BySeed } from './seed-difference.ts'
import { meansBySeed, pairedSeeds, seedDifference } from './seed-difference.ts'

type Groups = z.infer<typeof comparison>['groups']
type GroupScore = Groups[number]['metrics'][number]
type Scores = Readonly<Record<string, number | null>>

/** The interval must not change from one look to the next. */
const BOOTSTRAP_SEED = 1

export interface GroupWish {
  readonly runs: readonly RunSummary[]
  /** Segments of each run, with what they were computed on. */
  readonly segments: readonly (readonly RunSegment[])[]
  /** Scores of each run, those against the baseline left out or replaced below. */
  readonly scores: readonly Scores[]
  readonly keys: readonly string[]
  readonly base: RunSummary | null
  /** Bootstrap intervals take time and are only made when asked for. */
  readonly bootstrap: boolean
}

/** Settings over their seeds: every score with its spread, and its difference to the setting of the baseline. */
export function compareGroups(wish: GroupWish): Groups {
  const { runs, keys, base } = wish
  const members = new Map<string, number[]>()
  for (const [index, { groupId }] of runs.entries())
    members.set(groupId, [...(members.get(groupId) ?? []), index])
  const baseMembers = base === null ? [] : (members.get(base.groupId) ?? [])
  const scores = withSeedRobustness(wish, baseMembers)
  const bySeed = (indices: readonly number[], key: string): BySeed => seedMeans(indices, key, runs, scores)
  return [...members].map(([groupId, indices]) => ({
    groupId,
    name: runs[indices[0] ?? 0]?.name ?? '',
    ids: indices.map((i) => runs[i]?.id ?? ''),
    ...mixedOf(indices.map((i) => wish.segments[i] ?? [])),
    metrics: keys.map((key) => {
      const own = bySeed(indices, key)
      const compared = base !== null && groupId !== base.groupId
      const delta = compared ? differenceOf(own, bySeed(baseMembers, key), wish.bootstrap) : null
      const values = indices.map((i) => scores[i]?.[key] ?? null)
      return { key, values, ...summaryOf([...own.values()], wish.bootstrap), delta }
    }),
  }))
}

function mixedOf(members: readonly (readonly RunSegment[])[]): { mixed?: string[] } {
  const mixed = mixedEngines(members)
  return mixed.length === 0 ? {} : { mixed: [...mixed] }
}

/** Robustness is relative: each seed is scored against the baseline of the same seed, or else against the average baseline. */
function withSeedRobustness(
  { runs, scores, base }: GroupWish,
  baseMembers: readonly number[],
): readonly Scores[] {
  if (base === null) return scores
  const references = new Map(
    baseMembers.flatMap((i) => {
      const run = robustnessRun(runs[i]?.scores ?? {})
      return run === null ? [] : [[runs[i]?.seed ?? 0, run] as const]
    }),
  )
  const average = references.size === 0 ? null : averageRuns([...references.values()])
  return scores.map((own, i) =>
    ROBUSTNESS in own
      ? { ...own, ...robustnessAgainst(runs[i]?.scores ?? {}, references.get(runs[i]?.seed ?? 0) ?? average) }
      : own,
  )
}

/** One value per seed: repeats of a seed are averaged first, so that they do not pass for further seeds. */
function seedMeans(
  indices: readonly number[],
  key: string,
  runs: readonly RunSummary[],
  scores: readonly Scores[],
): BySeed {
  const all = new Map<number, number[]>()
  for (const i of indices) {
    const value = scores[i]?.[key]
    const seed = runs[i]?.seed ?? 0
    if (value !== null && value !== undefined && Number.isFinite(value))
      all.set(seed, [...(all.get(seed) ?? []), value])
  }
  return meansBySeed(all)
}

function summaryOf(
  values: readonly number[],
  bootstrap: boolean,
): Omit<GroupScore, 'key' | 'values' | 'delta'> {
  const n = values.length
  const sd = n < 2 ? null : Math.sqrt(variance(values, 1))
  const { low, high } = meanInterval(values)
  return {
    n,
    mean: n === 0 ? null : mean(values),
    sd,
    sem: sd === null ? null : sd / Math.sqrt(n),
    interval: low === null || high === null ? null : [low, high],
    range: n === 0 ? null : [Math.min(...values), Math.max(...values)],
    bootstrap: bootstrap && n > 1 ? drawn(values.map((v) => [v])) : null,
  }
}

/** The difference to the baseline's setting, with its bootstrap interval where that is asked for and there is another. */
function differenceOf(own: BySeed, base: BySeed, bootstrap: boolean): GroupScore['delta'] {
  const made = seedDifference(own, base)
  if (made === null) return null
  if (!bootstrap || made.low === null) return { ...made, bootstrap: null }
  const { shared, isPaired } = pairedSeeds(own, base)
  const differences = shared.map((seed) => [(own.get(seed) ?? NaN) - (base.get(seed) ?? NaN)])
  return { ...made, bootstrap: isPaired ? drawn(differences) : drawnApart(own, base) }
}

const RESAMPLES = 2000
const TAIL = 0.025

function drawn(rows: readonly number[][]): [number, number] {
  const { low, high } = pairedBootstrap(rows, createRng(BOOTSTRAP_SEED))
  return [low, high]
}

/** Percentile bootstrap of the difference of two independent means. */
function drawnApart(own: BySeed, base: BySeed): [number, number] {
  const rng = createRng(BOOTSTRAP_SEED)
  const one = (values: readonly number[]): number => mean(values.map(() => values[rng.int(values.length)]!))
  const [a, b] = [[...own.values()], [...base.values()]]
  const sorted = Float64Array.from({ length: RESAMPLES }, () => one(a) - one(b)).sort()
  return [quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)]
}
