import type { Problem } from '../../src-shared/contract/errors.ts'
import { CotrainError, isInputError, toProblems } from '../../src-shared/contract/errors.ts'
import type { RunningService } from '../service/create-service.ts'
import { parametersProblem } from './call-limits.ts'

/** What goes back over any wire: a result or the reasons why there is none. */
export type Reply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Answers a call from outside; the stack of an unexpected error goes to the log, not over the wire. */
export async function replyTo(
  service: RunningService,
  method: unknown,
  params: unknown,
  log: (text: string) => void,
): Promise<Reply> {
  const problem = parametersProblem(params)
  if (problem !== null) return { ok: false, problems: [problem] }
  try {
    return { ok: true, result: await service.callUnchecked(method, params) }
  } catch (error) {
    const isKnown = error instanceof CotrainError && isInputError(error.code)
    if (!isKnown)
      log(`${String(method)}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    return { ok: false, problems: toProblems(error) }
  }
}
