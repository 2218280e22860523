import { z } from 'zod'
import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { problemSchema } from '../../../src-shared/contract/run.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import { watchChild } from '../../process/child.ts'
import { nodeProgram } from '../../process/node-program.ts'
import type { WorkerCommand } from './worker-process.ts'

export interface Question<S extends z.ZodType> {
  /** What the worker is to do: its first argument. */
  readonly job: WorkerJob
  readonly folder: string
  /** Goes to its standard input, as JSON. */
  readonly request: unknown
  readonly answer: S
  /** Variables of this worker alone, over those of the command. */
  readonly env?: Readonly<Record<string, string>>
  /** What is being done, for messages: "looking at the data". */
  readonly doing: string
  /** Trainers of the runs that are asked about: the worker computes in their number format. */
  readonly trainers?: readonly TrainerChoice[]
  readonly signal?: AbortSignal
  /** Hears how far the work is. */
  progress?(text: string, fraction: number | null): void
}

/** What a worker can be asked. */
export type WorkerJob =
  | 'time'
  | 'shapes'
  | 'warm-up'
  | 'evaluate'
  | 'predict'
  | 'baselines'
  | 'analyse'
  | 'network'
  | 'package'
  | 'open-package'
  | 'bench'

/** Long output of a process that failed says no more than its end. */
const LAST_WORDS = 2000

/**
 * Asks a worker process one thing. @throws CotrainError with the problems that it answers, `engine-failed` or `out-of-memory`
 * when it ends without an answer, `engine-unavailable` where there is no Node; the reason of `signal` when that ended it.
 */
export async function askWorker<S extends z.ZodType>(
  { args, env }: WorkerCommand,
  { job, folder, request, answer, doing, signal, progress, env: own }: Question<S>,
): Promise<z.output<S>> {
  let said: string | null = null
  // Libraries may print lines of their own.
  const hear = (line: string): void => {
    if (/^\{"(answer|problems)":/.test(line)) said = line
    else if (progress !== undefined && line.startsWith('{"progress":')) hearProgress(line, progress)
  }
  const { code, killedBy, stderr } = await watchChild(nodeProgram(), [...args, job, folder], {
    input: JSON.stringify(request),
    env: { ...env, ...own },
    onLine: hear,
    ...(signal === undefined ? {} : { signal }),
  })
  signal?.throwIfAborted()
  if (said !== null) return answer.parse(answerIn(said))
  if (killedBy === 'SIGKILL')
    throw new CotrainError({
      code: 'out-of-memory',
      message: `${doing} was ended by the system, most likely because memory ran out.`,
      hint: 'Use smaller batches, a smaller network, or close other programs.',
    })
  const message = `${doing} failed (exit ${code ?? killedBy}): ${stderr.slice(-LAST_WORDS).trim()}`
  throw new CotrainError({ code: 'engine-failed', message })
}

function answerIn(line: string): unknown {
  const { problems, answer } = z
    .object({ problems: z.array(problemSchema).optional(), answer: z.unknown().optional() })
    .parse(JSON.parse(line))
  if (problems !== undefined) throw new CotrainError(problems as Problem[])
  return answer
}

function hearProgress(line: string, hear: NonNullable<Question<z.ZodType>['progress']>): void {
  const { progress, fraction } = JSON.parse(line) as { progress: string; fraction: number | null }
  hear(progress, fraction)
}

/** In a worker process: the line that answers, or says what went wrong. */
export async function answerLine(work: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify({ answer: await work() })
  } catch (error) {
    return JSON.stringify({ problems: toProblems(error) })
  }
}

/** In a worker process: the line that says how far the work is. */
export const progressLine = (text: string, fraction: number | null): string =>
  JSON.stringify({ progress: text, fraction })
