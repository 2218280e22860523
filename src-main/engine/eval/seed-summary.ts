import { mean, variance } from './measures/moments.ts'
import { scoreRobustness, type RobustnessRun, type RobustnessScores } from './robustness.ts'

/** Mean over seeds with its standard error sd / sqrt(K); NaN error for a single seed. */
export interface SeedSummary {
  readonly mean: number
  readonly sem: number
  readonly seeds: number
}

/** Summary over seeds; values that are not numbers are left out. */
export function summariseSeeds(values: readonly number[]): SeedSummary {
  const known = values.filter((value) => !Number.isNaN(value))
  const sem = known.length > 1 ? Math.sqrt(variance(known, 1) / known.length) : NaN
  return { mean: mean(known), sem, seeds: known.length }
}

/** Runs of one configuration by seed. */
export type RunsBySeed = ReadonlyMap<number, RobustnessRun>

export interface SeededRobustness {
  readonly perSeed: ReadonlyMap<number, RobustnessScores>
  /** How many seeds were compared with the baseline of the same seed; the others with the average baseline. */
  readonly paired: number
}

/** Scores of every seed against the baseline of the same seed, or against the average baseline where that is missing. */
export function robustnessOverSeeds(runs: RunsBySeed, baselines: RunsBySeed | null): SeededRobustness {
  const averaged = baselines === null || baselines.size === 0 ? null : averageRuns([...baselines.values()])
  const perSeed = new Map(
    [...runs].map(([seed, run]) => [seed, scoreRobustness(run, baselines?.get(seed) ?? averaged)]),
  )
  const paired = [...runs.keys()].filter((seed) => baselines?.has(seed) === true).length
  return { perSeed, paired }
}

/** Mean accuracies of several runs, over the corruptions and severities that all of them have. */
export function averageRuns(runs: readonly RobustnessRun[]): RobustnessRun {
  const [first] = runs
  if (first === undefined) throw new RangeError('there is no run to average')
  const everywhere = (name: string, severity: number): boolean =>
    runs.every((run) => run.corrupted.get(name)?.has(severity))
  const at = (name: string, severity: number): number =>
    mean(runs.map((run) => run.corrupted.get(name)!.get(severity)!)) // checked above
  const corrupted = [...first.corrupted].map(([name, accuracies]) => {
    const shared = [...accuracies.keys()].filter((severity) => everywhere(name, severity))
    return [name, new Map(shared.map((severity) => [severity, at(name, severity)]))] as const
  })
  const guessed = (name: string, severities: Iterable<number>): number[] =>
    [...severities].filter((severity) => runs.every((run) => run.atChance?.get(name)?.has(severity)))
  return {
    clean: mean(runs.map((run) => run.clean)),
    corrupted: new Map(corrupted.filter(([, accuracies]) => accuracies.size > 0)),
    atChance: new Map(corrupted.map(([name, values]) => [name, new Set(guessed(name, values.keys()))])),
  }
}
