import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { onNative, readingWaits } from '../base/native-ops.ts'

/**
 * Number format inside convolutions. Weights, statistics, everything else and all sums over steps stay float32. In `tf32` a card
 * shortens the factors of float32 products by itself, those of matrices too; its process was started so.
 */
export type ConvPrecision = 'float32' | 'tf32' | 'bfloat16'

let current: ConvPrecision = 'float32'

/**
 * Chooses the number format of the convolutions from now on.
 * @throws CotrainError `engine-unavailable` where there is none: bfloat16 is known to the native backend, tf32 to cards
 */
export function setConvPrecision(precision: ConvPrecision): void {
  if (precision === 'bfloat16' && !onNative())
    throw missing('Convolutions in bfloat16 need the native TensorFlow engine.')
  if (precision === 'tf32' && !readingWaits())
    throw missing('tf32 needs an NVIDIA card that computes; here the processor does.')
  current = precision
}

const missing = (message: string): CotrainError =>
  new CotrainError({ code: 'engine-unavailable', message, hint: 'Choose float32, or run `cotrain setup`.' })

/** The format in force: what was chosen, on the backend that has it. */
export const convPrecision = (): ConvPrecision => (onNative() ? current : 'float32')
