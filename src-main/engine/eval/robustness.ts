import type { CorruptionName } from '../../../src-shared/schema/dataset/corruptions.ts'
import { mean } from './measures/moments.ts'

/** Accuracies of one run in percent. A corrupted set is keyed by corruption, then by severity. */
export interface RobustnessRun {
  readonly clean: number
  readonly corrupted: ReadonlyMap<string, ReadonlyMap<number, number>>
  /** Severities of a corruption at which the network does no better than guessing; none where absent. */
  readonly atChance?: ReadonlyMap<string, ReadonlySet<number>>
}

/** Upper end of a two-sided 95 % interval in standard deviations. */
const Z_95 = 1.96

/** Whether an accuracy in percent over `images` images may come from guessing among `classes`: below the 95 % bound of it. */
export function isAtChance(accuracy: number, classes: number, images: number): boolean {
  const p = 1 / classes
  return accuracy <= 100 * (p + Z_95 * Math.sqrt((p * (1 - p)) / images))
}

/** The 15 common corruptions by group (Hendrycks and Dietterich 2019). */
const CORRUPTION_GROUPS = {
  noise: ['gaussian_noise', 'shot_noise', 'impulse_noise'],
  blur: ['defocus_blur', 'glass_blur', 'motion_blur', 'zoom_blur'],
  weather: ['snow', 'frost', 'fog', 'brightness'],
  digital: ['contrast', 'elastic_transform', 'pixelate', 'jpeg_compression'],
} as const satisfies Readonly<Record<string, readonly CorruptionName[]>>

type CorruptionGroup = keyof typeof CORRUPTION_GROUPS

/** Mean errors of AlexNet on ImageNet-C in percent; a reference for ImageNet images only. */
const ALEXNET_ERRORS: Readonly<Record<string, number>> = {
  ...{ gaussian_noise: 88.6, shot_noise: 89.4, impulse_noise: 92.3, defocus_blur: 82.0, glass_blur: 82.6 },
  ...{
    motion_blur: 78.6,
    zoom_blur: 79.8,
    snow: 86.7,
    frost: 82.7,
    fog: 81.9,
    brightness: 56.5,
    contrast: 85.3,
  },
  ...{ elastic_transform: 64.6, pixelate: 71.8, jpeg_compression: 60.7 },
  ...{ speckle_noise: 84.5, gaussian_blur: 82.6, spatter: 71.8, saturate: 65.8 },
} satisfies Readonly<Record<CorruptionName, number>>

/** Robustness of a run; scores against a baseline need one. NaN where nothing can be compared. */
export interface RobustnessScores {
  /** Percent, mean over severities then corruptions. */
  readonly meanCorruptedAccuracy: number
  /** Mean over corruptions of accuracy over that of the baseline; the baseline has 1. */
  readonly relativeRobustness: number
  /** Mean over corruptions of accuracy over the run's own clean accuracy. */
  readonly cleanNormalised: number
  /** Mean corruption error in percent; the baseline has 100. */
  readonly mce: number
  /** Mean relative corruption error in percent; NaN when no corruption costs the baseline a percentage point. */
  readonly relativeMce: number
  readonly groups: Readonly<Record<CorruptionGroup, GroupScore>>
  readonly perCorruption: ReadonlyMap<string, CorruptionScore>
  /** Cells left out of the scores against the baseline: both networks guess there, so their ratio says nothing. */
  readonly leftOut: number
}

interface GroupScore {
  readonly accuracy: number
  readonly relative: number
}

interface CorruptionScore {
  readonly accuracy: number
  readonly relative: number
  readonly cleanNormalised: number
  readonly error: number
  /** NaN (shown as n/a) when the baseline loses less than a percentage point. */
  readonly relativeError: number
  /** Severities at which both guess: they count in `accuracy`, not in the scores against the baseline. */
  readonly leftOut: readonly number[]
}

/** Degradations of the baseline below this many percentage points make relative errors meaningless. */
const LEAST_DEGRADATION = 1

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const averageKnown = (values: readonly number[]): number =>
  average(values.filter((value) => !Number.isNaN(value)))

/** Severities both runs were tested at; all of the run where there is no baseline. */
function severities(
  run: ReadonlyMap<number, number>,
  baseline: ReadonlyMap<number, number> | undefined,
): readonly number[] {
  return [...run.keys()].filter((severity) => baseline === undefined || baseline.has(severity))
}

function meanAt(accuracies: ReadonlyMap<number, number>, at: readonly number[]): number {
  return average(at.map((severity) => accuracies.get(severity)!)) // `at` holds keys of the map
}

function scoreCorruption(
  run: RobustnessRun,
  baseline: RobustnessRun | null,
  corruption: string,
): CorruptionScore {
  const own = run.corrupted.get(corruption) ?? new Map<number, number>()
  const other = baseline?.corrupted.get(corruption)
  const at = severities(own, other)
  const accuracy = meanAt(own, at)
  const cleanNormalised = accuracy / run.clean
  if (baseline === null || other === undefined) {
    return { accuracy, cleanNormalised, relative: NaN, error: NaN, relativeError: NaN, leftOut: [] }
  }
  const guessed = (of: RobustnessRun, severity: number): boolean =>
    of.atChance?.get(corruption)?.has(severity) === true
  const leftOut = at.filter((severity) => guessed(run, severity) && guessed(baseline, severity))
  const told = at.filter((severity) => !leftOut.includes(severity))
  const [value, reference] = [meanAt(own, told), meanAt(other, told)]
  const lost = baseline.clean - reference
  return {
    accuracy,
    cleanNormalised,
    relative: value / reference,
    error: (100 - value) / (100 - reference),
    relativeError: lost < LEAST_DEGRADATION ? NaN : (run.clean - value) / lost,
    leftOut,
  }
}

/**
 * Scores of a run, against `baseline` where one is given, over the corruptions and severities both were tested on.
 * Never mix stored and on-the-fly corrupted sets in one run: they are different images.
 */
export function scoreRobustness(run: RobustnessRun, baseline: RobustnessRun | null): RobustnessScores {
  const shared = [...run.corrupted.keys()].filter((name) => baseline === null || baseline.corrupted.has(name))
  const perCorruption = new Map(shared.map((name) => [name, scoreCorruption(run, baseline, name)]))
  const all = [...perCorruption.values()]
  const group = (names: readonly string[]): GroupScore => {
    const members = names.flatMap((name) => perCorruption.get(name) ?? [])
    return {
      accuracy: average(members.map((m) => m.accuracy)),
      relative: averageKnown(members.map((m) => m.relative)),
    }
  }
  return {
    meanCorruptedAccuracy: average(all.map((score) => score.accuracy)),
    relativeRobustness: averageKnown(all.map((score) => score.relative)),
    cleanNormalised: average(all.map((score) => score.cleanNormalised)),
    mce: 100 * averageKnown(all.map((score) => score.error)),
    relativeMce: 100 * averageKnown(all.map((score) => score.relativeError)),
    groups: {
      noise: group(CORRUPTION_GROUPS.noise),
      blur: group(CORRUPTION_GROUPS.blur),
      weather: group(CORRUPTION_GROUPS.weather),
      digital: group(CORRUPTION_GROUPS.digital),
    },
    perCorruption,
    leftOut: all.reduce((n, score) => n + score.leftOut.length, 0),
  }
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

/** Mean corruption error in percent against AlexNet's published errors, over the corruptions it has; ImageNet images only. */
export function mceAgainstAlexNet(run: RobustnessRun): number {
  const errors = [...run.corrupted].flatMap(([name, accuracies]) => {
    const reference = ALEXNET_ERRORS[name]
    return reference === undefined ? [] : [(100 - average([...accuracies.values()])) / reference]
  })
  return 100 * average(errors)
}

/**
 * Area under accuracy over noise level (std -> percent) by trapezoids, divided by the range of levels: the mean accuracy
 * over noise, in percent. NaN for fewer than two levels.
 */
export function gaussianCurveArea(curve: ReadonlyMap<number, number>): number {
  const points = [...curve].sort(([a], [b]) => a - b)
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined || first === last) return NaN
  const area = points.slice(1).reduce((sum, [x, y], i) => {
    const [x0, y0] = points[i] as readonly [number, number] // the point before
    return sum + ((x - x0) * (y + y0)) / 2
  }, 0)
  return area / (last[0] - first[0])
}
