import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import type { WorkerNews } from '../../../src-shared/contract/worker.ts'
import { workerNews } from '../../../src-shared/contract/worker.ts'
import type { TrainerChoice } from '../../../src-shared/schema/registry.ts'
import { lineReader } from '../../process/line-reader.ts'
import type { ComputeDevice } from '../../io/native/devices/compute-devices.ts'
import { nodeProgram } from '../../process/node-program.ts'

/** How to start a worker: what a Node is told, see {@link nodeProgram}. */
export interface WorkerCommand {
  /** Options of Node, the worker's entry, and what comes before its job. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/**
 * Makes the command of the worker of runs: it sees this card alone (null: what this process sees), and computes in the number
 * format of these trainers, which is fixed when the process starts; none where it trains nothing.
 */
export type MakeCommand = (
  device: ComputeDevice | null,
  trainers: readonly TrainerChoice[],
) => WorkerCommand | Promise<WorkerCommand>

/** Makes the command of a worker that answers a question about these trainers; which card has room for it is asked each time. */
export type MakeAsking = (trainers?: readonly TrainerChoice[]) => WorkerCommand | Promise<WorkerCommand>

export interface WorkerProcess {
  /** Known at the latest when it has ended; 0 where it never started. */
  readonly pid: number
  /** Ends with how the process did. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>
}

/** Starts the worker of a run; `output` is the file for its error stream. */
export type StartWorker = (
  command: WorkerCommand,
  id: string,
  output: string,
  onNews: (news: WorkerNews) => void,
) => WorkerProcess

/** Takes chunks of a worker's standard output and tells the news in them. */
export function newsReader(onNews: (news: WorkerNews) => void): (chunk: Buffer | string) => void {
  const read = lineReader((line) => void parseNews(line, onNews))
  return (chunk) => read(String(chunk))
}

/**
 * Starts a worker of its own session: it outlives this process, a closed window and Ctrl-C in the terminal.
 * Its error stream goes straight to a file, so that nothing is lost when nobody listens.
 * @throws CotrainError `engine-unavailable` where there is no Node
 */
export function startWorker(
  command: WorkerCommand,
  id: string,
  output: string,
  onNews: (news: WorkerNews) => void,
): WorkerProcess {
  const errors = openSync(output, 'a')
  try {
    const child = spawn(nodeProgram(), [...command.args, 'run', id], {
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'pipe', errors],
      env: { ...process.env, ...command.env },
    })
    child.stdout?.setEncoding('utf8')
    child.stdout?.on('data', newsReader(onNews))
    const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
      child.once('error', () => resolve({ code: 127, signal: null }))
    })
    child.unref()
    if (isHeld(child.stdout)) child.stdout.unref() // it must not keep this process
    return { pid: child.pid ?? 0, ended }
  } finally {
    closeSync(errors)
  }
}

/** Whether a stream is a socket at run time, which keeps the process until it is released. */
const isHeld = (stream: object | null): stream is { unref(): void } => stream !== null && 'unref' in stream

/** A native library may print to stdout as well: what is not a line of ours is left out. */
function parseNews(line: string, onNews: (news: WorkerNews) => void): void {
  if (!line.startsWith('{"type":')) return
  try {
    const parsed = workerNews.safeParse(JSON.parse(line))
    if (parsed.success) onNews(parsed.data)
  } catch {
    // torn by the end of the process
  }
}
