import { CotrainError, type Problem } from '../../src-shared/contract/errors.ts'

/** The problem `work` fails with; any other outcome fails the test. */
export async function problemOf(work: () => unknown): Promise<Problem> {
  try {
    await work()
  } catch (error) {
    if (error instanceof CotrainError && error.problems[0]) return error.problems[0]
    throw error
  }
  throw new Error('expected a CotrainError, got a result')
}
