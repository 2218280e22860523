import type { EngineFault, EngineSetting } from '../../../../src-shared/contract/engine-proof.ts'
import { entryBeside, nodeArguments } from '../../../process/entries.ts'
import { watchChild } from '../../../process/child.ts'
import { nodeProgram } from '../../../process/node-program.ts'
import type { Numbers } from '../library/engine-environment.ts'
import { childVariables, PLAIN_NUMBERS } from '../library/engine-environment.ts'
import { lastWords } from '../library/last-words.ts'
import type { NativeInfo } from '../library/native-info.ts'
import type { ProofJob, ProofNews } from './proof-job.ts'
import { parseNews } from './proof-job.ts'
import { computeVariables } from '../library/try-engine.ts'

/** The library to load; or WebGPU, which comes with the app. */
type EngineUnderProof = Pick<NativeInfo, 'addon' | 'libraries' | 'libraryPath' | 'gpu'> & {
  readonly engine?: 'native' | 'webgpu'
}

export interface ProofRequest {
  readonly info: EngineUnderProof
  readonly setting: EngineSetting
  readonly threads: number
  /** The card to prove on; absent: those that this process sees. */
  readonly device?: string | null
  /** Default: float32 as it says, and operations as they come. */
  readonly numbers?: Numbers
  /** Cases to run, by their place in the list; all when absent. */
  readonly only?: readonly number[]
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
  /** Longest silence of a child within an operation before it counts as hung. */
  readonly patienceMs?: number
}

/** A fault with the place of its case in the list. */
export interface FoundFault extends EngineFault {
  readonly index: number
}

export interface ProofOutcome {
  readonly checked: number
  readonly faults: readonly FoundFault[]
}

/** Loading and the slowest case under load take seconds. On a GPU kernels may be compiled for the card first. */
const PATIENCE_MS = { processor: 60_000, gpu: 30 * 60_000 }
/** A library that dies so often is not worth going on with. */
const MOST_DEATHS = 8

/**
 * Runs the cases in child processes with one thread and with all of them, side by side. A child that dies or hangs
 * leaves a fault of the operation it was in, and the rest goes on in another one.
 * @throws Error when the library does not even start.
 */
export async function runProof(request: ProofRequest): Promise<ProofOutcome> {
  const threads = request.info.gpu ? [request.threads] : [...new Set([1, request.threads])]
  const done = threads.map(() => ({ done: 0, total: 0 }))
  const parts = await Promise.all(
    threads.map((count, i) =>
      runChildren(request, count, (now, total) => {
        done[i] = { done: now, total }
        const sum = (part: 'done' | 'total'): number => done.reduce((n, d) => n + d[part], 0)
        request.onProgress?.(sum('done'), sum('total'))
      }),
    ),
  )
  return {
    checked: parts.reduce((sum, part) => sum + part.checked, 0),
    faults: parts.flatMap((part) => part.faults),
  }
}

interface Progress {
  readonly done: Map<number, FoundFault | null>
  total: number
  deaths: number
}

async function runChildren(
  request: ProofRequest,
  threads: number,
  report: (done: number, total: number) => void,
): Promise<ProofOutcome> {
  const progress: Progress = { done: new Map(), total: 0, deaths: 0 }
  for (;;) {
    const isOver = await runOne(request, threads, progress, () => report(progress.done.size, progress.total))
    if (isOver || progress.deaths >= MOST_DEATHS) break
  }
  const faults = [...progress.done.values()].filter((fault) => fault !== null)
  return { checked: progress.done.size, faults }
}

type Start = Extract<ProofNews, { say: 'start' }>

/** One child until it ends; true when it came to the end of the list. */
async function runOne(
  request: ProofRequest,
  threads: number,
  progress: Progress,
  report: () => void,
): Promise<boolean> {
  const heard = { started: null as Start | null, isReady: false, isOver: false }
  const hear = (news: ProofNews): void => {
    if (news.say === 'ready') [heard.isReady, progress.total] = [true, news.total]
    else if (news.say === 'start') heard.started = news
    else if (news.say === 'end') heard.isOver = true
    else if (heard.started !== null) {
      const { index, kind, error, detail } = news
      progress.done.set(
        index,
        kind === 'right' ? null : faultIn(heard.started, threads, { kind, error, detail }),
      )
      heard.started = null
      report()
    }
  }
  const { how, isHung, said } = await watchProof(request, threads, jobOf(request, threads, progress), hear)
  const { started, isReady, isOver } = heard
  if (isOver) return true
  if (!isReady) throw new Error(`the library does not start: ${lastWords(said) || how}`)
  if (started === null) throw new Error(`the proof broke off between two operations: ${how}`)
  const words = lastWords(said)
  const detail = words === '' ? how : `${how}: ${words}`
  const fault = { kind: isHung ? 'hung' : 'died', error: null, detail } as const
  progress.done.set(started.index, faultIn(started, threads, fault))
  progress.deaths++
  return false
}

const jobOf = (
  { info, setting, only, threads: all, numbers = PLAIN_NUMBERS }: ProofRequest,
  threads: number,
  { done }: Progress,
): ProofJob => ({
  engine: info.engine ?? 'native',
  addon: info.addon,
  libraries: [...info.libraries],
  ownRoutes: [...setting.ownRoutes],
  bfloat16Sums: setting.bfloat16Sums,
  products: numbers.tf32 ? 'tf32' : 'float32',
  productsOnly: threads !== all,
  only: only === undefined ? null : [...only],
  done: [...done.keys()],
  reducedFaults: [...done.values()].filter((fault) => fault?.dtype === 'bfloat16').length,
})

const faultIn = (
  { index, operation, format, shape }: Start,
  threads: number,
  rest: Pick<EngineFault, 'kind' | 'error' | 'detail'>,
): FoundFault => ({
  index,
  operation,
  dtype: format,
  shape: `${shape}, ${threads} thread${threads === 1 ? '' : 's'}`,
  ...rest,
})

interface Ending {
  /** How it ended, in words. */
  readonly how: string
  readonly isHung: boolean
  /** The end of what it wrote to its error stream. */
  readonly said: string
}

/** Starts a child, hears what it says and waits for its end; one that is silent for too long is ended. */
async function watchProof(
  { info, setting, signal, patienceMs, numbers, device = null }: ProofRequest,
  threads: number,
  job: ProofJob,
  hear: (news: ProofNews) => void,
): Promise<Ending> {
  const hung = new AbortController()
  const usual = info.gpu ? PATIENCE_MS.gpu : PATIENCE_MS.processor
  let silence = usual
  const arm = () => setTimeout(() => hung.abort(), silence)
  let timer = arm()
  const onLine = (line: string): void => {
    clearTimeout(timer)
    // Loading is given the usual time whatever the operations are given.
    silence = patienceMs ?? usual
    timer = arm()
    const news = parseNews(line)
    if (news !== null) hear(news)
  }
  try {
    const child = nodeArguments(entryBeside(import.meta.url, './proof-child.ts'))
    const { code, killedBy, stderr } = await watchChild(nodeProgram(), child, {
      env: {
        ...childVariables(setting, threads, numbers),
        ...computeVariables({ libraryPath: info.libraryPath, device }),
      },
      input: JSON.stringify(job),
      signal: AbortSignal.any([hung.signal, ...(signal === undefined ? [] : [signal])]),
      onLine,
    })
    signal?.throwIfAborted()
    const isHung = hung.signal.aborted
    const how = isHung
      ? `no sign of life for ${silence / 1000} s`
      : `ended with ${killedBy ?? `code ${code}`}`
    return { how, isHung, said: stderr }
  } finally {
    clearTimeout(timer)
  }
}
