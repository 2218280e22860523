import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { onNative } from '../base/native-ops.ts'

/** Number format inside convolutions. Weights, statistics, everything else and all sums over steps stay float32. */
export type ConvPrecision = 'float32' | 'bfloat16'

let current: ConvPrecision = 'float32'

/** Chooses the number format of the convolutions from now on; bfloat16 exists on the native backend only. */
export function setConvPrecision(precision: ConvPrecision): void {
  if (precision === 'bfloat16' && !onNative()) {
    const message = 'Convolutions in bfloat16 need the native TensorFlow engine.'
    throw new CotrainError({
      code: 'engine-unavailable',
      message,
      hint: 'Choose float32, or run `cotrain setup`.',
    })
  }
  current = precision
}

/** The format in force: what was chosen, on the backend that has it. */
export const convPrecision = (): ConvPrecision => (onNative() ? current : 'float32')
