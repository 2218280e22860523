import { CotrainError } from '../../../../src-shared/contract/errors.ts'

/**
 * How many neural batches of a set come before each classification batch.
 * `accumulate` spreads any ratio evenly; `published` repeats neural_cotraining: whole numbers from 1 on, and below 1
 * only ratios whose reciprocal is exactly whole in floating point ever yield neural batches.
 */
export type RatioRule = 'accumulate' | 'published'

/** Neural batches per classification batch, by the first epoch (counted from 1) in which the number holds. */
export type RatioSchedule = Readonly<Record<string, number>>

/** Absorbs the rounding of (i+1)/k, so that 1/49 gives a batch at every 49th position like 1/4 at every 4th. */
const ROUNDING = 1e-9

const problem = (path: string, message: string, hint: string): CotrainError =>
  new CotrainError({ code: 'config-invalid', path, message, hint })

const PATH = 'trainer.train_cycler_args.ratio'

function checkRatio(ratio: number, rule: RatioRule, path = PATH): void {
  if (!Number.isFinite(ratio) || ratio < 0) {
    throw problem(
      path,
      `expected a number of at least 0, got ${ratio}.`,
      'Use 1 for one neural batch per classification batch.',
    )
  }
  if (rule === 'published' && ratio > 1 && !Number.isInteger(ratio)) {
    throw problem(
      path,
      `the published rule takes whole ratios above 1, got ${ratio}.`,
      'Use a whole number or the accumulate rule.',
    )
  }
}

/** Neural batches (per set) to take before classification batch `index` (from 0). */
export function neuralBatchesBefore(index: number, ratio: number, rule: RatioRule = 'accumulate'): number {
  checkRatio(ratio, rule)
  if (rule === 'accumulate') return accumulated(index + 1, ratio) - accumulated(index, ratio)
  if (ratio >= 1 || ratio === 0) return ratio
  return (index + 1) % (1 / ratio) === 0 ? 1 : 0
}

/** Neural batches (per set) among the first `mainBatches` classification batches. */
export function neuralBatchesIn(mainBatches: number, ratio: number, rule: RatioRule = 'accumulate'): number {
  let total = 0
  for (let i = 0; i < mainBatches; i++) total += neuralBatchesBefore(i, ratio, rule)
  return total
}

const accumulated = (count: number, ratio: number): number => Math.floor(count * ratio + ROUNDING)

/** Epochs and ratios in epoch order. @throws CotrainError naming the entry when a key is no epoch or none covers epoch 1. */
function parseRatioSchedule(schedule: RatioSchedule): readonly (readonly [epoch: number, ratio: number])[] {
  const entries = Object.entries(schedule).map(([key, ratio]) => {
    const epoch = Number(key)
    if (!Number.isInteger(epoch) || epoch < 0 || key.trim() === '') {
      throw problem(
        `${PATH}.${key}`,
        `expected an epoch as key, got "${key}".`,
        'Write the first epoch of each ratio, for example {1: 1, 50: 0.5}.',
      )
    }
    checkRatio(ratio, 'accumulate', `${PATH}.${key}`)
    return [epoch, ratio] as const
  })
  entries.sort((a, b) => a[0] - b[0])
  if ((entries[0]?.[0] ?? Infinity) > 1) {
    throw problem(PATH, 'no ratio is given for epoch 1.', 'Add an entry with key 1.')
  }
  return entries
}

/** Ratio in force in `epoch` (from 1): the entry with the largest key not above it. */
export function ratioAt(schedule: RatioSchedule | number, epoch: number): number {
  if (typeof schedule === 'number') return schedule
  const entries = parseRatioSchedule(schedule).filter(([first]) => first <= Math.max(epoch, 1))
  return (entries.at(-1) as readonly [number, number])[1] // the parser guarantees an entry for epoch 1
}
