import { availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { z } from 'zod'
import { CotrainError, toProblems } from '../../../src-shared/contract/errors.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { Workspace } from '../home/workspace.ts'
import type { BenchFigures, BenchJob } from './bench-job.ts'
import { benchEngine, benchFigures, ENGINE_FACTS } from './bench-job.ts'
import type { BenchPlace, BenchSize, BenchStep } from './bench-plan.ts'
import { benchSteps, whyNot } from './bench-plan.ts'
import type { BenchReport, Tried } from './bench-report.ts'
import { rowsOf, stepName } from './bench-report.ts'

export interface BenchWish extends BenchSize {
  /** Measure although a run is training. */
  readonly anyway: boolean
  /** A value of COTRAIN_ENGINE; null: what runs here would use. */
  readonly engine: string | null
}

export interface BenchOptions {
  readonly signal: AbortSignal
  /** Longest time for one measurement; a slower one becomes a row that says so. */
  readonly longestMs?: number
  /** Hears what is measured now, and of how many it is the n-th. */
  progress(text: string): void
}

/** What of a workspace is needed. */
export type BenchPlaces = Pick<Workspace, 'appVersion' | 'folder' | 'ask'> & {
  readonly store: Pick<Workspace['store'], 'list'>
}

const LONGEST_MS = 120_000

/**
 * Measures what this machine computes, each part in a process of its own: one that fails or dies is a row with its reason.
 * Nothing of the store is changed. When `signal` fires, what was measured so far comes back.
 * @throws CotrainError `run-state` while a run of this home is training, `engine-unavailable` or `config-invalid` without the engine asked for
 */
export async function runBench(
  places: BenchPlaces,
  wish: BenchWish,
  options: BenchOptions,
): Promise<BenchReport> {
  const training = (): string[] => places.store.list({ status: [...LIVE] }).runs.map(({ shortId }) => shortId)
  const disturbing = new Set(training())
  if (disturbing.size > 0 && !wish.anyway) throw refusal([...disturbing])
  options.progress('loading the engine')
  const engine = await asked(places, wish, options, 'usual', ENGINE_FACTS, benchEngine)
  const steps = benchSteps(wish, { gpu: engine.gpu, cores: availableParallelism() })
  const tried: Tried[] = []
  for (const [i, step] of steps.entries()) {
    if (options.signal.aborted) break
    options.progress(`${stepName(step.job)}, ${i + 1} of ${steps.length}`)
    const outcome = whyNot(step, engine) ?? (await measured(places, wish, options, step))
    training().forEach((id) => disturbing.add(id))
    if (outcome !== null) tried.push({ ...step, outcome })
  }
  return {
    machine: machineFacts(places.appVersion),
    engine,
    size: { quick: wish.quick, batch: wish.batch, width: wish.width },
    rows: rowsOf(tried, engine),
    notes: disturbing.size === 0 ? [] : [disturbance([...disturbing])],
    isComplete: tried.length === steps.length,
  }
}

/** Its figures, or why there are none; null where the person has ended it. */
async function measured(
  places: BenchPlaces,
  wish: BenchWish,
  options: BenchOptions,
  { place, job }: BenchStep,
): Promise<BenchFigures | string | null> {
  const longestMs = options.longestMs ?? LONGEST_MS
  const timer = new AbortController()
  const timeout = setTimeout(() => timer.abort(), longestMs)
  const signal = AbortSignal.any([options.signal, timer.signal])
  try {
    return await asked(places, wish, { signal }, place, job, benchFigures)
  } catch (error) {
    if (options.signal.aborted) return null
    if (timer.signal.aborted) return `not done within ${longestMs / 1000} s`
    return toProblems(error)
      .map(({ message }) => message)
      .join(' ')
  } finally {
    clearTimeout(timeout)
  }
}

const asked = <S extends z.ZodType>(
  places: BenchPlaces,
  wish: BenchWish,
  { signal }: Pick<BenchOptions, 'signal'>,
  place: BenchPlace,
  request: BenchJob | typeof ENGINE_FACTS,
  answer: S,
): Promise<z.output<S>> =>
  places.ask({
    job: 'bench',
    folder: places.folder,
    request,
    answer,
    doing: 'the measurement',
    signal,
    env: variablesFor(place, wish.engine, request),
  })

/** What makes a worker compute where and in which format it is to be measured. */
function variablesFor(
  place: BenchPlace,
  engine: string | null,
  request: BenchJob | typeof ENGINE_FACTS,
): Record<string, string> {
  const isShort = request !== ENGINE_FACTS && request.format === 'tf32'
  return {
    ...(engine === null ? {} : { COTRAIN_ENGINE: engine }),
    // The same library with the card out of sight.
    ...(place === 'processor' ? { CUDA_VISIBLE_DEVICES: '', COTRAIN_ENGINE: 'native' } : {}),
    ...(isShort ? { NVIDIA_TF32_OVERRIDE: '1' } : {}),
  }
}

const machineFacts = (app: string): BenchReport['machine'] => ({
  app,
  node: process.versions.node,
  os: `${platform()} ${release()}`,
  cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
})

function refusal(ids: readonly string[]): CotrainError {
  const message = `${naming(ids)} training here: beside it every number would be too low.`
  const hint = 'Wait for its end, stop it with `cotrain stop`, or measure all the same with --anyway.'
  return new CotrainError({ code: 'run-state', message, hint })
}

const disturbance = (ids: readonly string[]): string =>
  `${naming(ids)} training meanwhile: the numbers are lower than what this machine can.`

const naming = (ids: readonly string[]): string =>
  ids.length === 1 ? `run ${ids[0]} is` : `runs ${ids.join(', ')} are`
