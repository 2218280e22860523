import type { Precision } from '../../../src-shared/contract/run.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import type { Numbers } from '../../io/native/library/engine-environment.ts'
import { numbersVariables, PLAIN_NUMBERS } from '../../io/native/library/engine-environment.ts'

/** What a run asks for in number format and repeats; the single-task trainer computes in float32, as it comes. */
export interface AskedNumbers {
  readonly precision: Precision
  readonly deterministic: boolean
}

export const askedNumbers = (trainer: TrainerChoice): AskedNumbers =>
  trainer.fn === 'cotrainer'
    ? { precision: trainer.config.precision, deterministic: trainer.config.deterministic }
    : { precision: 'float32', deterministic: false }

/** TensorFloat-32 came with Ampere. */
export const TF32_CAPABILITY = 8

/** Whether a card multiplies in TensorFloat-32; one whose driver does not tell is taken not to. */
export const hasTf32 = ({ computeCapability }: Pick<ComputeDevice, 'computeCapability'>): boolean =>
  Number(computeCapability ?? 0) >= TF32_CAPABILITY

/** What a card must have for runs of these trainers; undefined: any will do. */
export const suitedTo = (trainers: readonly TrainerChoice[]): typeof hasTf32 | undefined =>
  trainers.some((trainer) => askedNumbers(trainer).precision === 'tf32') ? hasTf32 : undefined

/** How the process of a run must compute: fixed when its library is loaded, so that its starter has to say so. */
const numbersOf = (trainer: TrainerChoice): Numbers => {
  const { precision, deterministic } = askedNumbers(trainer)
  return { tf32: precision === 'tf32', deterministic }
}

/**
 * Environment of a process that works on runs of these trainers; none where it trains nothing. Of several runs together, such as
 * an ensemble, all must ask for a thing: one that was trained in float32 is not computed in less.
 */
export function precisionVariables(trainers: readonly TrainerChoice[]): Record<string, string> {
  const asked = trainers.map(numbersOf)
  const every = (what: keyof Numbers): boolean => asked.length > 0 && asked.every((numbers) => numbers[what])
  return numbersVariables({
    ...PLAIN_NUMBERS,
    tf32: every('tf32'),
    deterministic: every('deterministic'),
  })
}
