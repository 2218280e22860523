import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Backend } from '../library/backend.ts'
import type { RouteAttempt } from '../library/native-info.ts'
import { selectBackend } from '../library/start-native.ts'
import type { AdapterFacts } from './open-adapter.ts'
import { proveWebgpu } from './prove-webgpu.ts'
import { startWebgpu } from './start-webgpu.ts'

let started: AdapterFacts | null = null

/**
 * Loads the WebGPU engine into this process, after its operations were proved on this adapter as the native ones are.
 * @throws CotrainError `engine-unavailable` where there is no adapter, or where it does not compute right
 */
export async function loadWebgpu(folder: string, routes: readonly RouteAttempt[]): Promise<Backend> {
  if (started === null) started = await startWebgpu()
  else await selectBackend('webgpu') // another one may have computed meanwhile
  const adapter = started
  const proof = await proveWebgpu(folder, adapter)
  if (!proof.usable)
    throw new CotrainError({
      code: 'engine-unavailable',
      path: 'COTRAIN_ENGINE',
      message: `WebGPU does not compute right on ${adapter.name}: ${proofLine(proof)}.`,
      hint: 'Use COTRAIN_ENGINE=native or wasm.',
    })
  const how = adapter.isSoftware ? ', a driver that computes on the processor' : ''
  return {
    name: 'webgpu',
    reason: `WebGPU was asked for: ${adapter.name}${how}; ${proofLine(proof)}`,
    tfVersion: '',
    gpu: !adapter.isSoftware,
    threads: 1,
    routes,
    proof,
  }
}
