import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { replaceFile } from '../../../disk/atomic-write.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import type { SandboxAnswer, SandboxJob } from './sandbox-job.ts'

export interface SandboxLimits {
  readonly timeoutMs: number
  /** Resident memory of the process; the JavaScript heap gets half of it. */
  readonly memoryBytes: number
}

export interface SandboxedImport {
  readonly importer: string
  readonly path: string
  readonly options?: Readonly<Record<string, unknown>>
  /** Where the canonical file goes. */
  readonly output: string
  readonly created: string
  readonly limits?: Partial<SandboxLimits>
  readonly signal?: AbortSignal
}

/** A session of a few gigabytes takes a minute or two; a file that takes longer is stuck. */
const DEFAULT_LIMITS: SandboxLimits = { timeoutMs: 15 * 60_000, memoryBytes: 4 * 2 ** 30 }
const POLL_MS = 250
const MAX_ANSWER_CHARS = 1_000_000

/**
 * Imports a file of unknown origin in a process of its own, which is killed when it takes too long or too much memory.
 * Gives the content hash of the file written to `output`, or throws one CotrainError; leaves nothing else behind.
 */
export async function importInSandbox(request: SandboxedImport): Promise<string> {
  const limits = { ...DEFAULT_LIMITS, ...request.limits }
  const workFolder = mkdtempSync(join(tmpdir(), 'cotrain-import-'))
  const { importer, path, options = {}, created } = request
  const job: SandboxJob = {
    importer,
    path,
    options,
    workFolder,
    created,
    output: join(workFolder, basename(request.output)),
  }
  try {
    const answer = await runChild(job, limits, request)
    if (!answer.ok) throw new CotrainError(answer.problems.map((problem) => ofSource(problem, job)))
    await moveInto(job.output, request.output)
    return answer.contentHash
  } finally {
    rmSync(workFolder, { recursive: true, force: true })
  }
}

/** The file in the making means nothing to the person who imports: what is wrong with it came from the source. */
const ofSource = (problem: Problem, { path, output }: SandboxJob): Problem =>
  problem.path === undefined ? problem : { ...problem, path: problem.path.replace(output, path) }

async function moveInto(from: string, to: string): Promise<void> {
  await replaceFile(to, (temporary) => copyFile(from, temporary)) // the temporary folder may be on another disk
}

function runChild(
  job: SandboxJob,
  limits: SandboxLimits,
  { signal }: SandboxedImport,
): Promise<SandboxAnswer> {
  const entry = entryBeside(import.meta.url, './sandbox-child.ts')
  const heapMb = Math.max(64, Math.floor(limits.memoryBytes / 2 / 2 ** 20))
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, ...nodeArguments(entry)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: childEnvironment(),
    windowsHide: true,
  })
  return new Promise((resolve, reject) => {
    let output = ''
    let reason: CotrainError | null = null
    const stop = (code: 'file-refused' | 'cancelled', message: string, hint?: string): void => {
      reason ??= new CotrainError({ code, path: job.path, message, ...(hint && { hint }) })
      child.kill('SIGKILL')
    }
    const cancel = (): void => stop('cancelled', 'the import was cancelled.')
    const timer = setTimeout(
      () =>
        stop(
          'file-refused',
          `reading it took longer than ${limits.timeoutMs / 1000} s.`,
          'The file is damaged, or raise the limit.',
        ),
      limits.timeoutMs,
    )
    const watch = setInterval(() => {
      if (residentBytes(child) > limits.memoryBytes)
        stop(
          'file-refused',
          `reading it took more than ${Math.round(limits.memoryBytes / 2 ** 20)} MiB of memory.`,
          'The file is damaged, or raise the limit.',
        )
    }, POLL_MS)
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel)
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.length < MAX_ANSWER_CHARS) output += chunk.toString('utf8')
    })
    child.stdin.on('error', () => undefined) // the child may be gone before it has read its job
    child.stdin.end(JSON.stringify(job))
    child.on('error', reject)
    child.on('close', () => {
      clearTimeout(timer)
      clearInterval(watch)
      signal?.removeEventListener('abort', cancel)
      const answer = reason ? null : parseAnswer(output)
      if (answer) resolve(answer)
      else reject(reason ?? crashed(job.path))
    })
  })
}

function parseAnswer(output: string): SandboxAnswer | null {
  try {
    return JSON.parse(output.trim().split('\n').at(-1) ?? '') as SandboxAnswer // written by our own child process
  } catch {
    return null
  }
}

const crashed = (path: string): CotrainError =>
  new CotrainError({
    code: 'file-invalid',
    path,
    message: 'reading it ended without a result.',
    hint: 'The file is damaged or needs more memory than allowed.',
  })

/** The child needs no secrets and no settings of ours; Electron's own binary must be told to be Node. */
function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SYSTEMROOT', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']
  const own = Object.fromEntries(kept.map((name) => [name, process.env[name]])) // undefined is left out by Node
  return { ...own, ELECTRON_RUN_AS_NODE: '1' }
}

/** Resident memory on Linux; elsewhere the size checks of the readers and the heap limit must do. */
function residentBytes(child: ChildProcess): number {
  if (process.platform !== 'linux' || child.pid === undefined) return 0
  try {
    return (
      Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
    )
  } catch {
    return 0 // it has just ended
  }
}
