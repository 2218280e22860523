import { z } from 'zod'
import type { ModelShapes } from '../../engine/model/base/shape.ts'
import { readJson } from '../../disk/read-json.ts'
import type { RunStore } from '../../store/run-store.ts'
import { AREAS } from '../../../src-shared/schema/names.ts'

const shape3 = z.object({ height: z.number(), width: z.number(), channels: z.number() })
const numbers = z.array(z.number()).optional()
const session = z.object({
  area: z.enum(AREAS),
  key: z.string(),
  stream: z.string().optional(),
  units: z.number(),
  meanResponse: numbers,
  firstBatchMean: numbers,
  behavior: z.number().optional(),
  pupil: z.number().optional(),
  matchIds: numbers,
  sourceGrid: z.object({ values: z.array(z.number()), dimensions: z.number() }).optional(),
})

const counts = z.record(z.string(), z.record(z.string(), z.number()))
const keys = z.record(z.string(), z.array(z.string()))

/** Sizes of the data: batches in one pass, and which sessions are scored and tested. */
const sizes = z.object({ train: counts, scored: keys, tested: keys })

/** What is known of data once they have been built: what a model must know, and how large they are. */
export interface DataFacts extends ModelShapes {
  readonly sizes?: z.infer<typeof sizes>
}

/** What a model must know about its data, as it is stored. */
export const storedShapes = z.object({
  inputs: z.object({ v1: shape3, v4: shape3, img_classification: shape3 }).partial(),
  sessions: z.array(session),
  classes: z.number().nullable(),
  /** Absent in files of earlier versions and with runs. */
  sizes: sizes.optional(),
})

/** Typed arrays become plain ones; NaN has no place in JSON. */
export const shapesJson = (shapes: DataFacts): string =>
  JSON.stringify(shapes, (_key, value: unknown) =>
    isTyped(value) ? Array.from(value, (v) => (Number.isFinite(v) ? v : 0)) : value,
  )

const isTyped = (value: unknown): value is ArrayLike<number> => ArrayBuffer.isView(value)

/** Shapes in a file; null where there are none that can be read. */
export function readShapes(path: string): DataFacts | null {
  try {
    return readJson(path, storedShapes) as DataFacts | null // exact optional keys: absent stays absent
  } catch {
    return null
  }
}

/** Keeps with a run what its model must know about the data, so that the model can be made without them. */
export async function keepShapes(store: RunStore, id: string, shapes: ModelShapes): Promise<void> {
  await store.disk.writeFile(store.files(id).shapes, shapesJson(shapes))
}
