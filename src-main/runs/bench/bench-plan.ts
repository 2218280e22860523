import { optimizerFields } from '../../../src-shared/schema/trainer/optimizer-fields.ts'
import type { BenchEngine, BenchJob, BenchKind } from './bench-job.ts'

/** Where a measurement computes: as runs of this machine do, or on the processor although a card would compute. */
export type BenchPlace = 'usual' | 'processor'

/** A measurement to take. */
export interface BenchStep {
  readonly place: BenchPlace
  readonly job: BenchJob
}

export interface BenchSize {
  readonly quick: boolean
  /** Images of each task in a step. */
  readonly batch: number
  /** Share of the channels of the published networks. */
  readonly width: number
}

const ENOUGH_SECONDS = { quick: 2, full: 12 }
const FULL: readonly BenchKind[] = ['co-training', 'SE core', 'evaluation']
/** More threads gain little: the engine wants cores too. */
const MOST_THREADS = 8

/** The number formats that a training can ask for, the exact one first: values of the trainer's option `precision`. */
const FORMATS: readonly string[] = optimizerFields.precision.unwrap().options

/**
 * What to measure. The quick plan has each part once, and the co-training step in every format; the full one every network in
 * every format. Where a card computes, the processor follows: the co-training step, or all.
 */
export function benchSteps(size: BenchSize, { gpu, cores }: { gpu: boolean; cores: number }): BenchStep[] {
  const kinds = (format: string): readonly BenchKind[] =>
    size.quick && format !== 'float32' ? ['co-training'] : FULL
  const networks = FORMATS.flatMap((format) => kinds(format).map((kind) => step(kind, format, size)))
  const loaders = loaderThreads(cores, size.quick).map((n) => step('loader', 'float32', size, n))
  const again = networks.filter(({ job }) => job.format !== 'tf32').slice(0, size.quick ? 1 : undefined)
  const onProcessor = again.map(({ job }) => ({ place: 'processor', job }) as const)
  return [...networks, ...loaders, ...(gpu ? onProcessor : [])]
}

/** One thread, as published; and as many as feed a fast card where there are cores for them. */
function loaderThreads(cores: number, quick: boolean): readonly number[] {
  const many = Math.min(MOST_THREADS, cores - 1)
  return quick || many < 2 ? [1] : [1, many]
}

function step(kind: BenchKind, format: string, { quick, batch, width }: BenchSize, threads = 0): BenchStep {
  const enoughSeconds = quick ? ENOUGH_SECONDS.quick : ENOUGH_SECONDS.full
  return { place: 'usual', job: { kind, format, batch, width, threads, enoughSeconds } }
}

/** Why an engine does not offer the format of a measurement; null where it does. */
export function whyNot({ place, job: { format } }: BenchStep, engine: BenchEngine): string | null {
  if (format === 'float32') return null
  if (engine.off[format] !== undefined) return `switched off on this machine: ${engine.off[format]}`
  const capability = Number(engine.card?.computeCapability ?? NaN)
  if (format === 'tf32' && !(place === 'usual' && capability >= 8))
    return 'needs an NVIDIA card of compute capability 8.0 or newer that computes'
  return engine.name === 'native' ? null : 'needs the native TensorFlow engine'
}
