import { z } from 'zod'

/** What is measured: a step of training, a pass without training, or the loader alone. */
const benchKind = z.enum(['co-training', 'SE core', 'evaluation', 'loader'])
export type BenchKind = z.infer<typeof benchKind>

/** One measurement, for a worker process of its own. */
export const benchJob = z.object({
  kind: benchKind,
  /** A value of the trainer's option `precision`. */
  format: z.string(),
  /** Images of each task in a step of training; an evaluation and a loader take four times as many at once. */
  batch: z.int().min(1),
  /** Share of the channels of the published networks. */
  width: z.number().gt(0),
  /** Threads of the loader. */
  threads: z.int().min(0),
  /** Steps that took this long together are enough. */
  enoughSeconds: z.number().gt(0),
})
export type BenchJob = z.infer<typeof benchJob>

/** Asked in place of a measurement: what would compute it. */
export const ENGINE_FACTS = 'engine'

const benchCard = z.object({
  name: z.string(),
  driver: z.string(),
  computeCapability: z.string().nullable(),
  /** One instance of it computes (MIG), of which no peak is stated. */
  isPartitioned: z.boolean(),
})

/** What computed a measurement. */
export const benchEngine = z.object({
  name: z.string(),
  reason: z.string(),
  tensorflow: z.string().nullable(),
  threads: z.number(),
  /** The card that computed; null on the processor. */
  card: benchCard.nullable(),
  gpu: z.boolean(),
  /** Why formats are switched off here by the proof of the engine, by format. */
  off: z.record(z.string(), z.string()),
  /** Why formats are no faster than float32 here, by format. */
  slow: z.record(z.string(), z.string()),
})
export type BenchEngine = z.infer<typeof benchEngine>

/** What a measurement found. */
export const benchFigures = z.object({
  engine: benchEngine,
  /** Images in each step. */
  images: z.number(),
  /** Seconds of each timed step, the shortest first. */
  seconds: z.array(z.number()).min(1),
  /** Floating-point operations of a step (a product and a sum are two), counted from the layer table; null for the loader. */
  operations: z.number().nullable(),
  /** The most memory that the process held. */
  peakBytes: z.number(),
})
export type BenchFigures = z.infer<typeof benchFigures>
