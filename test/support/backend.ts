import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { EngineName } from '../../src-shared/contract/engine-name.ts'
import type { Backend } from '../../src-main/io/native/library/backend.ts'
import { loadBackend } from '../../src-main/io/native/load-backend.ts'
import { startWebgpu } from '../../src-main/io/native/webgpu/start-webgpu.ts'
import { provisionNative } from '../../src-main/io/native/setup/provision.ts'

/** Test files run side by side; two threads each keep them from fighting over the cores. */
const THREADS = 2

/**
 * Makes a backend current for a test file (`beforeAll(() => useBackend())`). Without a name it is the one that users
 * would get: native where set-up finds one, wasm elsewhere. The native library is shared with the app, never fetched twice.
 */
export async function useBackend(name?: EngineName): Promise<Backend> {
  const wanted = name ?? process.env['COTRAIN_ENGINE']
  if (wanted === 'wasm' || wanted === 'cpu') return loadBackend({ engine: wanted, threads: THREADS })
  if (wanted === 'webgpu') return webgpuBackend()
  const info = await provisionNative()
  if (info.kind === 'none' && name !== 'native') return loadBackend({ engine: 'wasm', threads: THREADS })
  return loadBackend({ engine: 'native', threads: THREADS })
}

/** WebGPU without its proof, which takes minutes on a driver that computes on the processor. */
async function webgpuBackend(): Promise<Backend> {
  const { name, isSoftware } = await startWebgpu()
  const rest = { tfVersion: '', gpu: !isSoftware, threads: 1, routes: [], proof: null }
  return { name: 'webgpu', reason: name, ...rest }
}

/** Whether this machine has a native engine, for tests about native kernels; false only where set-up says so. */
export async function nativeAvailable(): Promise<boolean> {
  const info = await provisionNative()
  if (info.kind !== 'none') return true
  console.log(
    `skips native kernels: ${new CotrainError({ code: 'engine-unavailable', message: info.routes.map((r) => r.reason).join('; ') }).message}`,
  )
  return false
}

/** Backends that a test of operations runs on: wasm everywhere, native where set-up claims it, and then it must work. */
export const testedBackends = async (): Promise<readonly EngineName[]> =>
  (await nativeAvailable()) ? ['native', 'wasm'] : ['wasm']
