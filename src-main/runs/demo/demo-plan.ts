/** How large the three demo runs are. */
export interface DemoSize {
  readonly name: 'least' | 'quick' | 'small' | 'standard' | 'full'
  /** Share of the 54,000 training digits. */
  readonly trainSubset: number
  /** Share of the 6,000 validation digits, which are predicted before the first epoch and after each. */
  readonly validSubset: number
  readonly epochs: number
  /** Images shown once to the simulated neurons. */
  readonly neuralImages: number
  /** Share of the 10,000 test digits. */
  readonly testSubset: number
  /** Share of the chosen test digits that every corruption uses. */
  readonly flySubset: number
  /** Channel multiplier of the network. */
  readonly width: number
}

/** `least` shows that an engine that is slow trains and compares; from `quick` on the scores are worth looking at. */
export const DEMO_SIZES: Readonly<Record<DemoSize['name'], DemoSize>> = {
  least: {
    name: 'least',
    trainSubset: 0.015,
    validSubset: 0.05,
    epochs: 2,
    neuralImages: 500,
    testSubset: 0.03,
    flySubset: 0.05,
    width: 0.125,
  },
  quick: {
    name: 'quick',
    trainSubset: 0.08,
    validSubset: 0.25,
    epochs: 2,
    neuralImages: 2000,
    testSubset: 0.2,
    flySubset: 0.05,
    width: 0.125,
  },
  small: {
    name: 'small',
    trainSubset: 0.14,
    validSubset: 0.25,
    epochs: 4,
    neuralImages: 3000,
    testSubset: 0.5,
    flySubset: 0.06,
    width: 0.125,
  },
  standard: {
    name: 'standard',
    trainSubset: 0.2,
    validSubset: 0.25,
    epochs: 5,
    neuralImages: 4000,
    testSubset: 1,
    flySubset: 0.05,
    width: 0.125,
  },
  full: {
    name: 'full',
    trainSubset: 1,
    validSubset: 0.25,
    epochs: 8,
    neuralImages: 10_000,
    testSubset: 1,
    flySubset: 0.2,
    width: 0.25,
  },
}

const TRAINING_DIGITS = 54_000
const VALIDATION_DIGITS = 6_000
const TEST_DIGITS = 10_000
const BATCH = 64
/** Corruptions times severities in the demo configs. */
const CONDITIONS = 40
/** A forward pass alone, as a share of a training step per image. */
const FORWARD_SHARE = 0.4
/** Start of a process, data and model. */
const START_SECONDS = 8

/** A size, and the seeds with which each of the three settings is trained. */
export interface DemoPlan {
  readonly size: DemoSize
  readonly seeds: readonly number[]
}

/** Three seeds are the fewest whose interval is of any use. */
const SEEDS = [1000, 1001, 1002]

/** What to try, the best first: seeds tell a difference from chance, so they come before a longer training. */
const PLANS: readonly DemoPlan[] = [
  { size: DEMO_SIZES.standard, seeds: SEEDS },
  { size: DEMO_SIZES.small, seeds: SEEDS },
  { size: DEMO_SIZES.standard, seeds: SEEDS.slice(0, 1) },
  { size: DEMO_SIZES.small, seeds: SEEDS.slice(0, 1) },
  { size: DEMO_SIZES.quick, seeds: SEEDS.slice(0, 1) },
]

/** The plan for a size that was asked for: the whole demo over seeds, the quick one as quick as it can be. */
export const askedPlan = (name: 'quick' | 'full'): DemoPlan => ({
  size: DEMO_SIZES[name],
  seeds: name === 'quick' ? SEEDS.slice(0, 1) : SEEDS,
})

/** Seconds that all runs take together, from the time of one co-training step (one batch of each task). */
export function demoSeconds({ size, seeds }: DemoPlan, secondsPerStep: number): number {
  const steps = Math.ceil((TRAINING_DIGITS * size.trainSubset) / BATCH) * size.epochs
  const tested = TEST_DIGITS * size.testSubset * (1 + CONDITIONS * size.flySubset)
  const validated = VALIDATION_DIGITS * size.validSubset * (size.epochs + 1)
  const evaluation = ((tested + validated) * FORWARD_SHARE * secondsPerStep) / (2 * BATCH)
  // Two co-trained runs, and one that has half of each step.
  return seeds.length * (2.5 * steps * secondsPerStep + 3 * (evaluation + START_SECONDS))
}

/** Of the plans that fit into the time, the best; the least one when none does. */
export function choosePlan(secondsPerStep: number, budgetSeconds: number): DemoPlan {
  const least = { size: DEMO_SIZES.least, seeds: SEEDS.slice(0, 1) }
  return PLANS.find((plan) => demoSeconds(plan, secondsPerStep) <= budgetSeconds) ?? least
}
