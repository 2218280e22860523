import { createRequire } from 'node:module'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { DataId } from '@tensorflow/tfjs-core'
import { registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import { registerWebgpuKernels } from '../../../engine/tensor/index.ts'
import { selectBackend } from '../library/start-native.ts'
import { factsOf, openAdapter } from './open-adapter.ts'
import type { AdapterFacts } from './webgpu-record.ts'

const require = createRequire(import.meta.url)

/** Limits of an adapter that large networks need; a device has the smallest allowed ones unless it is asked for more. */
const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const

/**
 * Opens the adapter of this machine through Dawn and makes TensorFlow.js compute on it. May be called again.
 * @throws CotrainError `engine-unavailable` where there is no adapter
 */
export async function startWebgpu(): Promise<AdapterFacts> {
  const adapter = await openAdapter()
  const facts = factsOf(adapter)
  const requiredLimits = Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]]))
  const device = await adapter.requestDevice({ requiredLimits })
  const { WebGPUBackend: Backend } = require('@tensorflow/tfjs-backend-webgpu') as {
    WebGPUBackend: new (device: GPUDevice, info: GPUAdapterInfo) => WebGPUBackend
  }
  const backend = new Backend(device, adapter.info)
  failLoudly(backend, device, facts.name)
  removeBackend('webgpu') // the package registers one that asks for fewer limits
  registerBackend('webgpu', () => backend)
  registerWebgpuKernels()
  if (!(await selectBackend('webgpu')))
    throw new CotrainError({
      code: 'engine-unavailable',
      message: `TensorFlow.js does not start on ${facts.name}.`,
      hint: 'Use COTRAIN_ENGINE=native or wasm.',
    })
  return facts
}

let refusal: CotrainError | null = null

/** What the device refused since it was last asked, which is forgotten then; for the proof, which judges one operation at a time. */
export function takeRefusal(): CotrainError | null {
  const taken = refusal
  refusal = null
  return taken
}

/**
 * A program that a device refuses leaves its output as it was, and computation goes on: nothing that was computed since
 * may be believed. So the first refusal fails every reading that follows.
 */
function failLoudly(backend: WebGPUBackend, device: GPUDevice, name: string): void {
  const note = (message: string): void => {
    refusal ??= new CotrainError({
      code: 'engine-failed',
      path: name,
      message,
      hint: 'A smaller batch needs smaller buffers; COTRAIN_ENGINE=native or wasm computes on the processor.',
    })
  }
  device.addEventListener('uncapturederror', (event) => {
    note(`the device refused an operation: ${event.error.message.split('\n')[0] ?? ''}`)
  })
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') note(`the device was lost: ${message}`)
  })
  const read = backend.read.bind(backend)
  backend.read = async (dataId: DataId) => {
    const values = await read(dataId)
    if (refusal !== null) throw refusal
    return values
  }
}
