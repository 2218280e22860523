import { z } from 'zod'

/**
 * What computes: `native` is TensorFlow, `webgpu` TensorFlow.js on a graphics card of any maker, `wasm` the embedded
 * engine, `cpu` plain JavaScript.
 */
export const engineName = z.enum(['native', 'webgpu', 'wasm', 'cpu'])
export type EngineName = z.infer<typeof engineName>

/** The engines as people call them; in sentences, so that the first letter is small where a name has none. */
export const ENGINE_NAMES: Readonly<Record<EngineName, string>> = {
  native: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'embedded engine',
  cpu: 'plain JavaScript engine',
}
