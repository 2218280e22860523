import { CotrainError } from '../../src-shared/contract/errors.ts'
import { systemProblem } from '../../src-shared/contract/system-problem.ts'
import { errorCode } from './error-code.ts'

/** Whether nothing could be written because the disk, or the share of a person of it, is full. */
export function isDiskFull(error: unknown): boolean {
  const code = errorCode(error)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The error as `disk-full` at this path where the disk is full, read-only, failing or refuses; any other as it is. */
export function asDiskProblem(error: unknown, path: string, hint: string, message?: string): unknown {
  const problem = systemProblem(error, { path, hint, ...(message === undefined ? {} : { message }) })
  return problem === null ? error : new CotrainError(problem, { cause: error })
}
