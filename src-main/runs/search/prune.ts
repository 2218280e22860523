import { quantile } from '../../engine/eval/paired-statistics.ts'
import type { Objective, Prune } from '../../../src-shared/schema/search.ts'

/** Validation values of a trial by epoch, 1 first; undefined for epochs without one. */
export type Curve = readonly (number | undefined)[]

/** What a rule knows of another trial. */
export interface OtherTrial {
  /** Counted from 1. */
  readonly number: number
  readonly curve: Curve
  readonly isFinished: boolean
}

export interface OwnTrial {
  readonly number: number
  readonly curve: Curve
  /** The most epochs it may come to. */
  readonly epochs: number
}

/** Why a trial is ended early, in words for people; null where it goes on. */
export function pruneReason(
  rule: Prune,
  { direction }: Objective,
  own: OwnTrial,
  others: readonly OtherTrial[],
): string | null {
  const sign = direction === 'max' ? 1 : -1
  const upwards = (curve: Curve): Curve => curve.map((v) => (v === undefined ? undefined : sign * v))
  const mine = { ...own, curve: upwards(own.curve) }
  const theirs = others.map((other) => ({ ...other, curve: upwards(other.curve) }))
  // The last epoch is as good as done.
  if (mine.curve.length >= own.epochs) return null
  return rule.rule === 'median' ? byMedian(rule, mine, theirs) : byHyperband(rule, mine, theirs)
}

/** The median stopping rule (Golovin et al. 2017, Google Vizier), as Optuna 4 has it: the best value so far against the others at that epoch. */
function byMedian(
  { trials, epochs }: Extract<Prune, { rule: 'median' }>,
  { curve }: OwnTrial,
  others: readonly OtherTrial[],
): string | null {
  const epoch = curve.length
  const finished = others.filter(({ isFinished }) => isFinished)
  if (epoch <= epochs || finished.length < trials) return null
  const there = finished.flatMap((other) => other.curve[epoch - 1] ?? [])
  const best = Math.max(...curve.filter((v) => v !== undefined))
  if (
    there.length === 0 ||
    !(
      best <
      quantile(
        there.toSorted((a, b) => a - b),
        0.5,
      )
    )
  )
    return null
  return `ended at epoch ${epoch}: below the median of ${there.length} finished trials`
}

/**
 * Hyperband (Li et al. 2018) without waiting: every trial is in a bracket by its number, and at each rung of its bracket (epochs times
 * factor to the power of the rung) the best 1 in `factor` of those that have come so far go on (Li et al. 2020, ASHA).
 */
function byHyperband(
  { epochs: least, factor }: Extract<Prune, { rule: 'hyperband' }>,
  { number, curve, epochs }: OwnTrial,
  others: readonly OtherTrial[],
): string | null {
  const brackets = bracketCount(least, factor, epochs)
  const bracket = bracketOf(number, factor, brackets)
  const rungs = Array.from({ length: brackets - bracket }, (_, k) => least * factor ** (bracket + k))
  const rung = rungs.findLast((epoch) => epoch <= curve.length && epoch < epochs)
  const mine = rung === undefined ? undefined : curve[rung - 1]
  if (rung === undefined || mine === undefined) return null
  const peers = others
    .filter((other) => bracketOf(other.number, factor, brackets) === bracket)
    .flatMap((other) => other.curve[rung - 1] ?? [])
  const ranked = [...peers, mine].toSorted((a, b) => b - a)
  const last = ranked[Math.max(0, Math.floor(ranked.length / factor) - 1)]!
  if (mine >= last) return null
  return `ended at epoch ${rung}: not among the best 1 in ${factor} of ${ranked.length} trials of its bracket`
}

const bracketCount = (least: number, factor: number, epochs: number): number =>
  Math.max(1, Math.floor(Math.log(Math.max(1, epochs / least)) / Math.log(factor) + 1e-9) + 1)

/** Brackets take turns in proportion to the trials that Hyperband gives them: those that end early get more. */
export function bracketOf(number: number, factor: number, brackets: number): number {
  const shares = Array.from({ length: brackets }, (_, b) => {
    const left = brackets - 1 - b
    return Math.ceil((brackets * factor ** left) / (left + 1))
  })
  let place = (number - 1) % shares.reduce((a, b) => a + b, 0)
  for (const [bracket, share] of shares.entries()) {
    if (place < share) return bracket
    place -= share
  }
  return 0
}
