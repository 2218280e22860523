import { CotrainError, isInputError, toProblems } from '../../../../src-shared/contract/errors.ts'
import type { Composed } from '../../compose.ts'
import { compose } from '../../compose.ts'
import type { Output } from './output.ts'
import { createOutput } from './output.ts'

export interface Terminal extends Composed {
  readonly output: Output
}

/** Exit codes: 0 done, 1 a failure, 2 input that the caller can mend. */
const exitCode = (error: unknown): number =>
  error instanceof CotrainError && isInputError(error.code) ? 2 : 1

/** Opens the app for one command, runs it, closes the app and sets the exit code. */
export async function inTerminal(
  json: boolean,
  work: (terminal: Terminal) => Promise<number | void>,
): Promise<void> {
  const output = createOutput(json)
  let composed: Composed | undefined
  try {
    composed = compose({ host: 'cli', hostReason: 'started in a terminal', log: (text) => output.note(text) })
    process.exitCode = (await work({ ...composed, output })) ?? 0
  } catch (error) {
    output.problems(toProblems(error))
    process.exitCode = exitCode(error)
  } finally {
    output.endProgress()
    await composed?.close()
  }
}

/** Work under a name, which says how far it is. */
export async function withProgress<T>(
  { service, output }: Terminal,
  job: string,
  work: (job: string) => Promise<T>,
): Promise<T> {
  const end = service.listen('data.progress', ({ text, fraction }) =>
    output.progress(fraction === null ? text : `${text}: ${Math.round(100 * fraction)} %`),
  )
  try {
    return await work(job)
  } finally {
    end()
    output.endProgress()
  }
}
