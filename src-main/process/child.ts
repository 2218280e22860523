import { spawn } from 'node:child_process'

export interface ChildOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
  /** Each line of standard output as it comes. */
  readonly onLine?: (line: string) => void
}

export interface ChildResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const KEPT_CHARACTERS = 200_000

/** Runs a program to its end without a shell; rejects only when it cannot start, is cut off or is cancelled. */
export function runChild(
  command: string,
  args: readonly string[],
  options: ChildOptions = {},
): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const limit = options.timeoutMs
    let late = false
    const timer =
      limit === undefined ? undefined : setTimeout(() => ((late = true), child.kill('SIGKILL')), limit)
    let stdout = ''
    let stderr = ''
    let line = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS)
      const lines = (line + text).split(/\r?\n/)
      line = lines.pop() ?? ''
      if (options.onLine) lines.forEach(options.onLine)
    })
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (stderr = (stderr + text).slice(-KEPT_CHARACTERS)))
    child.on('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (late) reject(new Error(`${command} was stopped after ${limit} ms`))
      else resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr })
    })
  })
}

/** The last line of a text that says something: usually the cause in a program's complaint. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((l) => l.trim())
  return lines.findLast((l) => l !== '') ?? ''
}
