/**
 * Learning-rate schedulers as pure functions with torch's semantics. `rates` holds one rate per parameter group, the
 * default group first; every scheduler moves all of them.
 */
export type SchedulerSpec =
  | { readonly kind: 'none' }
  | PlateauSpec
  | { readonly kind: 'step'; readonly stepSize: number; readonly factor: number }
  | { readonly kind: 'multi-step'; readonly milestones: readonly number[]; readonly factor: number }

/** Reduces when the metric has not improved for more than `patience` steps (ReduceLROnPlateau). */
export interface PlateauSpec {
  readonly kind: 'plateau'
  readonly mode: 'max' | 'min'
  readonly factor: number
  readonly patience: number
  readonly threshold: number
  readonly thresholdMode: 'rel' | 'abs'
  readonly minRate: number
  readonly cooldown?: number
}

/** Everything a scheduler remembers; plain JSON, part of a checkpoint. */
export interface SchedulerState {
  readonly rates: readonly number[]
  /** Scheduler steps so far. */
  readonly steps: number
  /** Best metric the plateau scheduler has seen; null before the first. */
  readonly best: number | null
  readonly badSteps: number
  readonly cooldown: number
}

/** A smaller change of the rate is skipped (torch's default `eps`). */
const SMALLEST_CHANGE = 1e-8

/** A schedule before its first step, with the rate of each parameter group. */
export function initialScheduler(rates: readonly number[]): SchedulerState {
  return { rates: [...rates], steps: 0, best: null, badSteps: 0, cooldown: 0 }
}

/**
 * Share of the full rate in `epoch` (from 1) of a linear warm-up over `epochs` epochs: epoch / epochs, then 1.
 * While it lasts the main scheduler rests (neuralpredictors' pair of warm-up and main scheduler).
 */
export function warmUpFactor(epoch: number, epochs: number): number {
  return epoch >= epochs ? 1 : epoch / epochs
}

/** State after one scheduler step; only the plateau scheduler reads the metric. */
export function stepScheduler(
  spec: SchedulerSpec,
  state: SchedulerState,
  metric: number = NaN,
): SchedulerState {
  const next: SchedulerState = { ...state, steps: state.steps + 1 }
  switch (spec.kind) {
    case 'none':
      return state
    case 'plateau':
      return stepPlateau(spec, next, metric)
    case 'step':
      return next.steps % spec.stepSize === 0 ? scaled(next, spec.factor) : next
    case 'multi-step':
      return spec.milestones
        .filter((milestone) => milestone === next.steps)
        .reduce((s) => scaled(s, spec.factor), next)
  }
}

const scaled = (state: SchedulerState, factor: number): SchedulerState => ({
  ...state,
  rates: state.rates.map((rate) => rate * factor),
})

function stepPlateau(spec: PlateauSpec, state: SchedulerState, metric: number): SchedulerState {
  const better = improves(spec, metric, state.best ?? (spec.mode === 'max' ? -Infinity : Infinity))
  const best = better ? metric : state.best
  const resting = state.cooldown > 0
  const cooldown = resting ? state.cooldown - 1 : 0
  const badSteps = better || resting ? 0 : state.badSteps + 1
  if (badSteps <= spec.patience) return { ...state, best, badSteps, cooldown }
  const rates = state.rates.map((rate) => reduced(rate, spec))
  return { ...state, rates, best, badSteps: 0, cooldown: spec.cooldown ?? 0 }
}

function reduced(rate: number, spec: PlateauSpec): number {
  const lower = Math.max(rate * spec.factor, spec.minRate)
  return rate - lower > SMALLEST_CHANGE ? lower : rate
}

/** Whether a metric beats the best by the threshold; relative margins are shares of the best (torch's rule). */
function improves(spec: PlateauSpec, metric: number, best: number): boolean {
  if (spec.thresholdMode === 'abs') {
    return spec.mode === 'max' ? metric > best + spec.threshold : metric < best - spec.threshold
  }
  return spec.mode === 'max' ? metric > best * (1 + spec.threshold) : metric < best * (1 - spec.threshold)
}
