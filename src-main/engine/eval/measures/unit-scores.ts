/** One number per unit. Where the formula has no value (silent unit, no repeats), `defined` is 0. */
export interface UnitScores {
  /** [units] NaN where undefined; correlations are 0 there, as published. */
  readonly values: Float64Array
  /** [units] 1 or 0. */
  readonly defined: Uint8Array
}

/** Scores of all sessions together. */
export interface PooledScore {
  /** Mean over all units of all sessions that have a number (not a mean of session means); NaN when none has. */
  readonly mean: number
  /** Units the mean is taken over. */
  readonly count: number
  /** Units for which the measure is undefined; those of correlations still count as 0 in the mean. */
  readonly undefinedUnits: number
  /** [all units] in session order. */
  readonly perUnit: Float64Array
}

/** Scores from a formula per unit; a value that is not finite is undefined. */
export function scoreUnits(units: number, formula: (unit: number) => number): UnitScores {
  const values = Float64Array.from({ length: units }, (_, unit) => formula(unit))
  const defined = Uint8Array.from(values, (value) => (Number.isFinite(value) ? 1 : 0))
  return { values: values.map((value) => (Number.isFinite(value) ? value : NaN)), defined }
}

/** Pools sessions in their order. */
export function poolScores(sessions: Iterable<UnitScores>): PooledScore {
  const all = [...sessions]
  const perUnit = Float64Array.from(all.flatMap((scores) => [...scores.values]))
  const known = perUnit.filter((value) => !Number.isNaN(value))
  const undefinedUnits = all.reduce(
    (sum, { defined }) => sum + defined.filter((flag) => flag === 0).length,
    0,
  )
  const sum = known.reduce((total, value) => total + value, 0)
  return { mean: sum / known.length, count: known.length, undefinedUnits, perUnit }
}

/** Keeps the units for which `keep` holds; the others become undefined. */
export function maskScores(scores: UnitScores, keep: (unit: number) => boolean): UnitScores {
  const kept = (unit: number): boolean => scores.defined[unit] === 1 && keep(unit)
  return {
    values: scores.values.map((value, unit) => (kept(unit) ? value : NaN)),
    defined: scores.defined.map((_, unit) => (kept(unit) ? 1 : 0)),
  }
}
