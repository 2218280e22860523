import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Problem } from '../../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { replaceFile } from '../../../disk/atomic-write.ts'
import { lastLine, watchChild } from '../../../process/child.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import type { SandboxAnswer, SandboxJob, SandboxNews } from './sandbox-job.ts'

interface SandboxLimits {
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
  readonly progress?: ((text: string, fraction: number | null) => void) | undefined
}

/** A session of a few gigabytes takes a minute or two; a file that takes longer is stuck. */
const DEFAULT_LIMITS: SandboxLimits = { timeoutMs: 15 * 60_000, memoryBytes: 4 * 2 ** 30 }
const POLL_MS = 250
/** The child needs no secrets and no settings of ours. */
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
]

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
    const answer = await runImport(job, limits, request)
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

async function runImport(
  job: SandboxJob,
  limits: SandboxLimits,
  { signal, progress }: SandboxedImport,
): Promise<SandboxAnswer> {
  const stop = new AbortController()
  const refuse = (message: string): void => stop.abort(refused(job.path, message))
  const cancel = (): void => stop.abort(cancelled(job.path))
  if (signal?.aborted === true) cancel()
  signal?.addEventListener('abort', cancel)
  const timer = setTimeout(
    () => refuse(`reading it took longer than ${limits.timeoutMs / 1000} s.`),
    limits.timeoutMs,
  )
  let pid: number | null = null
  const watch = setInterval(() => {
    if (residentBytes(pid) > limits.memoryBytes)
      refuse(`reading it took more than ${Math.round(limits.memoryBytes / 2 ** 20)} MiB of memory.`)
  }, POLL_MS)
  const heapMb = Math.max(64, Math.floor(limits.memoryBytes / 2 / 2 ** 20))
  const entry = nodeArguments(entryBeside(import.meta.url, './sandbox-child.ts'))
  try {
    const { stdout } = await watchChild(nodeProgram(), [`--max-old-space-size=${heapMb}`, ...entry], {
      inherited: INHERITED,
      input: JSON.stringify(job),
      signal: stop.signal,
      onStart: (number) => (pid = number),
      onLine: (line) => {
        const news = stop.signal.aborted ? null : parseLine(line)
        if (news !== null && 'text' in news) progress?.(news.text, news.fraction)
      },
    })
    stop.signal.throwIfAborted()
    const answer = parseLine(lastLine(stdout))
    return answer !== null && 'ok' in answer ? answer : crashed(job.path)
  } finally {
    clearTimeout(timer)
    clearInterval(watch)
    signal?.removeEventListener('abort', cancel)
  }
}

function parseLine(line: string): SandboxAnswer | SandboxNews | null {
  try {
    return JSON.parse(line) as SandboxAnswer | SandboxNews // written by our own child process
  } catch {
    return null
  }
}

const refused = (path: string, message: string): CotrainError =>
  new CotrainError({
    code: 'file-refused',
    path,
    message,
    hint: 'The file is damaged, or raise the limit.',
  })

const cancelled = (path: string): CotrainError =>
  new CotrainError({ code: 'cancelled', path, message: 'the import was cancelled.' })

const crashed = (path: string): SandboxAnswer => ({
  ok: false,
  problems: [
    {
      code: 'file-invalid',
      path,
      message: 'reading it ended without a result.',
      hint: 'The file is damaged or needs more memory than allowed.',
    },
  ],
})

/** Resident memory on Linux; elsewhere the size checks of the readers and the heap limit must do. */
function residentBytes(pid: number | null): number {
  if (process.platform !== 'linux' || pid === null) return 0
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
  } catch {
    return 0 // it has just ended
  }
}
