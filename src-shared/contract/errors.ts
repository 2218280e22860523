import { systemProblem } from './system-problem.ts'

/** Stable codes; the exit code of the CLI and the colour of the message follow from them. */
export type ErrorCode =
  | 'config-invalid'
  | 'file-missing'
  | 'file-invalid'
  | 'file-refused'
  | 'data-changed'
  | 'data-missing'
  | 'run-missing'
  | 'run-state'
  | 'run-locked'
  | 'engine-unavailable'
  | 'engine-failed'
  | 'out-of-memory'
  | 'non-finite'
  | 'disk-full'
  | 'not-allowed'
  | 'not-found'
  | 'cancelled'
  | 'internal'

/** What went wrong, where, and what to do; crosses process boundaries unchanged. */
export interface Problem {
  readonly code: ErrorCode
  /** Field path (`trainer.config.patience`) or file path with position. */
  readonly path?: string
  /** One sentence: what was expected and what came. */
  readonly message: string
  /** The fix, as an instruction. */
  readonly hint?: string
  /** Options of the call that would settle it, so that a form can offer them. */
  readonly asks?: readonly string[]
}

/** Bad input is the caller's to mend: exit code 2. Everything else is ours: exit code 1. */
const INPUT_CODES: ReadonlySet<ErrorCode> = new Set([
  'config-invalid',
  'file-missing',
  'file-invalid',
  'file-refused',
  'data-changed',
  'data-missing',
  'run-missing',
  'run-state',
  'not-allowed',
  'not-found',
])

export const isInputError = (code: ErrorCode): boolean => INPUT_CODES.has(code)

/** The one error class that carries a {@link Problem} (or several) to the user. */
export class CotrainError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems]
    super(list.map(formatProblem).join('\n'), options)
    this.name = 'CotrainError'
    this.problems = list
  }

  get code(): ErrorCode {
    return this.problems[0]?.code ?? 'internal'
  }
}

/** `path: message hint` on one line. */
export function formatProblem(problem: {
  readonly path?: string | undefined
  readonly message: string
  readonly hint?: string | undefined
}): string {
  const where = problem.path === undefined ? '' : `${problem.path}: `
  const fix = problem.hint === undefined ? '' : ` ${problem.hint}`
  return `${where}${problem.message}${fix}`
}

/** Anything thrown, as a list of problems fit for a person or a wire. */
export function toProblems(error: unknown): readonly Problem[] {
  if (error instanceof CotrainError) return error.problems
  const refused = systemProblem(error)
  if (refused !== null) return [refused]
  const message = error instanceof Error ? error.message : String(error)
  return [{ code: 'internal', message }]
}
