import { z } from 'zod'

/**
 * Which engine a person wants set up: the best for the machine, one on a card, one on the processor, TensorFlow.js's own
 * download, or WebGPU on whatever adapter there is.
 */
export const engineWish = z.enum(['auto', 'gpu', 'cpu', 'official', 'webgpu'])
export type EngineWish = z.infer<typeof engineWish>
