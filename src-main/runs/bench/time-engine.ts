import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { LIVE } from '../../../src-shared/contract/run.ts'
import type { TimeStep } from '../home/engine-setup.ts'
import type { BenchPlaces } from './run-bench.ts'
import { benchFigures, type BenchJob } from './bench-job.ts'
import { quantile } from './bench-report.ts'

/** The co-training step of the benchmark with a quarter of the channels: of the size of a usual run, and done in time on a slow engine. */
const STEP: BenchJob = {
  kind: 'co-training',
  format: 'float32',
  batch: 16,
  width: 0.25,
  threads: 0,
  enoughSeconds: 2,
}
/** An engine that does not start and make a few steps in this time is no choice. */
const LONGEST_MS = 90_000

/**
 * Milliseconds of one co-training step with this engine, in a process of its own: the median of some; null where none was done in time.
 * The native engine computes on the processor. @throws CotrainError `run-state` beside a run, which would slow one of the engines
 */
export async function timeEngine(
  places: BenchPlaces,
  engine: Parameters<TimeStep>[0],
  signal?: AbortSignal,
): Promise<number | null> {
  const [run] = places.store.list({ status: [...LIVE] }).runs
  if (run !== undefined) throw busy(run.shortId)
  const limit = AbortSignal.timeout(LONGEST_MS)
  try {
    const { seconds } = await places.ask({
      job: 'bench',
      folder: places.folder,
      request: STEP,
      answer: benchFigures,
      doing: 'the timed step',
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      env: { COTRAIN_ENGINE: engine, ...(engine === 'native' ? { CUDA_VISIBLE_DEVICES: '' } : {}) },
    })
    return 1000 * quantile(seconds, 0.5)
  } catch (error) {
    if (limit.aborted && signal?.aborted !== true) return null
    throw error
  }
}

const busy = (id: string): CotrainError =>
  new CotrainError({
    code: 'run-state',
    message: `run ${id} is training here: beside it no step can be timed.`,
    hint: 'WebGPU is tried when the engine is set up while no run works.',
  })
