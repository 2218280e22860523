import { spawn } from 'node:child_process'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { WorkerCommand } from './worker-process.ts'
import { lineReader } from './worker-process.ts'

export interface Question {
  /** What the worker is to do: its first argument. */
  readonly job: string
  readonly folder: string
  /** Goes to its standard input. */
  readonly request: string
  /** What the one line that is the answer looks like; libraries may print others. */
  readonly answer: RegExp
  /** What is being done, for messages: "looking at the data". */
  readonly doing: string
  readonly signal?: AbortSignal
  /** Hears the lines that say how far the work is. */
  progress?(text: string, fraction: number | null): void
}

/** Such a line, for the worker to write. */
export const progressLine = (text: string, fraction: number | null): string =>
  JSON.stringify({ progress: text, fraction })

function hearProgress(line: string, hear: Question['progress']): void {
  if (hear === undefined || !line.startsWith('{"progress":')) return
  const { progress, fraction } = JSON.parse(line) as { progress: string; fraction: number | null }
  hear(progress, fraction)
}

/** Asks a worker process one thing. @throws CotrainError `engine-failed`, `out-of-memory` when it ends without an answer. */
export function askWorker({ file, args, env }: WorkerCommand, question: Question): Promise<string> {
  const { job, folder, request, answer, doing, signal, progress } = question
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args, job, folder], {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      env: { ...process.env, ...env },
      ...(signal === undefined ? {} : { signal, killSignal: 'SIGKILL' as const }),
    })
    let found: string | null = null
    let said = ''
    child.stdout.setEncoding('utf8').on(
      'data',
      lineReader((line) => {
        if (answer.test(line)) found = line
        hearProgress(line, progress)
      }),
    )
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
    child.stdin.on('error', () => undefined)
    child.once('error', reject)
    child.once('close', (code, killedBy) => {
      if (found !== null) return resolve(found)
      if (killedBy === 'SIGKILL' && signal?.aborted !== true)
        return reject(
          new CotrainError({
            code: 'out-of-memory',
            message: `${doing} was ended by the system, most likely because memory ran out.`,
            hint: 'Use smaller batches, a smaller network, or close other programs.',
          }),
        )
      const message = `${doing} failed (exit ${code ?? killedBy}): ${said.trim()}`
      reject(new CotrainError({ code: 'engine-failed', message }))
    })
    child.stdin.end(request)
  })
}
