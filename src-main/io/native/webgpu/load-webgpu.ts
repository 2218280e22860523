import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { Backend } from '../library/backend.ts'
import type { RouteAttempt } from '../library/native-info.ts'
import { selectBackend } from '../library/start-native.ts'
import { proveWebgpu } from './prove-webgpu.ts'
import { startWebgpu } from './start-webgpu.ts'
import type { AdapterFacts } from './webgpu-record.ts'

let started: AdapterFacts | null = null

/**
 * Loads the WebGPU engine into this process, after its operations were proved on this adapter as the native ones are. `why` it is taken
 * goes into its reason.
 * @throws CotrainError `engine-unavailable` where there is no adapter, or where it does not compute right
 */
export async function loadWebgpu(
  folder: string,
  routes: readonly RouteAttempt[],
  why: string,
): Promise<Backend> {
  const adapter = await opened()
  const proof = await proveWebgpu(folder, adapter)
  if (!proof.usable)
    throw new CotrainError({
      code: 'engine-unavailable',
      path: 'COTRAIN_ENGINE',
      message: `WebGPU does not compute right on ${adapter.name}: ${proofLine(proof)}.`,
      hint: 'Use COTRAIN_ENGINE=native or wasm.',
    })
  const how = adapter.isSoftware ? ', a driver that computes on the processor' : ''
  const where = why.includes(adapter.name) ? how : `: ${adapter.name}${how}`
  return {
    name: 'webgpu',
    reason: `${why}${where}; ${proofLine(proof)}`,
    tfVersion: '',
    gpu: !adapter.isSoftware,
    threads: 1,
    routes,
    proof,
  }
}

/** Starts it, or makes it current again where another engine has computed meanwhile. */
async function opened(): Promise<AdapterFacts> {
  if (started === null) started = await startWebgpu()
  else await selectBackend('webgpu')
  return started
}

/** Why what is recorded of this adapter does not hold for the one that opens now; null where it does. */
export async function whyChanged(adapter: string): Promise<string | null> {
  try {
    const { name } = await opened()
    return name === adapter ? null : `it was tried on ${adapter}, and here is ${name}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
