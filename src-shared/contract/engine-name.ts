import { z } from 'zod'

/**
 * What computes: `native` is TensorFlow, `webgpu` TensorFlow.js on a graphics card of any maker, `wasm` the embedded
 * engine, `cpu` plain JavaScript.
 */
export const engineName = z.enum(['native', 'webgpu', 'wasm', 'cpu'])
export type EngineName = z.infer<typeof engineName>
