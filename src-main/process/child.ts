import { spawn } from 'node:child_process'
import { lineReader } from './line-reader.ts'

export interface ChildOptions {
  readonly cwd?: string
  /** Set in its environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Names of the variables that it gets from this process; all of them unless given. */
  readonly inherited?: readonly string[]
  /** Goes to its standard input, which is empty otherwise. */
  readonly input?: string
  /** Kills it. */
  readonly signal?: AbortSignal
  /** Hears the number of the process. */
  readonly onStart?: (pid: number) => void
  /** Each line of standard output as it comes. */
  readonly onLine?: (line: string) => void
}

/** How a program ended. */
export interface ChildEnd {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null
  readonly killedBy: NodeJS.Signals | null
  /** The end of what it wrote to each stream. */
  readonly stdout: string
  readonly stderr: string
}

/** A program that did not end in its time: what it would have said is not known. */
export class StoppedLate extends Error {}

const KEPT_CHARACTERS = 1_000_000

/** Runs a program without a shell until it and its streams have ended, however they do; rejects only when it cannot start. */
export function watchChild(
  command: string,
  args: readonly string[],
  { cwd, env, inherited, input, signal, onStart, onLine }: ChildOptions = {},
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...environment(inherited), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const kill = (): void => void child.kill('SIGKILL')
    if (signal?.aborted === true) kill()
    signal?.addEventListener('abort', kill)
    if (child.pid !== undefined) onStart?.(child.pid)
    let stdout = ''
    let stderr = ''
    const read = onLine && lineReader(onLine)
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(-KEPT_CHARACTERS)
      read?.(text)
    })
    child.stderr
      .setEncoding('utf8')
      .on('data', (text: string) => (stderr = (stderr + text).slice(-KEPT_CHARACTERS)))
    child.stdin.on('error', () => undefined) // it may be gone before it has read anything
    child.stdin.end(input)
    child.once('error', (error) => {
      signal?.removeEventListener('abort', kill)
      reject(error)
    })
    child.once('close', (code, killedBy) => {
      signal?.removeEventListener('abort', kill)
      resolve({ code, killedBy, stdout, stderr })
    })
  })
}

export interface ChildResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** The same for a program that is done soon; rejects also when it takes longer than `timeoutMs` or is cancelled. */
export async function runChild(
  command: string,
  args: readonly string[],
  { timeoutMs, signal, ...options }: ChildOptions & { readonly timeoutMs?: number } = {},
): Promise<ChildResult> {
  const late = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)]
  const ends = AbortSignal.any([...late, ...(signal === undefined ? [] : [signal])])
  const { code, killedBy, stdout, stderr } = await watchChild(command, args, { ...options, signal: ends })
  signal?.throwIfAborted()
  if (ends.aborted) throw new StoppedLate(`${command} was stopped after ${timeoutMs} ms`)
  return { code: code ?? (killedBy === null ? 1 : 128), stdout, stderr }
}

/** The last line of a text that says something: usually the cause in a program's complaint. */
export function lastLine(text: string): string {
  const lines = text.split('\n').map((l) => l.trim())
  return lines.findLast((l) => l !== '') ?? ''
}

const environment = (inherited: readonly string[] | undefined): NodeJS.ProcessEnv =>
  inherited === undefined
    ? process.env
    : Object.fromEntries(inherited.map((name) => [name, process.env[name]])) // undefined is left out by Node
