import { correlation } from './correlation.ts'
import { concatenated, mean, variance } from './moments.ts'
import { repeatsOfUnit, withRepeats, type RepeatedResponses, type UnitRepeats } from './repeated-responses.ts'
import type { ResponseMatrix } from './response-matrix.ts'
import { maskScores, scoreUnits, type UnitScores } from './unit-scores.ts'

/** Guard in the denominator of neuralpredictors' explainable variance; its `fev` has none. */
const EXPLAINABLE_GUARD = 1e-9

/** Units below this share of explainable variance are left out of the published FEVe summary. */
export const FEVE_THRESHOLD = 0.15

/** Scores from each unit's repeated images; images with fewer than two valid repeats are left out. */
function fromRepeats(responses: RepeatedResponses, formula: (repeats: UnitRepeats) => number): UnitScores {
  return scoreUnits(responses.trials.units, (unit) => formula(withRepeats(repeatsOfUnit(responses, unit))))
}

/** Total variance over trials, and noise: mean over images of the variance over repeats. Sample variances. */
function variances(repeats: UnitRepeats): { total: number; noise: number } {
  return {
    total: variance(concatenated(repeats), 1),
    noise: mean(repeats.map((trials) => variance(trials, 1))),
  }
}

/**
 * Jackknife oracle (`get_oracles`): correlation of every trial with the mean of the other repeats of its image. An
 * underestimate of what a model can reach. 0 for a silent unit, flagged as undefined.
 */
export function oracleJackknife(responses: RepeatedResponses): UnitScores {
  const scores = fromRepeats(responses, (repeats) => {
    const oracles = repeats.map((trials) => {
      const sum = trials.reduce((total, value) => total + value, 0)
      return trials.map((value) => (sum - value) / (trials.length - 1))
    })
    return correlation(concatenated(repeats), concatenated(oracles))
  })
  return flagSilent(responses, {
    values: scores.values.map((v) => (Number.isNaN(v) ? 0 : v)),
    defined: scores.defined,
  })
}

/**
 * Conservative oracle (`get_oracles_corrected`): sqrt(Vm / (Vm + Vn)) with population variances of the image means and
 * of the repeats. An overestimate.
 */
export function oracleConservative(responses: RepeatedResponses): UnitScores {
  return fromRepeats(responses, (repeats) => {
    const signal = variance(repeats.map(mean), 0)
    const noise = mean(repeats.map((trials) => variance(trials, 0)))
    return signal / Math.sqrt(signal * (signal + noise))
  })
}

/**
 * Cross oracle (`get_cross_oracles` of the published measures, with two halves of one recording as the two data sets): correlation
 * over images of the mean of the first, third, ... repeat with the mean of the others. 0 for a silent unit, flagged as undefined.
 */
export function oracleCross(responses: RepeatedResponses): UnitScores {
  const scores = fromRepeats(responses, (repeats) => {
    const half = (rest: number): number[] =>
      repeats.map((trials) => mean(trials.filter((_, i) => i % 2 === rest)))
    return correlation(half(0), half(1))
  })
  return flagSilent(responses, {
    values: scores.values.map((v) => (Number.isNaN(v) ? 0 : v)),
    defined: scores.defined,
  })
}

/** Explainable variance with guarded denominator: (total - noise) / (total + 1e-9); 0 for a silent unit, flagged. */
export function explainableVariance(responses: RepeatedResponses): UnitScores {
  const scores = fromRepeats(responses, (repeats) => {
    const { total, noise } = variances(repeats)
    return (total - noise) / (total + EXPLAINABLE_GUARD)
  })
  return flagSilent(responses, scores)
}

/** Fraction of explainable variance: (total - noise) / total; undefined for a silent unit. */
export function fev(responses: RepeatedResponses): UnitScores {
  return fromRepeats(responses, (repeats) => {
    const { total, noise } = variances(repeats)
    return (total - noise) / total
  })
}

/**
 * Fraction of explainable variance explained: 1 - (E - noise) / (total - noise), E the mean squared error over single
 * trials of predictions [images, units]. Undefined without explainable variance; may exceed 1.
 */
export function feve(responses: RepeatedResponses, predictions: ResponseMatrix): UnitScores {
  return scoreUnits(responses.trials.units, (unit) => {
    const perImage = repeatsOfUnit(responses, unit)
    const repeats = withRepeats(perImage)
    const errors = perImage.flatMap((trials, image) => {
      const y = predictions.values[image * predictions.units + unit]!
      return trials.length > 1 ? [trials.map((t) => (t - y) ** 2)] : []
    })
    const { total, noise } = variances(repeats)
    return 1 - (mean(concatenated(errors)) - noise) / (total - noise)
  })
}

/** FEVe of the units whose fraction of explainable variance lies above the threshold; the others become undefined. */
export function feveAbove(
  responses: RepeatedResponses,
  predictions: ResponseMatrix,
  threshold = FEVE_THRESHOLD,
): UnitScores {
  const share = fev(responses).values
  return maskScores(feve(responses, predictions), (unit) => share[unit]! > threshold)
}

/** Makes Poisson counts roughly Gaussian with unit variance (Anscombe 1948). */
export const anscombe = (x: number): number => 2 * Math.sqrt(x + 3 / 8)

/** Signal to noise of Anscombe-transformed counts: variance of image means over the mean variance of repeats. */
export function signalToNoise(responses: RepeatedResponses): UnitScores {
  return fromRepeats(responses, (repeats) => {
    const stabilised = repeats.map((trials) => trials.map(anscombe))
    return variance(stabilised.map(mean), 0) / mean(stabilised.map((trials) => variance(trials, 1)))
  })
}

/**
 * Fraction oracle: slope through the origin of test correlation on oracle, sum(o c) / sum(o^2), over all units of all
 * sessions. NaN when no oracle differs from 0; units without a number are left out.
 */
export function fractionOracle(correlations: ArrayLike<number>, oracles: ArrayLike<number>): number {
  let products = 0
  let squares = 0
  for (let i = 0; i < oracles.length; i++) {
    const [c, o] = [correlations[i]!, oracles[i]!]
    if (Number.isNaN(c) || Number.isNaN(o)) continue
    products += o * c
    squares += o * o
  }
  return products / squares
}

/** Gini coefficient of non-negative numbers: 0 all equal, towards 1 one holds everything. NaN for negatives or zero sum. */
export function gini(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort()
  if ((sorted[0] ?? 0) < 0) return NaN
  let cumulative = 0
  let area = 0
  for (const value of sorted) {
    cumulative += value
    area += cumulative
  }
  return (sorted.length + 1 - (2 * area) / cumulative) / sorted.length
}

/** Flags units without any variance over their repeated trials. */
function flagSilent(responses: RepeatedResponses, scores: UnitScores): UnitScores {
  const varies = (unit: number): boolean =>
    variance(concatenated(withRepeats(repeatsOfUnit(responses, unit))), 0) > 0
  return {
    values: scores.values,
    defined: scores.defined.map((flag, unit) => (flag === 1 && varies(unit) ? 1 : 0)),
  }
}
