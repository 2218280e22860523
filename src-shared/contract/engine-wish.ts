import { z } from 'zod'

/** Which engine a person wants set up: the best for the machine, one on a card, one on the processor, or TensorFlow.js's own download. */
export const engineWish = z.enum(['auto', 'gpu', 'cpu', 'official'])
export type EngineWish = z.infer<typeof engineWish>
