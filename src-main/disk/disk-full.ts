import { CotrainError } from '../../src-shared/contract/errors.ts'
import { errorCode } from './error-code.ts'

/** Whether nothing could be written because the disk, or the share of a person of it, is full. */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The error as `disk-full` at this path where it is one; any other as it is. */
export function asDiskFull(
  error: unknown,
  path: string,
  hint: string,
  message = 'the disk is full.',
): unknown {
  if (!isDiskFull(error)) return error
  return new CotrainError({ code: 'disk-full', path, message, hint }, { cause: error })
}
